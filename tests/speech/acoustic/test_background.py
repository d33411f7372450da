"""States adapted from a background model: frames without texts give them Gaussians, their own move these."""

import numpy as np

from components.laws.examples import LEXICON, frames, labelled
from components.recognisers import build
from components.speech.acoustic.background import BackgroundGmmHmm, as_every_state, background_model
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.modular.recipes import mfcc_ubm_gmm_hmm

TRANSCRIPTS = [[text] for text in labelled()[1]]


def test_with_a_heavy_prior_every_state_is_the_background_model_and_with_a_light_one_its_own_frames():
    background = background_model(frames(), 8, seed=0)
    heavy = BackgroundGmmHmm(components=8, prior_frames=1e9).fit(frames(), TRANSCRIPTS, LEXICON)
    np.testing.assert_allclose(heavy.mixtures_.of_state(2)[1], background.means_, atol=1e-3)
    joined = np.concatenate(frames())
    light = BackgroundGmmHmm(components=8, prior_frames=1e-2).fit(frames(), TRANSCRIPTS, LEXICON)
    best = [model.log_likelihoods(joined).max(axis=1).mean() for model in (heavy, light)]
    assert best[1] > best[0] + 3


def test_every_state_begins_with_the_same_likelihood_as_the_background_model():
    background = background_model(frames(), 8, seed=0)
    own = GmmHmm().fit(frames(), TRANSCRIPTS, LEXICON).mixtures_
    prior = as_every_state(background, own)
    likelihoods = prior.log_likelihoods(frames()[0])
    expected = background.score_samples(frames()[0].astype(float))
    assert likelihoods.shape == (len(frames()[0]), len(own.frames_))
    np.testing.assert_allclose(likelihoods, np.tile(expected[:, None], likelihoods.shape[1]), atol=0.05)


def test_frames_without_texts_are_among_those_of_the_background_model():
    far = [rows + 30 for rows in frames()[:6]]
    alone, more = (
        BackgroundGmmHmm(components=8).fit(frames(), TRANSCRIPTS, LEXICON, unlabelled=unlabelled)
        for unlabelled in ([], far)
    )
    middle = np.concatenate(far).mean(axis=0)
    nearest = [np.abs(model.mixtures_.means_ - middle).mean(axis=1).min() for model in (alone, more)]
    assert nearest[1] < nearest[0] / 2


def test_the_recogniser_learns_from_clips_without_texts_also_when_it_is_augmented():
    clips, texts = labelled()
    for made in (mfcc_ubm_gmm_hmm(), build("mfcc-ubm-gmm-hmm:noise")):
        trained = made.fit(clips[:12], texts[:12], unlabelled=clips[12:])
        assert trained.predict(clips) == texts
