"""Learning curves: a tally of errors -> error rate by training size, with 95 % intervals.

Three things move a learning curve: which clips were drawn for training, how training was initialised,
and who was tested. All three are in the interval: whole draws (with all their inits) and whole test
speakers are drawn again with replacement, the same ones for every recogniser and size, so that what
recognisers share cancels when they are compared. One fewer is drawn than there are, which makes the
variance right for few of them (Rao and Wu, 1988); resampling both ways at once errs on the wide side
(Owen, 2007, "The pigeonhole bootstrap"). The replications are then stretched about the measured curve,
on the log scale, as Student's t asks for so few draws and speakers (degrees of freedom: Satterthwaite, 1946).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, t

from components.curves.tally import Tally, tally
from components.results import Family, TrialResult
from components.scoring import score_interval

BEST: dict[Family, str] = {"modular": "best modular", "end-to-end": "best end-to-end"}
LEVEL = 0.95
GROUPS = 10
CHUNK = 4_000_000


@dataclass(frozen=True, eq=False)
class Curve:
    """Word error rate by training size of one recogniser, or of the best of one family.

    sizes, rate, low, high, trials: (sizes,); only sizes at which every test utterance was heard.
    low, high: 95 % interval. runs: (runs, sizes), the rate of each (draw, init) alone, nan if it failed.
    """

    name: str
    family: Family
    sizes: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    trials: np.ndarray
    runs: np.ndarray


@dataclass(frozen=True, eq=False)
class LearningCurves:
    """All curves of a study, and the replications from which differences get their intervals.

    curves: by name, recognisers first, then the best of each family (names in BEST).
    draws: independent repetitions of training. speakers: blocks of test utterances.
    log_rate: (1, curves, sizes), nan where not measured.
    both, by_draw, by_speaker: log rates (replications, curves, sizes) with draws and speakers resampled,
    with draws alone, and with speakers alone.
    """

    curves: dict[str, Curve]
    members: dict[str, tuple[str, ...]]
    sizes: np.ndarray
    draws: int
    speakers: int
    log_rate: np.ndarray
    both: np.ndarray
    by_draw: np.ndarray
    by_speaker: np.ndarray

    def row(self, name: str) -> int:
        """Place of a curve on the middle axis of the replications."""
        return list(self.curves).index(name)


def learning_curves(trials: Sequence[TrialResult], seed: int = 0, replications: int = 2000) -> LearningCurves:
    """Trials -> learning curves of every recogniser and of the best of each family.

    At each size, the errors of a test speaker are averaged over the runs that have them, then summed over
    speakers and divided once by all words: a failed trial takes nothing away from the speakers it
    would have heard. The best of a family is chosen, for each tenth of the test speakers, on the other
    nine tenths, and so is never flattered by the utterances it was chosen on.
    """
    counts = tally(trials)
    rng = np.random.default_rng(seed)
    draws, speakers = int(counts.draws.max()) + 1, len(counts.words)
    by_draw, by_speaker = _weights(rng, draws, replications), _weights(rng, speakers, replications)
    by_run = by_draw[:, counts.draws]
    same_runs, same_speakers = np.ones((1, len(counts.runs))), np.ones((1, speakers))
    floor = 0.5 / max(counts.words.sum(), 1)
    point, both, drawn, spoken = (
        np.log(rates(counts, runs, blocks) + floor)
        for runs, blocks in (
            (same_runs, same_speakers),
            (by_run, by_speaker),
            (by_run, same_speakers),
            (same_runs, by_speaker),
        )
    )
    spread = stretched(point, both, drawn, spoken, draws, speakers)
    curves, members = _curves(counts, np.exp(point[0]) - floor, np.exp(spread) - floor)
    sizes = np.array(counts.sizes)
    return LearningCurves(curves, members, sizes, draws, speakers, point, both, drawn, spoken)


def _weights(rng: np.random.Generator, count: int, replications: int) -> np.ndarray:
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
        errors = _block_errors(counts, runs) * blocks[:, None, None, :]
        parts.append(_pooled(counts, errors, blocks * counts.words))
    return np.concatenate(parts)


def _block_errors(counts: Tally, by_run: np.ndarray) -> np.ndarray:
    """Weights of runs (replications, runs) -> mean errors (replications, recognisers, sizes, blocks)."""
    wrong, heard = (np.tensordot(by_run, array, axes=1) for array in (counts.errors, counts.heard))
    plain = counts.errors.sum(axis=0) / np.maximum(counts.heard.sum(axis=0), 1)
    # a speaker whom none of the drawn runs has heard keeps the mean of all runs
    each = np.where(heard > 0, wrong / np.maximum(heard, 1), plain)
    return each * counts.utterances


def _pooled(counts: Tally, errors: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Errors (replications, recognisers, sizes, blocks), words (.., blocks) -> rates (.., curves, sizes)."""
    groups = np.eye(GROUPS)[np.arange(errors.shape[-1]) % GROUPS]  # (blocks, groups)
    grouped = np.where(counts.measured[:, :, None], errors @ groups, np.nan)
    summed = [grouped.sum(axis=-1)]
    for family in BEST:
        rows = [row for row, own in enumerate(counts.families) if own == family]
        if rows:
            summed.append(_best(grouped[:, rows]).sum(axis=-1)[:, None])
    return np.concatenate(summed, axis=1) / np.maximum(words.sum(axis=-1), 1)[:, None, None]


def _best(grouped: np.ndarray) -> np.ndarray:
    """Errors (replications, members, sizes, groups) -> those of the member best on all other groups."""
    others = grouped.sum(axis=-1, keepdims=True) - grouped
    choice = np.where(np.isnan(others), np.inf, others).argmin(axis=1, keepdims=True)
    return np.take_along_axis(grouped, choice, axis=1)[:, 0]


def stretched(
    point: np.ndarray,
    both: np.ndarray,
    by_draw: np.ndarray,
    by_speaker: np.ndarray,
    draws: int,
    speakers: int,
) -> np.ndarray:
    """Replications -> the same, moved away from the point by Student's t over the normal quantile."""
    one, two = by_draw.var(axis=0), by_speaker.var(axis=0)
    loose = one**2 / max(draws - 1, 1) + two**2 / max(speakers - 1, 1)
    freedom = np.divide((one + two) ** 2, loose, out=np.full_like(one, np.inf), where=loose > 0)
    return point + (both - point) * t.ppf((1 + LEVEL) / 2, freedom) / norm.ppf((1 + LEVEL) / 2)


def _curves(
    counts: Tally, rate: np.ndarray, spread: np.ndarray
) -> tuple[dict[str, Curve], dict[str, tuple[str, ...]]]:
    """Rates (curves, sizes) and replications of them -> curves by name, and who is behind each name."""
    members = {name: (name,) for name in counts.recognisers}
    families = dict(zip(counts.recognisers, counts.families, strict=True))
    for family, best in BEST.items():
        own = tuple(name for name in counts.recognisers if families[name] == family)
        if own:
            members[best], families[best] = own, family
    curves = {}
    for row, name in enumerate(members):
        measured = np.isfinite(rate[row])
        curves[name] = _curve(
            counts, name, families[name], members[name], measured, rate[row], spread[:, row]
        )
    return curves, members


def _curve(
    counts: Tally,
    name: str,
    family: Family,
    members: Sequence[str],
    measured: np.ndarray,
    rate: np.ndarray,
    spread: np.ndarray,
) -> Curve:
    """One row of rates (sizes,) and replications (replications, sizes) -> one curve."""
    words, rows = max(counts.words.sum(), 1), [counts.recognisers.index(member) for member in members]
    low, high = np.quantile(spread[:, measured], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    least = np.array([score_interval(each * words, words) for each in rate[measured]]).reshape(-1, 2)
    wrong, heard = counts.errors[:, rows].sum(axis=-1), counts.heard[:, rows].sum(axis=-1)
    complete = heard >= counts.utterances.sum()
    runs = np.where(complete, wrong / words, np.nan)  # (runs, members, sizes)
    alone = runs[:, 0] if len(rows) == 1 else np.full(runs[:, 0].shape, np.nan)
    return Curve(
        name=name,
        family=family,
        sizes=np.array(counts.sizes)[measured],
        rate=np.maximum(rate[measured], 0.0),
        low=np.maximum(np.minimum(low, least[:, 0]), 0.0),
        high=np.maximum(high, least[:, 1]),
        trials=(heard > 0).sum(axis=(0, 1))[measured],
        runs=alone[:, measured],
    )
