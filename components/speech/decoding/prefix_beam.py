"""CTC log-probabilities -> the likeliest token sequences, by prefix beam search."""

from __future__ import annotations

from collections import defaultdict
from math import exp, inf, log1p

import numpy as np

BEAM, LEAST = 16, -9.0  # prefixes kept from row to row; log-probability below which a token is pruned

BLANK_END, TOKEN_END = 0, 1  # log-probabilities of a prefix that ends with a blank, with its last token

Scored = tuple[tuple[int, ...], float]  # tokens and their log-probability


def prefix_beam_search(
    log_probabilities: np.ndarray, beam: int = BEAM, least: float = LEAST, blank: int = 0
) -> list[Scored]:
    """Natural log-probabilities (rows, 1 + tokens) -> at most `beam` token sequences and their natural
    log-probabilities, the likeliest first.

    The probability of a sequence is summed over all its alignments, of which the greedy path is one. least:
    tokens less likely than this in a row are not tried in it, unless none is likelier.
    Raises ValueError for a beam below 1. Source: Hannun et al. (2014), First-pass large vocabulary continuous
    speech recognition using bi-directional recurrent DNNs.
    """
    if beam < 1:
        raise ValueError(f"prefix beam search expected a beam of at least 1, got {beam}; 16 suits most.")
    prefixes = {(): [0.0, -inf]}
    for row in np.asarray(log_probabilities, dtype=float):
        tried = np.flatnonzero(row >= min(least, row.max()))
        tokens = list(zip(tried.tolist(), row[tried].tolist(), strict=True))
        prefixes = _prune(_extend(prefixes, tokens, blank), beam)
    return [(prefix, _log_add(*ends)) for prefix, ends in prefixes.items()]


def _extend(prefixes: dict, tokens: list[tuple[int, float]], blank: int) -> dict:
    """Prefixes and the tokens of one row with their log-probabilities -> all prefixes after that row."""
    extended = defaultdict(lambda: [-inf, -inf])
    for prefix, (blank_end, token_end) in prefixes.items():
        either = _log_add(blank_end, token_end)
        for token, log_prob in tokens:
            if token == blank:
                _add(extended[prefix], BLANK_END, either + log_prob)
            elif prefix[-1:] == (token,):  # the same token goes on; a second one needs a blank between
                _add(extended[prefix], TOKEN_END, token_end + log_prob)
                _add(extended[*prefix, token], TOKEN_END, blank_end + log_prob)
            else:
                _add(extended[*prefix, token], TOKEN_END, either + log_prob)
    return extended


def _add(ends: list[float], end: int, log_prob: float) -> None:
    ends[end] = _log_add(ends[end], log_prob)


def _prune(prefixes: dict, beam: int) -> dict:
    return dict(sorted(prefixes.items(), key=lambda item: -_log_add(*item[1]))[:beam])


def _log_add(a: float, b: float) -> float:
    """log(exp(a) + exp(b)), for two log-probabilities."""
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log1p(exp(b - a))
