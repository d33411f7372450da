"""Frames: a study as tables of numbers, for whoever goes on with them."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from components.report.findings import Findings
from components.study.results import StudyRecord

TRIAL = ("recogniser", "family", "fold", "size", "draw", "init", "status")
CROSSOVER = (
    "modular",
    "end_to_end",
    "outcome",
    "estimate",
    "low",
    "high",
    "below",
    "inside",
    "never",
    "draws",
)
UNKNOWN = {"low": float("nan"), "high": float("nan")}


def trial_metrics(record: StudyRecord) -> pd.DataFrame:
    """A record -> one row a trial: what it was, every metric under its name, why it failed, its run."""
    names = dict.fromkeys(name for trial in record.trials for name in trial.metrics)
    rows = [
        [getattr(trial, name) for name in TRIAL]
        + [trial.metrics.get(name) for name in names]
        + [trial.error, trial.run_id]
        for trial in record.trials
    ]
    return pd.DataFrame(rows, columns=[*TRIAL, *names, "error", "run"])


def crossover_frame(findings: Findings) -> pd.DataFrame:
    """Findings -> one row a crossover, as study.curves.Crossover has it.

    NaN for no estimate, and for the interval of one draw, whose luck it would leave out.
    """
    rows = [asdict(one) | (UNKNOWN if one.draws < 2 else {}) for one in findings.distinct_crossovers]
    return pd.DataFrame(rows, columns=CROSSOVER).astype({"estimate": float})
