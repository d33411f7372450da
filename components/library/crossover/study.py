"""Studies: run here, read from MLflow, or made of results from elsewhere; shown as tables and as a page."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from components.report import Page
from components.report.findings import Findings, findings
from components.report.frames import crossover_frame, trial_metrics
from components.report.page import render
from components.report.tables import answer_frame, in_nouns
from components.study.printable import printable
from components.study.results import StudyRecord

HEIGHT = "44rem"  # of the page in a notebook


@dataclass(frozen=True, eq=False)
class Study:
    """A study and its answer. In a notebook it shows its page.

    Attributes
    ----------
    record
        All that is known of it: trials with their scores, settings, versions.
    """

    record: StudyRecord

    @cached_property
    def findings(self) -> Findings:
        """What follows from the record: curves, crossovers, intervals."""
        return findings(self.record)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        return self.findings.sentence

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row a trial: recogniser, family, fold, size, draw, init, status, every metric, error, run."""
        return trial_metrics(self.record)

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point of the learning curves: rate with its interval (wer, wer_low, wer_high), means."""
        return in_nouns(answer_frame(self.findings), self.record.nouns)

    @cached_property
    def answer(self) -> pd.DataFrame:
        """One row a pair: where end-to-end goes ahead, with its interval; of several, the best of each family
        first.

        outcome is "inside", "below" or "never"; low is 0 for below all sizes, high infinite for beyond them,
        both are NaN with one draw; below, inside and never are how likely each is.
        """
        return crossover_frame(self.findings)

    @cached_property
    def html(self) -> str:
        """The report's page, whole in itself, without recordings."""
        from components.subjects import find_subject

        return printable(render(Page(self.findings, find_subject(self.record.subject).sections())))

    def _repr_html_(self) -> str:
        style = f"width: 100%; height: {HEIGHT}; border: 1px solid #ccc"
        title = escape(self.record.name)
        return f'<iframe title="{title}" style="{style}" srcdoc="{escape(self.html)}"></iframe>'

    def __repr__(self) -> str:
        return f"<Study {self.record.name}: {self.sentence}>"


def compare(file: str | Path | None = None, **settings: Any) -> Study:
    """Run a study as `crossover compare` does, without Prefect's server -> the study.

    Trials that have finished before are not run again. In a script, call it under
    `if __name__ == "__main__":`, as trials are processes that import the script.

    Raises ValueError for every bad setting at once, before anything is trained.

    Parameters
    ----------
    file
        A study file, JSON or TOML; settings override it.
    settings
        Of a study, by the names of the options: corpus="fsdd", sizes=[20, 100], recognisers=["mel-ctc"].
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError(
            "compare expected to be called once, got a call by one of its own trials, which import the "
            'script; put the call under if __name__ == "__main__":.'
        )
    from components.study.study import read_study_file
    from components.subjects import check_study
    from flows.without_prefect import compare_here

    asked = read_study_file(Path(file)) if file else {}
    return Study(compare_here(check_study({**asked, **settings})).record)


def read_study(name: str = "", tracking: str = "") -> Study:
    """Name or run id of a study in MLflow, the newest if empty -> the study.

    tracking: an MLflow address, or a folder; empty: MLFLOW_TRACKING_URI, else ./mlruns. Raises ValueError
    where there is no such study.
    """
    from components.study import tracking as store

    return Study(store.read_study(store.open_store(tracking), name))


def answer(
    results: pd.DataFrame,
    *,
    modular: Sequence[str] = (),
    end_to_end: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    rates: Literal["percent", "share", ""] = "",
    unit: str = "",
    error: str = "",
    name: str = "results",
    accept: Sequence[str] = (),
) -> Study:
    """Results made elsewhere, a row each of system, size and errors -> the study that they make.

    As `crossover answer`, but nothing is recorded.

    Raises ValueError for what cannot be understood, and for what would make the answer false.

    Parameters
    ----------
    results
        Columns as docs/own-results.md has them: system, size or hours, errors and total or a rate, and what
        there is of family, draw, seed, speaker, id.
    modular, end_to_end
        Names of the systems of each family, where no column says it.
    columns
        Field -> column, where its name does not say it.
    rates
        What rates are in, where it cannot be told.
    unit, error
        What is labelled, and errors as a share, where it is not speech: "pages", "pages misfiled".
    name
        Of the study.
    accept
        Checks that would stop it, to go on knowingly.
    """
    from components.external.asked import Asked
    from flows.external import frame_record

    asked = Asked(
        modular=_names(modular),
        end_to_end=_names(end_to_end),
        columns=columns or {},
        rates=rates,
        unit=unit,
        error=error,
        name=name,
    )
    return Study(frame_record(results, asked, accept))


def _names(names: str | Sequence[str]) -> list[str]:
    """One name, or several -> a list."""
    return [names] if isinstance(names, str) else list(names)
