"""Results made elsewhere -> a study in MLflow and its report."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from components.external.asked import Asked
from components.external.paths import COLUMN
from components.external.result_set import ResultSet, read_results
from components.external.rows import Row
from components.external.sources import read_frame, read_source
from components.study.address import without_passwords
from components.study.checks import refuse_stops
from components.study.fingerprint import digest
from components.study.nouns import counted
from components.study.results import StudyRecord, TrialResult, set_aside_frame
from components.subjects import EXTERNAL
from flows.check_terminal import show_check

MLFLOW = "mlflow:"  # before the name of an experiment, which @ and an address may follow
PAIRS = {"columns": "--column", "only": "--only"}
TAGS = ("recogniser", "family", "fold", "size", "draw", "init")


def show_results(
    sources: Sequence[str],
    asked: Asked,
    condition: str,
    accept: Sequence[str],
    tracking: str,
    screen: Console,
) -> StudyRecord:
    """Sources of results and what is said of them -> their answer on the screen; returns the study.

    condition: MLflow's filter of runs. Raises ValueError for results that cannot be understood, and for
    whatever would make the answer false and is not accepted.
    """
    name = asked.name or title_of(sources)
    rows = [row for source in sources for row in _rows(source, condition, tracking)]
    results = read_results(rows, replace(asked, name=name))
    screen.print(f"[bold]{escape(name)}[/bold]: {counted(len(rows), 'row', 'rows')}.", soft_wrap=True)
    show_check(results.check, screen, accept)
    refuse_stops(results.check, accept, name)
    settings = {"results": list(map(without_passwords, sources)), **asked.recorded()}
    settings |= {"filter": condition} if condition else {}
    settings |= {"accept": list(accept)} if accept else {}
    from components.study.tracking import open_store, record_study
    from flows.terminal import show_answer
    from flows.write_report import make_report

    store = open_store(tracking)
    made = make_report(store, record_study(store, study_entry(results, name, settings), results.trials))
    show_answer(made.record, made.page, screen, tracking)
    return made.record


def frame_record(frame: Any, asked: Asked, accept: Sequence[str] = ()) -> StudyRecord:
    """A data frame of results and what is said of them -> the study that they make, recorded nowhere.

    Raises ValueError as `show_results` does.
    """
    results = read_results(read_frame(frame), asked)
    refuse_stops(results.check, accept, asked.name)
    settings = {**asked.recorded(), **({"accept": list(accept)} if accept else {})}
    arguments = [f"{name.replace('-', '_')}={value!r}" for name, value in settings.items()]
    return StudyRecord(
        name=asked.name,
        run_id="",
        dataset=results.facts,
        settings=settings,
        command=f"crossover.answer({', '.join(['results', *arguments])})",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(),
        trials=results.trials,
        set_aside=set_aside_frame(results.set_aside),
        subject=EXTERNAL,
        check=results.check,
        nouns=results.nouns,
    )


def _versions() -> dict[str, str]:
    return {"python": sys.version.split()[0], "crossover": version("crossover")}


def _rows(source: str, condition: str, tracking: str) -> list[Row]:
    if not source.startswith(MLFLOW):
        return read_source(source)
    from components.study.tracking import open_store, read_runs

    experiment, _, address = source.removeprefix(MLFLOW).partition("@")
    store, shown = open_store(address or tracking), without_passwords(source)
    if store.database and not store.database.is_file():  # reading would make an empty one
        raise ValueError(f"{shown} expected an MLflow store at {store.shown}, got none; correct the address.")
    runs = read_runs(store, experiment, condition)
    if not runs:
        fitting = f" that fit {condition!r}" if condition else ""
        raise ValueError(f"{shown} expected finished runs{fitting}, got none; change --filter, or the name.")
    return [Row(values, f"run {values['run_id']}") for values in runs]


def title_of(sources: Sequence[str]) -> str:
    """Sources -> what their results are called: the first file, folder of transcripts, or experiment."""
    first = sources[0]
    if first.startswith(MLFLOW):
        return first.removeprefix(MLFLOW).partition("@")[0]
    plain, *columns = COLUMN.split(first)
    path = Path(plain if not columns else plain.rpartition("/")[0])
    return path.name.split(".")[0] or "results"


def study_entry(results: ResultSet, name: str, settings: Mapping[str, Any]) -> Any:
    """Results and what was asked for -> the study as MLflow keeps it."""
    from components.study.tracking import StudyEntry

    trials = [_planned(trial, results.facts["fingerprint"]) for trial in results.trials]
    return StudyEntry(
        name=name,
        fingerprint=digest([trial["fingerprint"] for trial in trials]),
        dataset=results.facts,
        settings=settings,
        command=command_of(settings),
        versions=_versions(),
        trials=trials,
        set_aside=results.set_aside,
        subject=EXTERNAL,
        nouns=asdict(results.nouns),
        checks=results.check.as_dict(),
    )


def _planned(trial: TrialResult, dataset_fingerprint: str) -> dict[str, Any]:
    which = {name: getattr(trial, name) for name in TAGS}
    scores = trial.scores.astype(object).to_numpy().tolist()
    known = digest([EXTERNAL, which, trial.metrics, list(trial.scores), scores])
    return {**which, "fingerprint": known, "dataset_fingerprint": dataset_fingerprint}


def command_of(settings: Mapping[str, Any]) -> str:
    """What was asked for -> the line that asks for it again."""
    words = ["crossover", "answer", *settings["results"]]
    for name, value in settings.items():
        if option := PAIRS.get(name):
            words += [word for pair in value.items() for word in (option, "=".join(pair))]
        elif value is True:
            words.append(f"--{name}")
        elif name != "results":
            words += [f"--{name}", ",".join(value) if isinstance(value, list) else value]
    return shlex.join(words)
