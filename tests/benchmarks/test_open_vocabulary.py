"""Words wrong of both sides on real sentences of an open vocabulary, and what their choices cost.

    python -m pytest -m benchmark -s tests/benchmarks/test_open_vocabulary.py

speechocean762, 300 of its test sentences, one draw a size (CROSSOVER_SIZES, by default 300,1000,2500), or
another corpus with parts of its own (CROSSOVER_CORPUS), by recognisers of one's choice
(CROSSOVER_RECOGNISERS). Seconds are of the processor. Bar: tied states never
err more than phones without context by over two standard errors, and end-to-end learns to align.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from rich import print as show
from rich.table import Table

from components.recognisers import build
from components.speech.corpus import read_corpus
from components.speech.scoring import score
from components.study.choices import choices

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
SIZES = [int(size) for size in os.environ.get("CROSSOVER_SIZES", "300,1000,2500").split(",")]
CORPUS = os.environ.get("CROSSOVER_CORPUS", "speechocean762")
USUAL = "mfcc-phone-gmm-hmm,mfcc-tied-gmm-hmm,mfcc-lda-gmm-hmm,modular,mel-ctc-phonemes,end-to-end"
RECOGNISERS = os.environ.get("CROSSOVER_RECOGNISERS", USUAL).split(",")
CHANCE = 95  # % of words wrong: CTC that learned nothing but how often tokens occur errs on more
TEST_SENTENCES = 300


@pytest.fixture(scope="module")
def sentences(all_recordings):
    """{part: (clips, texts)} of the corpus, in random order."""
    corpus, rng = read_corpus(CORPUS, data=all_recordings), np.random.default_rng(0)
    rows = {
        part: rng.permutation(np.flatnonzero(np.array(corpus.parts) == part)) for part in ("train", "test")
    }
    return {
        part: ([corpus.clips[r] for r in own], [corpus.texts[r] for r in own]) for part, own in rows.items()
    }


def measured(name, size, sentences):
    """Recogniser and size -> errors of each test sentence, seconds of fit and of predict, what it chose."""
    clips, texts = sentences["train"]
    began = time.process_time()
    recogniser = build(name).fit(clips[:size], texts[:size])
    trained = time.process_time()
    clips, texts = (part[:TEST_SENTENCES] for part in sentences["test"])
    answers = recogniser.predict(clips)
    errors = np.array([score(text, answer).errors for text, answer in zip(texts, answers, strict=True)])
    chosen = ", ".join(choice.chosen for choice in choices(recogniser))
    return errors, trained - began, time.process_time() - trained, chosen


@pytest.mark.parametrize("size", SIZES)
def test_context_does_not_harm_and_choosing_is_bounded(size, sentences):
    words = sum(len(text.split()) for text in sentences["test"][1][:TEST_SENTENCES])
    table, errors = (
        Table("recogniser", "WER %", "fit s", "predict s", "chosen", title=f"{CORPUS}, {size}"),
        {},
    )
    for name in RECOGNISERS:
        errors[name], fit, predict, chosen = measured(name, size, sentences)
        rate = 100 * errors[name].sum() / words
        table.add_row(name, f"{rate:.1f}", f"{fit:.0f}", f"{predict:.0f}", chosen)
    show(table)
    assert 100 * errors.get("end-to-end", np.zeros(1)).sum() / words < CHANCE
    if {"mfcc-phone-gmm-hmm", "mfcc-tied-gmm-hmm"} <= errors.keys():
        harm = errors["mfcc-tied-gmm-hmm"] - errors["mfcc-phone-gmm-hmm"]
        assert harm.sum() <= 2 * np.sqrt(len(harm)) * harm.std()
