"""`modular` kept pronunciations that no clip is long enough for, or failed on them, and one speaker decided.

A held-out clip counted only where every candidate could align it, and the gain of one speaker had no error.
"""

import numpy as np

from components.recognisers import build
from components.speech.acoustic.competitors import log_posteriors
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.modular.held_out import best_candidate, mean_and_standard_error
from tests.fsdd import train_and_test


def test_the_error_of_one_speaker_is_not_known():
    gains = np.array([-0.2, -0.1, -0.3])
    mean, error = mean_and_standard_error(gains, np.zeros(3, int))
    assert (round(mean, 6), error) == (-0.2, np.inf)
    assert 0 < mean_and_standard_error(gains, np.array([0, 0, 1]))[1] < np.inf
    assert best_candidate({"usual": (0.0, np.inf), "a": (0.1, np.inf)}, 0.0) == "a"
    assert best_candidate({"usual": (0.0, np.inf), "a": (0.1, np.inf)}, 1.0) == "usual"


def test_a_transcript_longer_than_its_clip_is_as_likely_as_any():
    rows = np.random.default_rng(0).standard_normal((400, 3)).astype(np.float32)
    lexicon = {"a": [("AA",)], "long": [("L",) * 60]}
    model = GmmHmm(components=1).fit([rows, rows[:40]], [["long"], ["a"]], lexicon)
    scores = [model.log_likelihoods(own) for own in (rows[:40], rows[:40])]
    chance, likely = log_posteriors(model, scores, [["long"], ["a"]], 0)
    assert chance == -np.log(2) and likely == 0


def test_labels_longer_than_their_clips_are_learned_as_whole_words(recordings):
    train, (clips, texts) = train_and_test(recordings)
    label = "please call the number {} and tell them".format
    model = build("modular:plain").fit(train[0], [*map(label, train[1])])
    wrong = np.mean([label(text) != said for text, said in zip(texts, model.predict(clips), strict=True)])
    assert wrong < 0.3, (wrong, model.chosen_)
