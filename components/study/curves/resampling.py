"""Resampling: error counts -> replicates of their rates, as other draws and groups would give.

Whole draws (with all their inits) and whole test groups are drawn again with replacement, the same ones
for every recogniser and size, so that what recognisers share cancels when they are compared. One fewer is
drawn than there are, which makes the variance right for few of them (Rao and Wu, 1988).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.study.curves.error_counts import ErrorCounts
from components.study.quantiles import normal_quantile, t_quantile
from components.study.results import Family

TIE = 1e-6  # of a member's errors over all sizes, against its errors at one
BEST: dict[Family, str] = {"modular": "best modular", "end-to-end": "best end-to-end"}
LEVEL = 0.95
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
FOLDS = 10  # of test groups, for choosing the best of a family
CHUNK = 1_000_000
TINY = 1e-12


def weights(rng: np.random.Generator, count: int, replications: int) -> np.ndarray:
    """How often each of `count` things is drawn, (replications, count); all once if there is but one."""
    if count < 2:
        return np.ones((replications, count))
    return rng.multinomial(count - 1, np.full(count, 1 / count), size=replications).astype(float)


def rates(counts: ErrorCounts, by_run: np.ndarray, by_block: np.ndarray) -> np.ndarray:
    """Weights of runs and of blocks, (replications or 1, ...) -> rates (replications, curves, sizes)."""
    replications = max(len(by_run), len(by_block))
    step = max(1, CHUNK // counts.errors[0].size)
    parts = []
    for start in range(0, replications, step):
        runs, blocks = (w if len(w) == 1 else w[start : start + step] for w in (by_run, by_block))
        parts.append(_pooled(counts, _fold_errors(counts, runs, blocks), blocks @ counts.totals))
    return np.concatenate(parts)


def _fold_errors(counts: ErrorCounts, by_run: np.ndarray, by_block: np.ndarray) -> np.ndarray:
    """Weights of runs and of blocks -> errors of every tenth block (.., recognisers, sizes, folds)."""
    number = min(FOLDS, by_block.shape[1])
    folds = np.eye(number)[np.arange(by_block.shape[1]) % number]  # (blocks, folds)
    # few runs have few distinct weightings: each is averaged once
    distinct, row = np.unique(by_run, axis=0, return_inverse=True)
    errors, row = _block_errors(counts, distinct), row.ravel()
    if len(by_block) == 1:
        errors = (errors * by_block @ folds)[row]
    else:
        errors = (errors[row] * by_block[:, None, None, :]) @ folds
    errors[:, ~counts.measured] = np.nan
    return errors


def _block_errors(counts: ErrorCounts, by_run: np.ndarray) -> np.ndarray:
    """Weights of runs (rows, runs) -> mean errors (rows, recognisers, sizes, blocks)."""
    if (counts.scored == counts.examples).all():
        return np.tensordot(by_run / by_run.sum(axis=1, keepdims=True), counts.errors, axes=1)
    errors, scored = (np.tensordot(by_run, array, axes=1) for array in (counts.errors, counts.scored))
    mean = counts.errors.sum(axis=0) / np.maximum(counts.scored.sum(axis=0), 1)
    # a block that none of the drawn runs has scored keeps the mean of all runs
    return np.where(scored > 0, errors / np.maximum(scored, 1), mean) * counts.examples


def _pooled(counts: ErrorCounts, errors: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Errors (replications, recognisers, sizes, folds), totals (.. or 1,) -> rates (.., curves, sizes)."""
    summed = [errors.sum(axis=-1)]
    for family in BEST:
        rows = [row for row, member in enumerate(counts.families) if member == family]
        if rows:
            summed.append(_best(errors[:, rows]).sum(axis=-1)[:, None])
    return np.concatenate(summed, axis=1) / np.maximum(totals, 1)[:, None, None]


def _best(errors: np.ndarray) -> np.ndarray:
    """Errors (replications, members, sizes, folds) -> those of the member best on all other folds.

    Of members that err alike there, the one that errs less there over all sizes. Where there is one fold
    alone, the best on it.
    """
    elsewhere = errors.sum(axis=-1, keepdims=True) - (errors if errors.shape[-1] > 1 else 0)
    known = ~np.isnan(elsewhere)
    overall = np.where(known, elsewhere, 0).sum(axis=2, keepdims=True) / np.maximum(
        known.sum(axis=2, keepdims=True), 1
    )
    choice = np.where(known, elsewhere + TIE * overall, np.inf).argmin(axis=1, keepdims=True)
    return np.take_along_axis(errors, choice, axis=1)[:, 0]


def inflation(parts: Sequence[np.ndarray], draws: int, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Four parts (1 or replications, .., sizes) -> inflation of the second's spread, and degrees of freedom.

    parts: as measured, then replicates with draws and groups resampled, draws alone, groups alone. Both
    results are (.., sizes). Variances of the draws and of the groups are added, and what both hold, the
    interaction, is taken off once (Owen, 2007). That of the draws is known from few draws at each size, so it
    is moderated by all sizes: by its mean ratio to the groups' variance (after Smyth, 2004), as far as these
    tell something new (see `effective_sizes`). Degrees of freedom: Satterthwaite (1946).
    """
    _, both, by_draw, by_group = parts
    draw, group, whole = (part.var(axis=0) for part in (by_draw, by_group, both))
    interaction = np.minimum(np.maximum(whole - draw - group, 0), np.minimum(draw, group))
    ratio = np.nansum(draw, -1, keepdims=True) / np.maximum(np.nansum(group, -1, keepdims=True), TINY)
    own_df = max(draws - 1, 1)
    # by the luck of the test the sizes are made comparable: where there is none, each stands alone
    comparable = np.nansum(group) > TINY
    other_df = own_df * (effective_sizes(by_draw, group, draws) - 1) / 2 * comparable
    draw = (own_df * draw + other_df * ratio * group) / (own_df + other_df)
    variance = np.maximum(draw + group - interaction, np.maximum(draw, group))
    # of the draws with the interaction in it: less it, few draws that vary little by chance would seem sure
    uncertainty = draw**2 / (own_df + other_df) + group**2 / max(groups - 1, 1)
    df = variance**2 / np.maximum(uncertainty, TINY**2)
    return np.sqrt(variance / np.maximum(whole, TINY)), np.maximum(df, 1)


def effective_sizes(by_draw: np.ndarray, group_variance: np.ndarray, draws: int) -> np.ndarray:
    """Replicates (rows, .., sizes) by draw, variances (.., sizes) -> sizes that tell of draws, (.., 1).

    A small training set lies within the larger ones, so a lucky draw may be lucky at every size: then the
    sizes tell the draws' variance no better than one of them does. As many as there are if their replicates
    are uncorrelated, 1 if they move as one (Greenhouse and Geisser, 1959). Few draws look correlated by
    chance, and freed of that bias (Huynh and Feldt, 1976) uncorrelated as often: the geometric mean of both.
    Variances weigh each size as `inflation` does.
    """
    away = np.nan_to_num((by_draw - by_draw.mean(axis=0)) / np.sqrt(np.maximum(group_variance, TINY)))
    covariance = np.einsum("r...i,r...j->...ij", away, away, optimize=True) / len(away)
    trace, square = np.trace(covariance, axis1=-2, axis2=-1), (covariance**2).sum(axis=(-2, -1))
    least = np.maximum(trace**2 / np.maximum(square, TINY**2), 1)[..., None]
    # one difference between two draws has no correlation: its sizes may be all alike or all different
    unbiased = (draws * least - 2) / np.maximum(draws - 1 - least, TINY) if draws > 2 else np.inf
    return np.sqrt(least * np.minimum(np.maximum(unbiased, 1), by_draw.shape[-1]))


def standard_error(parts: Sequence[np.ndarray], draws: int, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Four parts as of `inflation` -> standard error of the first, and degrees of freedom, (.., sizes)."""
    factor, df = inflation(parts, draws, groups)
    return parts[1].std(axis=0) * factor, df


def calibrated(parts: Sequence[np.ndarray], draws: int, groups: int) -> np.ndarray:
    """Four parts as of `inflation` -> the second about the first, so wide that LEVEL of it is an interval.

    As wide as all three sources make them (see `inflation`), and as Student's t asks for.
    """
    factor, df = inflation(parts, draws, groups)
    point, both = parts[:2]
    quantile_ratio = t_quantile(TAILS[1], df) / normal_quantile(TAILS[1])
    return point + (both - point) * factor * quantile_ratio
