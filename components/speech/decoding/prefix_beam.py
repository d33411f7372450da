"""CTC's log-probabilities -> the likeliest spellings, each with all the ways to say it added up."""

from __future__ import annotations

from collections import defaultdict
from math import exp, inf, log1p

import numpy as np

BEAM, LEAST = 16, -9.0  # spellings carried from row to row; log-probability of a token worth a look

SILENT, SAYING = 0, 1  # log-probabilities of ending with a blank, and with the last token

Spelt = tuple[tuple[int, ...], float]


def prefix_beam_search(
    log_probabilities: np.ndarray, beam: int = BEAM, least: float = LEAST, blank: int = 0
) -> list[Spelt]:
    """Natural log-probabilities (rows, 1 + tokens) -> at most `beam` token sequences and their natural
    log-probabilities, the likeliest first.

    The best path, greedily collapsed, is one way among many to say its tokens; here all ways count. least:
    tokens less likely than this in a row are not tried in it, unless it has no likelier one.
    Raises ValueError for a beam below 1. Source: Hannun et al. (2014), First-pass large vocabulary continuous
    speech recognition using bi-directional recurrent DNNs.
    """
    if beam < 1:
        raise ValueError(f"prefix beam search expected a beam of at least 1, got {beam}; 16 suits most.")
    carried = {(): [0.0, -inf]}
    for row in np.asarray(log_probabilities, dtype=float):
        heard = np.flatnonzero(row >= min(least, row.max()))
        tokens = list(zip(heard.tolist(), row[heard].tolist(), strict=True))
        carried = _likeliest(_lengthened(carried, tokens, blank), beam)
    return [(spelt, _sum(*ends)) for spelt, ends in carried.items()]


def _lengthened(carried: dict, heard: list[tuple[int, float]], blank: int) -> dict:
    """What is carried -> the same and all that comes of it in a row in which these tokens are heard."""
    found = defaultdict(lambda: [-inf, -inf])
    for spelt, (silent, saying) in carried.items():
        ended = _sum(silent, saying)
        for token, chance in heard:
            if token == blank:
                _add(found[spelt], SILENT, ended + chance)
            elif spelt[-1:] == (token,):  # it goes on; said once more, it needs a blank between
                _add(found[spelt], SAYING, saying + chance)
                _add(found[*spelt, token], SAYING, silent + chance)
            else:
                _add(found[*spelt, token], SAYING, ended + chance)
    return found


def _add(ends: list[float], end: int, chance: float) -> None:
    ends[end] = _sum(ends[end], chance)


def _likeliest(found: dict, beam: int) -> dict:
    return dict(sorted(found.items(), key=lambda one: -_sum(*one[1]))[:beam])


def _sum(a: float, b: float) -> float:
    """Two log-probabilities -> that of either."""
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log1p(exp(b - a))
