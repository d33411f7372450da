"""Resampling: a tally of errors -> many versions of its rates, as other draws and speakers would give.

Whole draws (with all their inits) and whole test speakers are drawn again with replacement, the same ones
for every recogniser and size, so that what recognisers share cancels when they are compared. One fewer is
drawn than there are, which makes the variance right for few of them (Rao and Wu, 1988).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm, t

from components.study.curves.error_counts import Tally
from components.study.results import Family

TIE = 1e-6  # of a member's errors over all sizes, against its errors at one
BEST: dict[Family, str] = {"modular": "best modular", "end-to-end": "best end-to-end"}
LEVEL = 0.95
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
GROUPS = 10
CHUNK = 1_000_000
TINY = 1e-12


def weights(rng: np.random.Generator, count: int, replications: int) -> np.ndarray:
    """How often each of `count` things is drawn, (replications, count); all once if there is but one."""
    if count < 2:
        return np.ones((replications, count))
    return rng.multinomial(count - 1, np.full(count, 1 / count), size=replications).astype(float)


def rates(counts: Tally, by_run: np.ndarray, by_block: np.ndarray) -> np.ndarray:
    """Weights of runs and of blocks, (replications or 1, ...) -> rates (replications, curves, sizes)."""
    replications = max(len(by_run), len(by_block))
    step = max(1, CHUNK // counts.errors[0].size)
    parts = []
    for start in range(0, replications, step):
        runs, blocks = (w if len(w) == 1 else w[start : start + step] for w in (by_run, by_block))
        parts.append(_pooled(counts, _grouped_errors(counts, runs, blocks), blocks @ counts.words))
    return np.concatenate(parts)


def _grouped_errors(counts: Tally, by_run: np.ndarray, by_block: np.ndarray) -> np.ndarray:
    """Weights of runs and of blocks -> errors of every tenth block (.., recognisers, sizes, groups)."""
    groups = np.eye(GROUPS)[np.arange(by_block.shape[1]) % GROUPS]  # (blocks, groups)
    # few runs can be drawn in few ways: each is averaged once
    ways, way = np.unique(by_run, axis=0, return_inverse=True)
    errors, way = _block_errors(counts, ways), way.ravel()
    if len(by_block) == 1:
        errors = (errors * by_block @ groups)[way]
    else:
        errors = (errors[way] * by_block[:, None, None, :]) @ groups
    errors[:, ~counts.measured] = np.nan
    return errors


def _block_errors(counts: Tally, by_run: np.ndarray) -> np.ndarray:
    """Weights of runs (ways, runs) -> mean errors (ways, recognisers, sizes, blocks)."""
    if (counts.heard == counts.utterances).all():
        return np.tensordot(by_run / by_run.sum(axis=1, keepdims=True), counts.errors, axes=1)
    wrong, heard = (np.tensordot(by_run, array, axes=1) for array in (counts.errors, counts.heard))
    plain = counts.errors.sum(axis=0) / np.maximum(counts.heard.sum(axis=0), 1)
    # a speaker whom none of the drawn runs has heard keeps the mean of all runs
    return np.where(heard > 0, wrong / np.maximum(heard, 1), plain) * counts.utterances


def _pooled(counts: Tally, errors: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Errors (replications, recognisers, sizes, groups), words (.. or 1,) -> rates (.., curves, sizes)."""
    summed = [errors.sum(axis=-1)]
    for family in BEST:
        rows = [row for row, own in enumerate(counts.families) if own == family]
        if rows:
            summed.append(_best(errors[:, rows]).sum(axis=-1)[:, None])
    return np.concatenate(summed, axis=1) / np.maximum(words, 1)[:, None, None]


def _best(grouped: np.ndarray) -> np.ndarray:
    """Errors (replications, members, sizes, groups) -> those of the member best on all other groups.

    Of members that err alike there, the one that errs less there over all sizes.
    """
    others = grouped.sum(axis=-1, keepdims=True) - grouped
    known = ~np.isnan(others)
    overall = np.where(known, others, 0).sum(axis=2, keepdims=True) / np.maximum(
        known.sum(axis=2, keepdims=True), 1
    )
    choice = np.where(known, others + TIE * overall, np.inf).argmin(axis=1, keepdims=True)
    return np.take_along_axis(grouped, choice, axis=1)[:, 0]


def widths(ways: Sequence[np.ndarray], draws: int, speakers: int) -> tuple[np.ndarray, np.ndarray]:
    """Four ways of (replications, .., sizes) -> by how much to stretch the second, and degrees of freedom.

    ways: as measured, then with draws and speakers resampled, draws alone, speakers alone. Both (.., sizes).
    Variances of the draws and of the speakers are added, and what both hold, the interaction, is taken off
    once (Owen, 2007). That of the draws is known from few draws at each size, so it is moderated by all
    sizes: by its mean ratio to the speakers' variance (after Smyth, 2004). Freedom: Satterthwaite (1946).
    """
    point, both, by_draw, by_speaker = ways
    speaking, whole = by_speaker.var(axis=0), both.var(axis=0)
    apart = by_draw.var(axis=0) + speaking
    drawing = np.maximum(2 * apart - whole, np.maximum(apart - speaking, speaking)) - speaking
    own, others = max(draws - 1, 1), max(draws - 1, 1) * (point.shape[-1] - 1) / 2
    ratio = np.nansum(drawing, axis=-1, keepdims=True) / np.maximum(
        np.nansum(speaking, -1, keepdims=True), TINY
    )
    drawing = (own * drawing + others * ratio * speaking) / (own + others)
    loose = drawing**2 / (own + others) + speaking**2 / max(speakers - 1, 1)
    freedom = (speaking + drawing) ** 2 / np.maximum(loose, TINY**2)
    return np.sqrt((speaking + drawing) / np.maximum(whole, TINY)), np.maximum(freedom, 1)


def standard_error(ways: Sequence[np.ndarray], draws: int, speakers: int) -> tuple[np.ndarray, np.ndarray]:
    """Four ways as of `widths` -> standard error of the first, and its degrees of freedom, (.., sizes)."""
    wider, freedom = widths(ways, draws, speakers)
    return ways[1].std(axis=0) * wider, freedom


def stretched(ways: Sequence[np.ndarray], draws: int, speakers: int) -> np.ndarray:
    """Four ways as of `widths` -> the second about the first, so wide that LEVEL of it is an interval.

    As wide as all three sources make them (see `widths`), and as Student's t asks for.
    """
    wider, freedom = widths(ways, draws, speakers)
    point, both = ways[:2]
    asked = t.ppf(TAILS[1], freedom) / norm.ppf(TAILS[1])
    return point + (both - point) * wider * asked
