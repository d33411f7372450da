"""Scores of clips and their transcripts -> posteriors of the transcripts among competing ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import logsumexp

from components.speech.decoding.alignment import path_log_likelihoods

MOST_COMPETITORS = 9
LOG_POSTERIOR_GAIN = "gain in log posterior of held-out transcripts"  # the measure that models are chosen by
# weights of log-likelihoods, which are too sharp as the frames of a sound are not independent
ACOUSTIC_SCALES = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8)


def competing_transcripts(
    words: Sequence[str], vocabulary: Sequence[str], rng: np.random.Generator
) -> list[list[str]]:
    """Transcript -> at most MOST_COMPETITORS transcripts that differ from it in one word."""
    places = [(place, word) for place, own in enumerate(words) for word in vocabulary if word != own]
    drawn = rng.permutation(len(places))[:MOST_COMPETITORS]
    return [
        [*words[:place], word, *words[place + 1 :]] for place, word in (places[row] for row in sorted(drawn))
    ]


def hypotheses_of(transcripts: Sequence[Sequence[str]], seed: int) -> list[list[Sequence[str]]]:
    """Transcripts -> each, and its competing_transcripts of the words of all. seed: draws them."""
    rng = np.random.default_rng(seed)
    vocabulary = sorted({word for words in transcripts for word in words})
    return [[words, *competing_transcripts(words, vocabulary, rng)] for words in transcripts]


def chance_posteriors(hypotheses: Sequence[Sequence[Sequence[str]]]) -> np.ndarray:
    """Hypotheses of each clip -> the log posterior (clips,) of the first where all are equally likely."""
    return -np.log([len(own) for own in hypotheses])


def log_posteriors(
    model: Any, scores: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], seed: int
) -> np.ndarray:
    """Log-likelihoods (frames, states) of clips and their transcripts -> log posteriors float64 (clips,).

    The posterior of a transcript among itself and its competing_transcripts, under equal priors, at the one
    of ACOUSTIC_SCALES that makes all transcripts likeliest. Competitors longer than a clip are left out; a
    transcript that is itself longer is as likely as each of them.
    model: has `alignment_graph` and `stay_`. seed: draws the competitors.
    Source: a discriminative criterion as in maximum mutual information training (Bahl et al., 1986).
    """
    hypotheses = hypotheses_of(transcripts, seed)
    posteriors, rows, graphs = chance_posteriors(hypotheses), [], []
    for row, (own, *others) in enumerate(map(model.alignment_graph, some) for some in hypotheses):
        if own.shortest <= len(scores[row]):
            fitting = [own, *(graph for graph in others if graph.shortest <= len(scores[row]))]
            rows += [row] * len(fitting)
            graphs += fitting
    if not rows:
        return posteriors
    log_likelihoods = path_log_likelihoods([scores[row] for row in rows], graphs, model.stay_).astype(float)
    judged, own, place = np.unique(rows, return_index=True, return_inverse=True)
    table = np.full((len(judged), 1 + MOST_COMPETITORS), -np.inf)  # (clips, hypotheses), the clip's own first
    table[place, np.arange(len(rows)) - own[place]] = log_likelihoods
    by_scale = [scale * table[:, 0] - logsumexp(scale * table, axis=1) for scale in ACOUSTIC_SCALES]
    posteriors[judged] = max(by_scale, key=np.sum)
    return posteriors
