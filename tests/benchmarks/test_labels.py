"""Sixty isolated synthetic words, spelled and as w01 ... w60: what labels without spelling cost each family.

python -m pytest -m benchmark -s tests/benchmarks/test_labels.py
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torchaudio.functional import resample

from components.contract import Clip
from components.recognisers import build
from components.speech.corpus.spoken_commands import RATE, draw_speakers, draw_utterance
from components.speech.corpus.spoken_commands_grammar import vocabulary

WORDS, SEED, HELD_OUT = 60, 7, 0.25
CODES = {
    word: f"w{place:02d}" for place, word in enumerate(sorted(vocabulary()[:WORDS], key=lambda w: w[::-1]), 1)
}
WORST = 1.1  # times the errors with their spelling


def clips_of(part, count, speakers, rng):
    order = np.concatenate([rng.permutation(WORDS) for _ in range(count // WORDS)])
    return [clip_of(part, i, speakers[i % len(speakers)], vocabulary()[order[i]]) for i in range(count)]


def clip_of(part, index, speaker, word):
    is_test = part == "test"
    rng = np.random.default_rng([SEED, index, is_test])
    source = replace(draw_utterance(speaker, (SEED, 2 * index + is_test), rng), text=word)
    samples, rate = source.read(20.0)
    samples = resample(torch.from_numpy(samples), rate, RATE).numpy()
    return Clip(f"{part}-{index:04d}", speaker.name, samples, RATE), word


@pytest.fixture(scope="module")
def corpus():
    rng = np.random.default_rng(SEED)
    speakers = draw_speakers(rng)
    held_out = round(HELD_OUT * len(speakers))
    test = clips_of("test", 600, speakers[:held_out], rng)
    return clips_of("train", 1500, speakers[held_out:], rng), test


def errors(name, train, test, written):
    """Share of wrong words of the test."""
    clips, words = zip(*train, strict=True)
    test_clips, test_words = zip(*test, strict=True)
    model = build(name).fit(list(clips), [written(word) for word in words])
    hypotheses = model.predict(list(test_clips))
    return np.mean([said != written(word) for said, word in zip(hypotheses, test_words, strict=True)])


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [300, 1500])
@pytest.mark.parametrize("family", ["modular", "end-to-end"])
def test_labels_that_are_no_spelling(corpus, family, size):
    train, test = corpus
    spelled = errors(family, train[:size], test, str)
    coded = errors(family, train[:size], test, CODES.__getitem__)
    print(f"\n| {family} | {size:,} | {100 * spelled:.1f} | {100 * coded:.1f} |")
    assert coded <= WORST * spelled
