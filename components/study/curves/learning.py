"""Learning curves: a tally of errors -> error rate by training size, with 95 % intervals.

Three things move a learning curve: which clips were drawn for training, how training was initialised,
and who was tested. All three are in the interval (see components.study.curves.resampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.study.counts import score_interval
from components.study.curves.error_counts import Tally, tally
from components.study.curves.resampling import BEST, TAILS, rates, stretched, weights
from components.study.results import Family, TrialResult


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
    draws: of the training clips. repetitions: independent ones, the draws, or the inits of a single draw.
    speakers: blocks of test utterances.
    log_rate: (1, curves, sizes), nan where not measured.
    both, by_draw, by_speaker: log rates (replications, curves, sizes) with draws and speakers resampled,
    with draws alone, and with speakers alone.
    """

    curves: dict[str, Curve]
    members: dict[str, tuple[str, ...]]
    sizes: np.ndarray
    draws: int
    repetitions: int
    speakers: int
    log_rate: np.ndarray
    both: np.ndarray
    by_draw: np.ndarray
    by_speaker: np.ndarray

    @property
    def ways(self) -> tuple[np.ndarray, ...]:
        """Log rates (1 or replications, curves, sizes): as measured, then as resampled in the three ways."""
        return self.log_rate, self.both, self.by_draw, self.by_speaker

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
    return tallied_curves(tally(trials), seed, replications)


def tallied_curves(counts: Tally, seed: int = 0, replications: int = 2000) -> LearningCurves:
    """A tally -> learning curves, as `learning_curves` gives them for its trials."""
    rng = np.random.default_rng(seed)
    again, speakers = int(counts.repetition.max()) + 1, len(counts.words)
    by_run = weights(rng, again, replications)[:, counts.repetition]
    by_speaker = weights(rng, speakers, replications)
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
    spread = stretched((point, both, drawn, spoken), again, speakers)
    curves, members = _curves(counts, np.exp(point[0]) - floor, np.exp(spread) - floor)
    sizes = np.array(counts.sizes)
    draws = len({draw for draw, _ in counts.runs})
    return LearningCurves(curves, members, sizes, draws, again, speakers, point, both, drawn, spoken)


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
    low, high = np.quantile(spread[:, measured], TAILS, axis=0)
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
