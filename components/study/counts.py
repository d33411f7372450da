"""Counts of errors: by example and group -> rates with intervals, whatever an error is an error of.

Counts are added first and divided once: the mean of rates of single examples is another, worse number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from components.study.quantiles import normal_quantile, normal_share, t_quantile

SCORE_COLUMNS = ("id", "group", "errors", "total")  # of a table of scores; a subject may add its own
MOST_BLOCKS = 250


def ratio(errors: float, total: float) -> float:
    """Errors and their total -> a rate; with a total of 0, 0 without errors, else infinity."""
    if total:
        return errors / total
    return float("inf") if errors else 0.0


def rate_metrics(scores: pd.DataFrame, metric: str, seed: int = 0) -> dict[str, float]:
    """Table of scores and the name of its rate -> rate, both ends of its 95 % interval, errors and total."""
    errors, totals = scores["errors"], scores["total"]
    low, high = rate_interval(errors, totals, scores["group"], seed)
    rate = ratio(float(errors.sum()), float(totals.sum()))
    counts = {"errors": float(errors.sum()), "total": float(totals.sum())}
    return {metric: rate, f"{metric}_low": low, f"{metric}_high": high} | counts


def rate_interval(
    errors: Sequence[int],
    totals: Sequence[int],
    groups: Sequence[str],
    seed: int = 0,
    replications: int = 2000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Errors, total and group of each example -> low and high end of the error rate.

    Whole groups are drawn with replacement (Bisani and Ney, 2004; in blocks as the
    examples of one group err together: Liu and Peng, 2020). Examples of no group ("") each stand alone; if
    there is one group only, examples are drawn, and the interval speaks for that group alone. The
    percentiles are moved outward for few groups (Hesterberg, 2015). As a bootstrap of no error, or of equal
    groups, has no width, the interval is never narrower than the score interval of independent units
    (Wilson, 1927), the least that so many of them can leave open.
    """
    errors, totals = np.asarray(errors, dtype=float), np.asarray(totals, dtype=float)
    if not totals.sum():
        return 0.0, float("inf")
    blocks = group_blocks(groups)
    by_block = np.stack([np.bincount(blocks, errors), np.bincount(blocks, totals)])  # (2, blocks)
    drawn = block_draws(by_block.shape[1], replications, seed) @ by_block.T  # (replications, 2)
    rates = drawn[:, 0][drawn[:, 1] > 0] / drawn[:, 1][drawn[:, 1] > 0]
    outside = expanded_tail(by_block.shape[1], level)
    low, high = np.quantile(rates, [outside, 1 - outside])
    least = score_interval(errors.sum(), totals.sum(), level)
    return float(min(low, least[0])), float(max(high, least[1]))


def group_blocks(groups: Sequence[str]) -> np.ndarray:
    """Group of each example -> number of its block.

    Examples of no group, or all of one, are spread over up to MOST_BLOCKS blocks: taken as independent,
    they vary in blocks as they do alone, and memory stays small.
    """
    names = [group or f"\0{place % MOST_BLOCKS}" for place, group in enumerate(groups)]
    if len(set(names)) == 1:
        return np.arange(len(names)) % MOST_BLOCKS
    return np.unique(names, return_inverse=True)[1]


def block_draws(blocks: int, replications: int, seed: int) -> np.ndarray:
    """Number of blocks -> how often each is drawn, (replications, blocks); rows sum to the number."""
    return np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), size=replications)


def expanded_tail(blocks: int, level: float) -> float:
    """Number of blocks -> share cut at each end so that few blocks still cover (Hesterberg, 2015)."""
    if blocks < 2:
        return 0.0
    half_width = t_quantile((1 + level) / 2, blocks - 1) * np.sqrt(blocks / (blocks - 1))
    return float(normal_share(-half_width))


def score_interval(errors: float, total: float, level: float = 0.95) -> tuple[float, float]:
    """Errors among independent units -> low and high end of the rate (Wilson, 1927).

    Where errors outnumber the units, which insertions allow, the score interval of a Poisson count.
    """
    z = normal_quantile((1 + level) / 2)
    rate, spread = errors / total, z**2 / total
    if errors > total:
        centre, half = rate + spread / 2, np.sqrt(spread * (rate + spread / 4))
        return float(centre - half), float(centre + half)
    centre = (rate + spread / 2) / (1 + spread)
    half = np.sqrt(spread * (rate * (1 - rate) + spread / 4)) / (1 + spread)
    return float(max(0.0, centre - half)), float(centre + half)
