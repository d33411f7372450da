"""Phones of another corpus adapted by MAP: little data leaves them, much data takes their place."""

from pathlib import Path

import numpy as np
import pytest

from components.laws.examples import frames as example_frames
from components.laws.examples import labelled
from components.speech.acoustic.adapted import AdaptedGmmHmm, adapt, read_phone_model, with_phones
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_phone_gmm_hmm
from components.study.saving import FILE, load, save

LEXICON = {"one": [("w", "ah", "n")], "two": [("t", "uw")], "thaw": [("th", "aw")]}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    save(mfcc_phone_gmm_hmm().fit(*labelled(48)), folder)
    return str(folder / FILE)


def clips_of(source, count=24):
    """Frames of clips as the source's stages make them, and their transcripts."""
    clips, texts = labelled(count)
    pipeline = load(Path(source).parent)
    return pipeline[:-1].transform(clips), [[text] for text in texts], pipeline[-1].lexicon_


def test_with_a_heavy_prior_it_is_the_source_and_with_a_light_one_the_clips_own(source):
    frames, transcripts, lexicon = clips_of(source)
    old = read_phone_model(source).mixtures_
    heavy = AdaptedGmmHmm(source, prior_frames=1e9).fit(frames, transcripts, lexicon).mixtures_
    np.testing.assert_allclose(heavy.means_, old.means_, atol=1e-4)
    np.testing.assert_allclose(heavy.variances_, old.variances_, rtol=1e-3)
    shifted = [rows + 3 for rows in frames]
    light = AdaptedGmmHmm(source, prior_frames=1e-3).fit(shifted, transcripts, lexicon).mixtures_
    fit = [mixtures.log_likelihoods(np.concatenate(shifted)).max(axis=1).mean() for mixtures in (old, light)]
    own = [old.log_likelihoods(np.concatenate(frames)).max(axis=1).mean(), fit[1]]
    assert fit[1] > fit[0] + 50 and own[1] > own[0] - 10


def test_a_gaussian_moves_by_the_share_of_its_frames():
    model = GmmHmm(components=1, own_vocabulary=0)
    rows = np.random.default_rng(0).standard_normal((400, 3)).astype(np.float32)
    model.fit([rows[:200], rows[200:]], [["two"], ["two"]], LEXICON)
    old = model.mixtures_
    frames = np.full((30, 3), 10.0, np.float32)
    halves, states = [frames[:10], frames[10:]], [np.full(10, 2), np.full(20, 2)]
    new = adapt(old, old, halves, states, prior_frames=60.0)
    np.testing.assert_allclose(new.means_[2], (2 * old.means_[2] + 10) / 3, rtol=1e-6)
    np.testing.assert_allclose(np.delete(new.means_, 2, axis=0), np.delete(old.means_, 2, axis=0))
    assert (new.variances_ > 0).all()
    np.testing.assert_allclose(new.weights_, old.weights_)


def test_a_phone_that_the_source_lacks_begins_as_the_mean_of_all(source):
    model = read_phone_model(source)
    wider = with_phones(model, ["aw", "zh"])
    first = len(model.stay_)
    assert wider.states_["aw"] == [first, first + 1, first + 2] and len(wider.stay_) == first + 6
    assert wider.mixtures_.log_likelihoods(example_like(model)).shape == (5, first + 6)
    assert len(model.stay_) == first  # the source itself is as it was
    frames, transcripts, lexicon = clips_of(source)
    texts = [["thaw"] if words == ["three"] else words for words in transcripts]
    adapted = AdaptedGmmHmm(source).fit(frames, texts, {**lexicon, "thaw": [("TH", "AW")]})
    assert "AW" in adapted.new_phones_ and np.isfinite(adapted.log_likelihoods(frames[0])).all()


def example_like(model):
    return np.zeros((5, len(model.mixtures_.centre_)), np.float32)


def test_a_recogniser_of_adapted_phones_recognises_and_is_saved(source, tmp_path):
    clips, texts = labelled(12)
    recogniser = mfcc_gmm_hmm().set_params(words__acoustic=AdaptedGmmHmm(source)).fit(clips, texts)
    assert recogniser.predict(clips) == texts
    save(recogniser, tmp_path)
    assert load(tmp_path).predict(clips) == texts


def test_what_is_no_such_source_is_refused_with_the_way_out(source, tmp_path):
    frames, transcripts, lexicon = clips_of(source, 6)
    with pytest.raises(ValueError, match="AdaptedGmmHmm expected a source to start from, got none"):
        AdaptedGmmHmm().fit(frames, transcripts, lexicon)
    with pytest.raises(ValueError, match=r"expected a trained recogniser in .*none.*; correct its path"):
        AdaptedGmmHmm(str(tmp_path / "none" / FILE)).fit(frames, transcripts, lexicon)
    save(mfcc_gmm_hmm().set_params(words__acoustic=GmmHmm(least_times=1)).fit(*labelled()), tmp_path)
    with pytest.raises(ValueError, match=r"phones that words share.*train mfcc-phone-gmm-hmm"):
        AdaptedGmmHmm(str(tmp_path / FILE)).fit(frames, transcripts, lexicon)
    with pytest.raises(ValueError, match=r"frames of the 39 dimensions that its source heard, got 26"):
        AdaptedGmmHmm(source).fit(example_frames(6), transcripts[:6], lexicon)
