"""A recogniser taught altered copies: what it is taught, and that nothing else changes."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from components.clip import Attested, Clip
from components.parts import stateless_stages
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.augmentation.augmented import Augmented, copies_for
from components.speech.augmentation.policy import KINDS, augmented_passes
from components.speech.features.mfcc import Mfcc
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_svm
from components.study.saving import load, save


def chord(name, pitch, seconds=0.5):
    rng = np.random.default_rng(pitch)
    time = np.arange(int(8000 * seconds)) / 8000
    samples = 0.2 * np.sin(2 * np.pi * pitch * time) * (time > 0.1) + 0.01 * rng.standard_normal(len(time))
    samples = samples.astype(np.float32)
    return Clip(name, "ann", samples, 8000, attested=Attested(name, samples))


def spoken(count=12):
    pitches = {"yes": 300, "no": 900, "stop": 1700}
    rows = [
        (word, chord(f"{word}{row}", pitch + row))
        for row in range(count // 3)
        for word, pitch in pitches.items()
    ]
    return [clip for _, clip in rows], [word for word, _ in rows]


class Listener(BaseEstimator):
    """Clips and texts -> a memory of them."""

    learns_from_copies = True

    def fit(self, clips, texts, n_originals=None):
        self.clips_, self.texts_, self.originals_ = clips, texts, n_originals
        return self

    def predict(self, clips):
        return [""] * len(clips)


def test_clips_come_first_and_then_so_many_altered_copies_with_their_texts():
    clips, texts = spoken()
    heard = Augmented(Listener(), copies=2).fit(clips, texts).recogniser_
    assert heard.clips_[:12] == clips and heard.texts_ == texts * 3 and heard.originals_ == 12
    for row, copy in enumerate(heard.clips_[12:]):
        assert copy.name == clips[row % 12].name and copy.attested is None
        assert copy.samples.shape != clips[row % 12].samples.shape
    lengths = [len(copy.samples) for copy in heard.clips_[12:]]
    assert len(set(lengths)) > 12 and 4000 / 1.1 <= min(lengths) < max(lengths) <= 4000 / 0.9 + 1


def test_each_way_of_altering_is_switched_by_itself():
    clips, _ = spoken()
    for way in ((), *((kind,) for kind in KINDS)):
        altered = Augmented(augmentation=way).altered(clips, np.random.default_rng(0))
        same = all(
            np.array_equal(one.samples, other.samples) for one, other in zip(altered, clips, strict=True)
        )
        assert same == (not way)


def test_a_clip_of_hardly_a_frame_has_copies_that_can_be_heard():
    clips, texts = spoken()
    clips[0] = chord("click", 300, 0.025)
    heard = Augmented(Listener(), copies=4).fit(clips, texts).recogniser_.clips_
    assert all(len(frames) for frames in Mfcc().fit_transform(heard))


@pytest.mark.parametrize("off", [{"copies": 0}, {"augmentation": ()}])
def test_no_copies_is_no_wrapper(off):
    clips, texts = spoken()
    alone = mfcc_gmm_hmm(seed=1).fit(clips, texts)
    outer = Augmented(mfcc_gmm_hmm(seed=1), **off).fit(clips, texts)
    wrapped = outer.recogniser_
    assert augmented_passes(outer) == augmented_passes(alone) == 0
    np.testing.assert_array_equal(
        alone[-1].acoustic_.mixtures_.means_, wrapped[-1].acoustic_.mixtures_.means_
    )
    assert wrapped.predict(clips) == alone.predict(clips)


def test_the_same_seed_teaches_the_same_and_another_does_not():
    clips, texts = spoken()
    one, same, other = (
        Augmented(Listener(), copies=1, seed=seed).fit(clips, texts).recogniser_.clips_ for seed in (1, 1, 2)
    )
    for a, b, c in zip(one[12:], same[12:], other[12:], strict=True):
        np.testing.assert_array_equal(a.samples, b.samples)
        assert not np.array_equal(a.samples, c.samples)


def test_a_kind_nobody_knows_gets_the_nearest_one():
    with pytest.raises(ValueError) as error:
        Augmented(mfcc_gmm_hmm(), ["sped"]).fit(*spoken())
    assert str(error.value) == (
        "unknown augmentation 'sped'; did you mean 'speed'? known: speed, vtlp, noise, gain, masking, room."
    )


def test_strength_widens_every_range():
    clips, _ = spoken()
    for kind, strange in (("speed", lambda c: c.samples.shape), ("gain", lambda c: float(c.samples.std()))):
        spreads = []
        for strength in (0.2, 2.0):
            copies = Augmented(augmentation=[kind], strength=strength).altered(
                clips, np.random.default_rng(0)
            )
            values = [
                np.ravel(strange(a))[0] / np.ravel(strange(b))[0] for a, b in zip(copies, clips, strict=True)
            ]
            spreads.append(np.std(values))
        assert spreads[1] > 4 * spreads[0]


def test_a_recogniser_that_is_not_told_of_copies_is_taught_as_well():
    clips, texts = spoken()
    assert Augmented(mfcc_svm(), copies=1).fit(clips, texts).predict(clips) == texts


def test_saved_without_pickle_it_answers_the_same_alone_and_in_a_crowd(tmp_path):
    clips, texts = spoken()
    taught = Augmented(mfcc_gmm_hmm(), copies=1).fit(clips, texts)
    together = taught.predict(clips)
    assert together == texts and [taught.predict([clip])[0] for clip in clips[:3]] == texts[:3]
    save(taught, tmp_path)
    assert load(tmp_path).predict(clips) == together


def test_the_fewer_the_clips_the_more_the_copies():
    counts = (1, 20, 100, 300, 1000, 2000, 10000)
    assert [copies_for(clips, 0.4 * clips) for clips in counts] == [4, 4, 4, 4, 4, 2, 0]
    assert [copies_for(clips, 0.4 * clips, most=2) for clips in counts] == [2, 2, 2, 2, 2, 2, 0]
    assert [copies_for(clips, 5.0 * clips) for clips in counts] == [4, 4, 4, 3, 0, 0, 0]  # sentences
    clips, texts = spoken()
    assert Augmented(Listener()).fit(clips, texts).copies_ == 4


def test_copies_do_not_count_as_what_people_say():
    clips, texts = spoken()
    joined = [Clip(a.name, "", np.concatenate([a.samples, b.samples]), 8000) for a, b in pairwise(clips)]
    said = [f"{a} {b}" for a, b in pairwise(texts)]
    alone = mfcc_gmm_hmm().fit(joined, said)[-1]
    taught = Augmented(mfcc_gmm_hmm(), copies=2).fit(joined, said).recogniser_[-1]
    assert taught.language_model_.order_ == alone.language_model_.order_
    assert taught.acoustic_.spellings_ == alone.acoustic_.spellings_


@pytest.mark.parametrize("model", [GmmHmm(least_times=5), LdaMlltGmmHmm(GmmHmm(least_times=5), dims=5)])
def test_a_word_said_seldom_gets_no_units_of_its_own_by_being_copied(model):
    clips, texts = spoken()
    taught = Augmented(mfcc_gmm_hmm().set_params(words__acoustic=model), copies=3).fit(clips, texts)
    assert not any("@" in unit for unit in taught.recogniser_[-1].acoustic_.states_)


def test_features_of_the_clips_themselves_are_still_shared():
    assert [type(stage) for stage in stateless_stages(Augmented(mfcc_gmm_hmm()))] == [Mfcc]


def test_without_a_recogniser_it_says_what_it_wants():
    with pytest.raises(ValueError) as error:
        Augmented().fit(*spoken())
    assert str(error.value) == (
        "Augmented expected a recogniser to train, got None; give it one: Augmented(mfcc_gmm_hmm())."
    )


def test_a_clip_that_is_not_finite_is_named_before_it_is_altered():
    bad = Clip("bad clip", "", np.full(4000, np.nan, np.float32), 8000)
    with pytest.raises(ValueError) as error:
        Augmented(mfcc_gmm_hmm()).fit([bad], ["yes"])
    assert str(error.value) == (
        "Augmented cannot use clip 'bad clip': expected finite samples, got 4000 that are not; "
        "record or convert it again."
    )
