"""Tally: finished trials -> word errors as one array, by run, recogniser, size and test speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.study.counts import group_blocks
from components.study.results import Family, TrialResult


@dataclass(frozen=True, eq=False)
class Tally:
    """Word errors of every finished trial, blocks of test utterances (speakers) apart.

    runs: (draw, init) pairs. errors, heard: wrong words and scored utterances, arrays
    (runs, recognisers, sizes, blocks), zero where a trial is missing.
    words, utterances: (blocks,), what one complete test holds.
    """

    recognisers: tuple[str, ...]
    families: tuple[Family, ...]
    sizes: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    errors: np.ndarray
    heard: np.ndarray
    words: np.ndarray
    utterances: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """(recognisers, sizes): was every test utterance heard at least once there?"""
        return (self.heard.sum(axis=0) >= self.utterances).all(axis=-1)

    @property
    def repetition(self) -> np.ndarray:
        """(runs,), the independent repetition each run belongs to: its draw, or with one draw its init."""
        kind = 0 if len({draw for draw, _ in self.runs}) > 1 else 1
        return np.unique([run[kind] for run in self.runs], return_inverse=True)[1]


def tally(trials: Sequence[TrialResult]) -> Tally:
    """Trials -> their errors; failed ones are skipped. Raises ValueError if none has finished."""
    finished = [trial for trial in trials if trial.scores is not None]
    if not finished:
        raise ValueError(
            f"tally wants at least one finished trial, got {len(trials)} trials and none finished"
        )
    families = {trial.recogniser: trial.family for trial in finished}
    sizes, runs = sorted({t.size for t in finished}), sorted({(t.draw, t.init) for t in finished})
    tests = _test_utterances(finished)
    blocks = tests.groupby("block")[["total", "one"]].sum()
    errors = np.zeros((len(runs), len(families), len(sizes), len(blocks)))
    heard = np.zeros_like(errors)
    for trial in finished:
        cell = (
            runs.index((trial.draw, trial.init)),
            list(families).index(trial.recogniser),
            sizes.index(trial.size),
        )
        block = tests.loc[[(trial.fold, name) for name in trial.scores["id"]], "block"]
        errors[cell] += np.bincount(block, trial.scores["errors"], len(blocks))
        heard[cell] += np.bincount(block, minlength=len(blocks))
    counts = (errors, heard, blocks["total"].to_numpy(float), blocks["one"].to_numpy(float))
    return Tally(tuple(families), tuple(families.values()), tuple(sizes), tuple(runs), *counts)


def _test_utterances(finished: Sequence[TrialResult]) -> pd.DataFrame:
    """Finished trials -> each test utterance once, by fold and name, with its words and its block."""
    columns = ["fold", "id", "group", "total"]
    tables = {trial.fold: [] for trial in finished}
    for trial in finished:
        tables[trial.fold].append(trial.scores.assign(fold=trial.fold)[columns])
    tests = pd.concat([table for fold in sorted(tables) for table in tables[fold]])
    tests = tests.drop_duplicates(["fold", "id"]).set_index(["fold", "id"]).sort_index()
    return tests.assign(block=group_blocks(list(tests["group"])), one=1)
