"""Clips and what was said in them -> how well an acoustic model tells it from the like."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import logsumexp

from components.speech.decoding.alignment import viterbi_alignments

MOST_COMPETITORS = 9
SCALES = (
    0.025,
    0.05,
    0.1,
    0.2,
    0.4,
    0.8,
)  # of log-likelihoods, since frames repeat one another


def competing_transcripts(
    words: Sequence[str], vocabulary: Sequence[str], chance: np.random.Generator
) -> list[list[str]]:
    """Words said -> at most MOST_COMPETITORS transcripts that differ in one word."""
    places = [(place, word) for place, said in enumerate(words) for word in vocabulary if word != said]
    drawn = chance.permutation(len(places))[:MOST_COMPETITORS]
    return [
        [*words[:place], word, *words[place + 1 :]] for place, word in (places[row] for row in sorted(drawn))
    ]


def log_posteriors(
    model: Any, scores: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], seed: int
) -> np.ndarray:
    """Scores (frames, states) of clips and their transcripts -> log probability (clips,) of each transcript.

    Against rivals that differ in one word, each as likely beforehand, at the scale of the log-likelihoods
    that suits these clips best. Rivals too long for a clip are not asked. model: gives `chain` and `stay_`.
    seed: draws the rivals.
    """
    chance = np.random.default_rng(seed)
    vocabulary = sorted({word for words in transcripts for word in words})
    rows, chains = [], []
    for row, words in enumerate(transcripts):
        for asked in [list(words), *competing_transcripts(words, vocabulary, chance)]:
            chain = model.chain(asked)
            if asked == list(words) or chain.shortest <= len(scores[row]):
                rows.append(row)
                chains.append(chain)
    found = viterbi_alignments([scores[row] for row in rows], chains, model.stay_)
    found = np.array([alignment.log_likelihood for alignment in found])
    ends = np.searchsorted(rows, np.arange(len(transcripts) + 1))
    own = [found[first:last] for first, last in pairwise(ends)]
    by_scale = [[scale * each[0] - logsumexp(scale * each) for each in own] for scale in SCALES]
    return np.array(max(by_scale, key=sum))
