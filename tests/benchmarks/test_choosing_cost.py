"""What choosing costs: `modular` and `end-to-end` beside the single recipes that they choose among.

    python -m pytest -m benchmark -s tests/benchmarks/test_choosing_cost.py

Processor seconds of a fit, one thread, mean of DRAWS draws, the four taking turns, on the built-in corpus.
Bar: both families together take at most 1.6 times `mfcc-gmm-hmm` and `mel-ctc`.
"""

from __future__ import annotations

import os
import time

import pytest
import torch

from components.recognisers import build
from components.speech.dataset import open_corpus, read_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score
from components.speech.study import SpeechStudy
from components.study.choices import choices
from components.study.splits import make_folds, training_subset

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
DRAWS, MOST_TEST_CLIPS = int(os.environ.get("DRAWS", 2)), 500
SINGLE, FAMILIES = ("mfcc-gmm-hmm", "mel-ctc"), ("modular", "end-to-end")
AT_MOST = 1.6


@pytest.mark.parametrize("size", [100, 300])
def test_choosing_costs_little_more_than_one_training(size):
    torch.set_num_threads(1)
    study = SpeechStudy(corpus="spoken-commands", workers=1)
    dataset = read_dataset(study, open_corpus(study))
    fold = make_folds(dataset, SPEECH_NOUNS)[0]
    test = dataset.labelled(fold.test[:: -(-len(fold.test) // MOST_TEST_CLIPS)])
    seconds = dict.fromkeys(SINGLE + FAMILIES, 0.0)
    for draw in range(DRAWS):
        train = dataset.labelled(training_subset(dataset, SPEECH_NOUNS, fold, size, draw))
        for name in seconds:
            own, recogniser = _seconds_of_a_fit(name, dataset.facts["language"], train)
            wrong, chosen = _wrong(recogniser, test), "/".join(one.chosen for one in choices(recogniser))
            print(f"\n{size} draw {draw} {name:14s} {own:5.1f} s, {wrong:4.1f} % {chosen}", end="")
            seconds[name] += own / DRAWS
    apart, chosen = (sum(seconds[name] for name in names) for names in (SINGLE, FAMILIES))
    ratio = chosen / apart
    print(f"\n{size}:", *(f"{name} {own:.1f} s" for name, own in seconds.items()), f"ratio {ratio:.2f}")
    assert ratio <= AT_MOST


def _seconds_of_a_fit(name, language, train):
    began, recogniser = time.process_time(), build(name, language=language)
    recogniser.fit(*train)
    return time.process_time() - began, recogniser


def _wrong(recogniser, test):
    """Words wrong in %."""
    clips, texts = test
    errors = sum(score(*pair).errors for pair in zip(texts, recogniser.predict(clips), strict=True))
    return 100 * errors / sum(len(text.split()) for text in texts)
