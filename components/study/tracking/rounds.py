"""Rounds: the full grid of an adaptive study -> the trials to run next, as long as they narrow the answer.

What is asked for follows from the results before it and from nothing else, so a study that was ended grows
again the same way: its finished trials are found in the store, and only what is missing is run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.study.curves import BEST, learning_curves
from components.study.curves.crossing import crossover, shared_sizes
from components.study.curves.next_sizes import NextRound, first_sizes, in_the_running, next_sizes
from components.study.nouns import Nouns
from components.study.plan import Plan, Trial
from components.study.results import TrialResult
from components.study.study import Study
from components.study.tracking.store import Store
from components.study.tracking.studies import read_trials

SHARE = 3  # of the full grid's trials, one in so many is spent where nothing else was asked for
NO_ANSWER = "the two families have no training size in common at which both were measured"


@dataclass(frozen=True)
class Round:
    """One step of a growing plan. trials: to run now; the last step has none, and says why it is the last.

    asked: all trials so far, these among them. growth: as components.study.results.StudyRecord keeps it.
    examples: what sizes count.
    """

    trials: tuple[Trial, ...]
    asked: tuple[Trial, ...]
    growth: dict[str, Any]
    examples: str

    @property
    def title(self) -> str:
        """What it is called in Prefect and on the terminal."""
        latest = self.growth["rounds"][-1]
        return f"round {latest['round']}: {latest['sizes']} {self.examples}"


def rounds(
    study: Study, nouns: Nouns, grid: Plan, store: Store, now: Callable[[], float] = time.monotonic
) -> Iterator[Round]:
    """Study and its full grid -> rounds; the trials of each must have ended before the next is asked for.

    Raises ValueError for a grid of one family, and for a budget that is spent by the first round.
    """
    allowed = sorted({trial.size for trial in grid.trials})
    upcoming, names = NextRound(first_sizes(allowed), "the smallest, the middle and the largest size"), None
    most, started = _most_trials(study, nouns, grid, upcoming), now()
    draws, asked, results, steps = {}, (), [], []
    while upcoming.draws:
        draws |= upcoming.draws
        trials = _chosen(grid, upcoming, names or grid.systems, asked)
        spent = _spent(study, most, len(asked) + len(trials), now() - started)
        if trials and spent:
            upcoming = NextRound({}, spent)
            break
        if trials:
            asked += trials
            steps.append(_step(len(steps) + 1, upcoming, trials))
            yield Round(trials, asked, _growth(grid, steps), nouns.examples)
            results += read_trials(store, trials[0].dataset_fingerprint, [vars(trial) for trial in trials])
        upcoming, names = _next(study, nouns, results, draws, allowed)
    yield Round((), asked, _growth(grid, steps, upcoming.why), nouns.examples)


def _next(
    study: Study,
    nouns: Nouns,
    results: Sequence[TrialResult],
    draws: Mapping[int, int],
    allowed: Sequence[int],
) -> tuple[NextRound, set[str]]:
    """Results so far -> what to ask for next, and of which systems."""
    curves = learning_curves(results) if any(trial.status == "finished" for trial in results) else None
    both = tuple(BEST.values())
    if curves is None or not set(both) <= curves.curves.keys() or not len(shared_sizes(curves, *both)):
        return NextRound({}, NO_ANSWER), set()
    crossing = crossover(curves, *both)
    following = next_sizes(crossing, draws, allowed, study.draws, study.width, nouns)
    return following, in_the_running(curves, crossing)


def _chosen(
    grid: Plan, upcoming: NextRound, names: Collection[str], asked: Sequence[Trial]
) -> tuple[Trial, ...]:
    """The trials of the grid that are wanted of some systems and were not asked for, longest first."""
    before = set(asked)
    return tuple(
        trial
        for trial in grid.trials
        if trial.recogniser in names
        and trial.draw < upcoming.draws.get(trial.size, 0)
        and trial not in before
    )


def _most_trials(study: Study, nouns: Nouns, grid: Plan, first: NextRound) -> int:
    """How many trials may be spent; ValueError where the first round is more, or answers no question."""
    families = {trial.family for trial in grid.trials}
    if families != set(BEST):
        raise ValueError(
            f"an adaptive study expected modular and end-to-end {nouns.systems}, got only "
            f"{', '.join(families)} ones; name one of each with --{nouns.systems}."
        )
    fewest = len(_chosen(grid, first, grid.systems, ()))
    if 0 < study.most_trials < fewest:
        raise ValueError(
            f"most_trials expected at least {fewest}, the first round of {study.title}, got "
            f"{study.most_trials}; raise --most-trials or compare fewer {nouns.systems}."
        )
    return study.most_trials or max(fewest, len(grid.trials) // SHARE)


def _spent(study: Study, most: int, trials: int, seconds: float) -> str:
    """Which part of the budget forbids another round, in words; "" if none does."""
    if trials > most:
        return f"another round would go beyond {most} trials"
    if study.most_minutes and seconds > 60 * study.most_minutes:
        return f"the {study.most_minutes:g} minutes were over"
    return ""


def _step(number: int, upcoming: NextRound, trials: Sequence[Trial]) -> dict[str, Any]:
    """One round as a row of a table."""
    sizes = ", ".join(f"{size:,}" for size in sorted({trial.size for trial in trials}))
    return {"round": number, "sizes": sizes, "trials": len(trials), "why": upcoming.why}


def _growth(grid: Plan, steps: Sequence[Mapping[str, Any]], ended: str = "") -> dict[str, Any]:
    return {"grid": len(grid.trials), "rounds": list(steps), "ended": ended}
