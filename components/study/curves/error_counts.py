"""Error counts: finished trials -> errors as one array, by run, recogniser, size and test group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.study.counts import group_blocks
from components.study.results import Family, TrialResult


@dataclass(frozen=True, eq=False)
class ErrorCounts:
    """Errors of every finished trial, blocks of test examples (whole groups) apart.

    Attributes
    ----------
    recognisers, families, sizes
        Names, families and training sizes, in the order of the axes.
    runs
        (draw, init) pairs.
    errors, scored
        Errors and scored examples, arrays (runs, recognisers, sizes, blocks), zero where a trial is missing.
    totals, examples
        (blocks,), units that errors are counted in and examples of one complete test.
    """

    recognisers: tuple[str, ...]
    families: tuple[Family, ...]
    sizes: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    errors: np.ndarray
    scored: np.ndarray
    totals: np.ndarray
    examples: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """(recognisers, sizes): was every test example scored at least once there?"""
        return (self.scored.sum(axis=0) >= self.examples).all(axis=-1)

    @property
    def repetition(self) -> np.ndarray:
        """(runs,), the independent repetition each run belongs to: its draw, or with one draw its init."""
        kind = 0 if len({draw for draw, _ in self.runs}) > 1 else 1
        return np.unique([run[kind] for run in self.runs], return_inverse=True)[1]


def count_errors(trials: Sequence[TrialResult]) -> ErrorCounts:
    """Trials -> their errors; failed ones are skipped, and those without labels, which are on no curve.

    Raises ValueError if none has finished.
    """
    finished = [trial for trial in trials if trial.scores is not None and trial.size]
    if not finished:
        raise ValueError(
            f"count_errors expected at least one finished trial, got {len(trials)} trials and none finished; "
            "see the failed ones' errors."
        )
    families = {trial.recogniser: trial.family for trial in finished}
    sizes, runs = sorted({t.size for t in finished}), sorted({(t.draw, t.init) for t in finished})
    tests = _test_examples(finished)
    blocks = tests.groupby("block")[["total", "examples"]].sum()
    block_of = tests["block"].to_dict()  # of (fold, id); one look-up in the frame takes as long as all these
    errors = np.zeros((len(runs), len(families), len(sizes), len(blocks)))
    scored = np.zeros_like(errors)
    for trial in finished:
        cell = (
            runs.index((trial.draw, trial.init)),
            list(families).index(trial.recogniser),
            sizes.index(trial.size),
        )
        block = [block_of[trial.fold, name] for name in trial.scores["id"]]
        errors[cell] += np.bincount(block, trial.scores["errors"], len(blocks))
        scored[cell] += np.bincount(block, minlength=len(blocks))
    counts = (errors, scored, blocks["total"].to_numpy(float), blocks["examples"].to_numpy(float))
    return ErrorCounts(tuple(families), tuple(families.values()), tuple(sizes), tuple(runs), *counts)


def _test_examples(finished: Sequence[TrialResult]) -> pd.DataFrame:
    """Finished trials -> each test example once, by fold and id, with its total and its block."""
    columns = ["fold", "id", "group", "total"]
    tables = {trial.fold: [] for trial in finished}
    for trial in finished:
        tables[trial.fold].append(trial.scores.assign(fold=trial.fold)[columns])
    tests = pd.concat([table for fold in sorted(tables) for table in tables[fold]])
    tests = tests.drop_duplicates(["fold", "id"]).set_index(["fold", "id"]).sort_index()
    return tests.assign(block=group_blocks(list(tests["group"])), examples=1)
