"""How far confidences can be believed, before and after calibration, on test recordings.

    python -m pytest -m benchmark -s tests/benchmarks/test_confidence.py

Three figures of the words that were heard: expected calibration error (10 bins; 0 is best), NIST's normalised
cross entropy (1 is best, 0 is to give every word the share of right words), and the area under the ROC curve
of right against wrong words. Before: the search's own scale, temperature 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from components.neural.recogniser import CtcRecogniser
from components.recognisers import build
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.decoding.confidence import HIGHEST_CONFIDENCE, correct_words
from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import make_folds, training_subset

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

COMMANDS = "speech-commands:zero,one,two,three,four,five"
STUDIES = [
    ("fsdd", "declared", 100),
    ("fsdd", "leave-one-speaker-out", 100),
    ("strings:fsdd", "auto", 100),
    (COMMANDS, "auto", 300),
    ("spoken-commands", "auto", 300),
]
MOST_TESTED = 300
MOST_WRONG = 0.15  # expected calibration error
FEWEST_WRONG = 5  # of fewer words one alone decides which cross entropy is the better
CHANCE = 0.03  # of errors and areas of 300 words


def heard_votes(recogniser, clips):
    """Clips -> the votes on the words of each."""
    if not isinstance(recogniser, CtcRecogniser):
        return [recogniser[-1].votes(frames) for frames in recogniser[:-1].transform(clips)]
    return [recogniser.text_decoder.votes(output) for output in recogniser.outputs(clips)]


def calibration_error(sure, right):
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = np.bincount(bins, sure, 10) - np.bincount(bins, right, 10)
    return np.abs(gaps).sum() / len(sure)


def normalised_cross_entropy(sure, right):
    """Siu, Gish and Richardson (1997); as NIST's sclite counts it."""
    share = right.mean()
    unknown = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    sure = np.clip(sure, 1 - HIGHEST_CONFIDENCE, HIGHEST_CONFIDENCE)
    return 1 + np.log(np.where(right, sure, 1 - sure)).mean() / unknown


def figures(sure, right):
    area = roc_auc_score(right, sure)
    return calibration_error(sure, right), normalised_cross_entropy(sure, right), area


@pytest.mark.parametrize("name", ["mfcc-gmm-hmm", "mel-ctc"])
@pytest.mark.parametrize(("corpus_name", "split", "size"), STUDIES)
def test_calibrated_confidences_are_nearer_the_truth(name, corpus_name, split, size, all_recordings):
    corpus = read_corpus(corpus_name, data=all_recordings)
    fold = make_folds(speech_dataset(corpus), SPEECH_NOUNS, split)[0]
    train = training_subset(speech_dataset(corpus), SPEECH_NOUNS, fold, size, 0)
    test = np.random.default_rng(1).permutation(fold.test)[:MOST_TESTED]
    recogniser = build(name, seed=0, device="cpu")
    with threadpool_limits(1):
        recogniser.fit([corpus.clips[i] for i in train], [corpus.texts[i] for i in train])
        votes = heard_votes(recogniser, [corpus.clips[i] for i in test])
    sureness = getattr(recogniser, "confidence_", None) or recogniser[-1].confidence_
    said = [corpus.texts[i] for i in test]
    right = np.concatenate([correct_words(text, one.words) for text, one in zip(said, votes, strict=True)])
    before = figures(np.concatenate([one.posteriors() for one in votes]), right)
    after = figures(np.concatenate([sureness.confidences(one) for one in votes]), right)
    row = [name, corpus_name, split, size, len(right), f"{100 * right.mean():.1f}"]
    row += [f"{sureness.temperature_:.1f}"]
    row += [f"{old:.3f} -> {new:.3f}" for old, new in zip(before, after, strict=True)]
    Console().print("| " + " | ".join(map(str, row)) + " |", soft_wrap=True)
    assert after[0] < before[0] + CHANCE and after[2] > before[2] - CHANCE
    if (~right).sum() >= FEWEST_WRONG:
        assert after[1] > before[1]
    if split != "leave-one-speaker-out":  # nothing in training is as strange as the tested voice
        assert after[0] < MOST_WRONG
