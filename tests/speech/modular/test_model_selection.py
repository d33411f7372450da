"""Model selection on held-out training clips: a better model is chosen, chance is not."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.parts import unwrapped
from components.recognisers import build
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.inspection.ceiling.analysis import has_stages
from components.speech.modular.held_out import (
    MOST_HELD_OUT,
    MOST_TRAINING,
    Candidate,
    HeldOut,
    best_candidate,
    held_out_groups,
    held_out_limit,
    held_out_splits,
    mean_and_standard_error,
)
from components.speech.modular.model_selection import (
    ALTERED,
    COPIES,
    FRONT_END,
    MODEL,
    OF_SOURCE,
    AcousticModelSelector,
    best_model,
    source_alternatives,
)
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_phone_gmm_hmm, mfcc_phone_mlp_hmm
from components.study.fingerprint import settings
from components.study.saving import FILE, save
from tests.fsdd import DIGITS, paths_of, read


@pytest.fixture(scope="module")
def digits(recordings):
    """60 clips of four words, and what is said in them."""
    return read([path for take in (5, 6, 0) for path in paths_of(recordings, f"[1267]_*_{take}")][:60])


def of(default, alternatives):
    return AcousticModelSelector(mfcc_gmm_hmm().set_params(words__acoustic=default), alternatives)


OVERSMOOTHED = GmmHmm(
    components=1, rounds=1, variance_prior=1e6, mean_prior=1e6
)  # all states are nearly alike


def test_a_better_model_is_taken_and_a_worse_one_is_not(digits):
    better = of(OVERSMOOTHED, {"better": GmmHmm(components=2)}).fit(*digits)
    assert better.chosen_[MODEL] == "better" and better.gains_[MODEL]["better"][0] > 0
    assert better.recogniser_[-1].acoustic_.mean_prior == 1.0
    assert has_stages(unwrapped(better))  # its stages can be looked into and replaced
    worse = of(GmmHmm(components=2), {"worse": OVERSMOOTHED}).fit(*digits)
    assert worse.chosen_[MODEL] == "usual" and worse.gains_[MODEL]["worse"][0] < 0


def test_the_default_model_is_the_recogniser_s_own(digits):
    clips, texts = digits
    alone = mfcc_gmm_hmm().fit(clips, texts)
    chosen = of(None, {"the same": GmmHmm()}).fit(clips, texts)
    assert chosen.chosen_[MODEL] == "usual" and chosen.gains_[MODEL]["the same"] == (0.0, 0.0)
    assert chosen.predict(clips) == alone.predict(clips)


def test_the_front_end_that_hears_more_is_taken_with_its_model(digits):
    deaf = mfcc_gmm_hmm().set_params(mfcc__coefficients=2)
    models = {"context": TriphoneGmmHmm(GmmHmm(components=1))}
    choice = AcousticModelSelector(deaf, models, front_ends={"all coefficients": mfcc_gmm_hmm()[:-1]})
    choice.fit(*digits)
    assert choice.chosen_[FRONT_END] == "all coefficients"
    assert choice.recogniser_[0].coefficients == mfcc_gmm_hmm()[0].coefficients
    assert [made.what for made in choice.choices_] == [FRONT_END, MODEL]
    reverse = AcousticModelSelector(mfcc_gmm_hmm(), {}, front_ends={"few coefficients": deaf[:-1]})
    assert reverse.fit(*digits).chosen_[FRONT_END] == "usual"


def test_altered_copies_train_where_they_help_held_out_clips(digits):
    clips, texts = digits
    few = [row for row in range(len(clips)) if row % 3 == 0]
    few_clips, few_texts = [clips[row] for row in few], [texts[row] for row in few]
    choice = AcousticModelSelector(mfcc_gmm_hmm(), {}, augmentation=("speed", "vtlp", "noise"), most_copies=2)
    choice.fit(few_clips, few_texts)
    gain, _ = choice.gains_[COPIES][ALTERED]
    assert (choice.chosen_[COPIES] == ALTERED) == (gain > 0)
    assert choice.augmented_passes == (2 if gain > 0 else 0)
    plain = build("modular:plain").set_params(alternatives={}).fit(few_clips, few_texts)
    assert plain.gains_[COPIES] == {} and plain.augmented_passes == 0


def test_copies_of_others_are_not_copied_again(digits):
    clips, texts = digits
    choice = AcousticModelSelector(mfcc_gmm_hmm(), {}, augmentation=("noise",))
    choice.fit([*clips, *clips], [*texts, *texts], n_originals=len(clips))
    assert choice.gains_[COPIES] == {} and choice.augmented_passes == 0


def test_a_copy_of_a_held_out_clip_is_not_trained_on():
    frames, copies = (
        [np.full((9, 1), row) for row in range(40)],
        [np.full((9, 1), 100 + row) for row in range(40)],
    )
    held_out = HeldOut(mfcc_gmm_hmm()[-1], [""] * 40, [["one"]] * 40, seed=0)
    candidate = Candidate(Remembers(), frames, [copies, copies])
    for fold, (train, held) in enumerate(held_out.splits):
        trained = held_out._trained(candidate, fold)
        assert sorted(trained.heard_) == sorted([*train, *(100 + train), *(100 + train)])
        assert trained.n_originals_ == len(train) and not set(trained.heard_) & {*held, *(100 + held)}
        assert held_out._trained(candidate, fold) is trained  # not trained again


def test_models_start_from_the_alignments_of_one_that_was_trained_before(digits):
    clips, texts = digits
    frames = mfcc_gmm_hmm()[:-1].fit_transform(clips)
    said = [text.split() for text in texts]
    held_out = HeldOut(mfcc_gmm_hmm()[-1], [clip.speaker for clip in clips], said, seed=0)
    first, other = Candidate(Starts(), frames), Candidate(Starts(components=2), frames, [frames])
    assert held_out._trained(first, 0).given_ == (None, False)
    held_out.start_from(first)
    start, brief = held_out._trained(other, 1).given_
    train = held_out.splits[1][0]
    lengths = [len(path.positions) for path in start.paths.values()]
    assert brief and lengths == [len(frames[row]) for row in train] * 2
    assert not hasattr(held_out._trained(Candidate(Remembers(), frames), 0), "given_")


def test_of_one_fold_the_model_that_others_start_from_has_not_heard_what_is_held_out_and_is_one_of_them():
    frames = [np.full((9, 1), row) for row in range(900)]
    held_out = HeldOut(mfcc_gmm_hmm()[-1], [""] * 900, [["one", "two"]] * 900, seed=0)
    heard = []

    class Hears(GmmHmm):
        def fit(self, frames, *data, **known):
            heard.append({int(rows[0, 0]) for rows in frames})
            return self

        def paths(self, frames, transcripts):
            return frames

    candidate = Candidate(Hears(), frames)
    held_out.start_from(candidate)
    held_out._trained(candidate, 0)
    assert heard == [set(held_out.splits[0][0])] and len(held_out.splits) == 1


def test_a_race_ends_once_one_leads_by_two_errors_or_the_others_fell_behind(monkeypatch):
    held_out = HeldOut(mfcc_gmm_hmm()[-1], [""] * 40, [["one"]] * 40, seed=0)
    posteriors = {"usual": 0.0, "lost": -1.0, "near": 0.3, "best": 0.5}
    folds = []

    def judged(candidates, fold):
        folds.append([*candidates])
        rows = held_out.splits[fold][1].tolist()
        luck = {name: np.random.default_rng(fold).normal(0, 0.1, len(rows)) for name in candidates}
        return rows, {name: posteriors[name] + luck[name] for name in candidates}

    monkeypatch.setattr(held_out, "_posteriors", judged)
    gains = held_out.gains(dict.fromkeys(posteriors))
    assert folds == [[*posteriors]] and gains["best"][0] == pytest.approx(0.5)
    posteriors["best"] = 0.3
    folds.clear()
    held_out.gains(dict.fromkeys(posteriors))
    assert folds == [[*posteriors]] + [["usual", "near", "best"]] * 3


class Starts(GmmHmm):
    """A GmmHmm that notes what it starts from."""

    def fit(self, *data, start=None, brief=False, **known):
        self.given_ = start, brief
        return super().fit(*data, start=start, brief=brief, **known)


class Remembers(BaseEstimator):
    """An acoustic model that only notes what it is trained on."""

    learns_from_copies = True

    def fit(self, frames, transcripts, lexicon, n_originals=None):
        assert len(frames) == len(transcripts)
        self.heard_, self.n_originals_ = [int(rows[0, 0]) for rows in frames], n_originals
        return self


def test_few_clips_keep_the_default_model(digits):
    clips, texts = digits
    few = of(OVERSMOOTHED, {"better": GmmHmm()}).fit(clips[:19], texts[:19])
    assert few.chosen_[MODEL] == "usual" and not any(few.gains_.values())


def test_a_second_fit_forgets_the_first_and_the_settings_stay(digits):
    clips, texts = digits
    model = of(OVERSMOOTHED, {"better": GmmHmm(components=2)}).fit(clips, texts)
    model.fit(clips[:19], texts[:19])
    assert model.chosen_[MODEL] == "usual" and model.recogniser[-1].acoustic is not None
    assert model.recogniser[-1].acoustic.mean_prior == 1e6


def test_silent_and_too_short_clips_raise_no_error(digits):
    clips, texts = digits
    silent = [Clip(f"{n}", "x", np.zeros(4000, np.float32), 8000) for n in range(4)]
    short = [Clip(f"s{n}", "x", np.ones(400, np.float32), 8000) for n in range(4)]
    model = of(GmmHmm(components=1), {"context": TriphoneGmmHmm(GmmHmm(components=1))})
    model.fit([*clips, *silent, *short], [*texts, *["one", ""] * 2, *["six"] * 4])
    assert set(model.predict([*clips[:5], *silent, *short])) <= {"", *DIGITS}


@pytest.mark.parametrize("speakers", [3, 5, 12])
def test_speakers_are_held_out_whole_and_two_are_not(speakers):
    groups = held_out_groups([f"speaker {row % speakers}" for row in range(120)])
    for to_teach, held in held_out_splits(groups, 120, 0):
        assert not set(groups[to_teach]) & set(groups[held])
    assert len(set(held_out_groups(["ann", "bob"] * 30))) == 60


def test_clips_are_held_out_one_by_one_where_somebody_is_unknown_or_says_most_of_them():
    unknown, dominated = ["ann", "bob", "cleo", ""] * 10, ["ann"] * 30 + ["bob", "cleo", "dan"] * 4
    for speakers in (unknown, dominated):
        assert len(set(held_out_groups(speakers))) == len(speakers)
    assert len(set(held_out_groups(["ann"] * 20 + ["bob", "cleo"] * 10))) == 3


def test_of_few_speakers_each_is_held_out_however_many_clips_there_are():
    splits = held_out_splits(np.arange(4000) % 4, 4000, 1)
    assert sorted(speaker for _, held in splits for speaker in set(held % 4)) == [0, 1, 2, 3]
    assert all(len(to_teach) == MOST_TRAINING and len(held) == MOST_HELD_OUT for to_teach, held in splits)
    assert held_out_limit(splits, 4000) == "1,000 utterances learned from and 300 held out, of 4,000"
    assert held_out_limit(held_out_splits(np.arange(400) % 4, 400, 1), 400) == ""


def test_of_few_words_all_are_held_out_in_turn_and_of_sentences_a_half():
    groups = np.arange(100)
    assert [len(held_out_splits(groups, words, 1)) for words in (100, 300, 500, 1500)] == [4, 4, 2, 1]
    assert all(len(held) == 25 for words in (100, 500) for _, held in held_out_splits(groups, words, 1))


def test_of_many_clips_some_are_held_out_once():
    ((to_teach, held),) = held_out_splits(np.arange(5000) // 20, 5000, 1)
    assert len(to_teach) == MOST_TRAINING and len(held) <= MOST_HELD_OUT
    ((again, _),) = held_out_splits(np.arange(5000) // 20, 5000, 1)
    assert (to_teach == again).all()


def test_a_gain_within_its_standard_error_changes_nothing_but_where_all_are_equally_simple():
    assert best_candidate({"usual": (0.0, 0.0), "a": (0.3, 0.25), "b": (0.1, 0.01)}, 1.0) == "b"
    assert best_candidate({"usual": (0.0, 0.0), "a": (0.3, 0.31)}, 1.0) == "usual"
    assert best_candidate({"usual": (0.0, 0.0), "a": (0.3, 0.31)}, 0.0) == "a"
    assert best_candidate({"usual": (0.0, 0.0), "a": (-0.1, 0.01)}, 0.0) == "usual"
    assert best_candidate({}, 1.0) == "usual"


def test_clips_of_one_speaker_do_not_count_as_independent():
    gains = np.repeat([1.0, -1.0], 50) + 0.5
    _, apart = mean_and_standard_error(gains, np.arange(100))
    mean, together = mean_and_standard_error(gains, np.repeat([0, 1], 50))
    assert mean == 0.5 and together == pytest.approx(np.sqrt(50) * apart)


def test_it_asks_for_a_recogniser_with_an_acoustic_model():
    for wrong, came in ((None, "NoneType"), (GmmHmm(), "GmmHmm"), (Pipeline([("a", GmmHmm())]), "Pipeline")):
        with pytest.raises(ValueError) as error:
            AcousticModelSelector(wrong).fit([], [])
        assert str(error.value) == (
            f"AcousticModelSelector expected a Pipeline that ends with a PhoneRecogniser, got {came}; give "
            "it one: AcousticModelSelector(mfcc_gmm_hmm())."
        )


def test_what_was_learned_on_a_source_can_be_chosen_and_is_known_by_its_content(tmp_path, people):
    (clips, texts), (others, other_texts) = people
    save(mfcc_phone_mlp_hmm().fit(others, other_texts), tmp_path)
    source = str(tmp_path / FILE)
    selector = AcousticModelSelector(mfcc_phone_gmm_hmm(), alternatives={}, source=source)
    selector.fit(clips[:40], texts[:40])
    assert list(selector.gains_[MODEL]) == [*source_alternatives(source), "usual"]
    assert selector.chosen_[MODEL] in source_alternatives(source)  # trained on 60 clips of the same voices
    few = clone(selector).fit(clips[:10], texts[:10])
    assert few.chosen_[MODEL] == OF_SOURCE and few.gains_[MODEL] == {}  # too few to compare models on
    assert few.recogniser_[-1].acoustic.source == source
    assert selector.choices_[0].compared.keys() == selector.gains_[MODEL].keys()
    assert "recogniser.skops" in settings(selector)["source"]


def test_ties_go_to_the_phones_of_the_source():
    models = {OF_SOURCE: GmmHmm(), "usual": GmmHmm(), "whole words": GmmHmm()}
    gains = {OF_SOURCE: (0.0, 0.0), "usual": (0.3, 0.2), "whole words": (-1.0, 0.1)}
    assert best_model(gains, models) == OF_SOURCE
    assert best_model({**gains, "usual": (0.5, 0.2)}, models) == "usual"
    assert best_model({}, models) == OF_SOURCE
    assert best_model({"usual": (0.0, 0.0), "whole words": (0.3, 0.2)}, {"usual": GmmHmm()}) == "whole words"


def test_one_that_was_saved_when_acoustic_models_alone_were_chosen_still_answers(digits):
    clips, texts = digits
    now = of(GmmHmm(components=2), {"worse": OVERSMOOTHED}).fit(clips, texts)
    later = ("front_ends", "augmentation", "most_copies")  # and copies_
    state = {name: value for name, value in now.__getstate__().items() if name not in (*later, "copies_")}
    before = AcousticModelSelector.__new__(AcousticModelSelector)
    before.__setstate__({**state, "chosen_": "usual", "gains_": now.gains_[MODEL], "choices_": []})
    assert before.choices_ == now.choices_ and before.get_params(deep=False).keys() >= set(later)
    assert before.predict(clips[:5]) == now.predict(clips[:5]) and before.augmented_passes == 0
