"""What the terminal shows: reading the corpus, the progress of the trials, the answer."""

from __future__ import annotations

import logging
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from components.study.address import URI, without_passwords
from components.study.nouns import counted
from components.study.recipe import RenamedSetting
from components.study.study import Study
from components.subjects import find_subject, subject_of
from flows.check_terminal import show_check
from flows.console import complaints
from flows.in_process import InProcess
from flows.pretrain import pretrained
from flows.server import Server, drop_what_waits
from flows.shown_before import ShownBefore, shown
from flows.statuses import FINISHED

if TYPE_CHECKING:  # slow to import, and not needed where a study is finished
    from components.study.dataset import Dataset
    from components.study.plan import Plan
    from components.study.results import StudyRecord
    from flows.prepare import Prepared
    from flows.write_report import Report

QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # failed trials are shown by the progress bar
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "3",  # 14 seconds: then the study goes on without a server
}


def run_study(study: Study, screen: Console) -> int:
    """Study -> its trials run, its report written, its answer on the screen; returns the exit status."""
    with Server() as server:
        return _run(study, server, screen)


def _run(study: Study, server: Server, screen: Console) -> int:
    """As run_study, by a server that is started once something waits for it."""

    def start_helpers() -> None:
        from flows.child import forkserver

        server.start()
        if not study.dask:
            forkserver()  # imports for a while: better now than when the first trial waits for it

    with reading(screen, start_helpers) as progress, renamed_settings(complaints):
        _check_server(study)
        dataset = subject_of(study).read(study, progress)
    study = pretrained(study, dataset, lambda before: _run(before, server, screen))
    with reading(screen, start_helpers) as progress, renamed_settings(complaints):
        before = ShownBefore(study, dataset, screen)
        prepared = None if before.text else _prepared(study, progress, dataset)
    if prepared is None:
        print(before.text, end="")
        return FINISHED
    report = _report(prepared, server, start_helpers, screen)
    show_answer(report.record, report.page, screen, study.tracking)
    _keep_shown(prepared, report, before, screen)
    from flows.ending import exit_status  # with the report's imports, which are done by now

    return exit_status(report.record)


def _check_server(study: Study) -> None:
    """Raises ConnectionError where the tracking server does not answer: before reading takes minutes."""
    if (study.tracking or os.environ.get(URI, "")).startswith("http"):
        from components.study.tracking import open_store

        open_store(study.tracking)


def _prepared(study: Study, progress: Any, dataset: Dataset) -> Prepared:
    from flows.prepare import prepare

    return prepare(study, progress, dataset)


def _report(prepared: Prepared, server: Server, start_helpers: Callable[[], None], screen: Console) -> Report:
    """A study -> its report, after what is missing was run; broken off, its runs in MLflow are ended."""
    from flows.closing import closing

    with closing(prepared):
        show_plan(prepared, screen)
        if not prepared.missing:
            return _reported(prepared)
        start_helpers()
        server.wait()
        return _compared(prepared, server)


def _reported(prepared: Prepared) -> Report:
    """A study that has nothing left to run -> its report, as it was written or anew."""
    from flows.write_report import make_report

    return make_report(prepared.store, prepared.run_id, dataset=prepared.dataset, anew=False)


def _keep_shown(prepared: Prepared, report: Report, before: ShownBefore, screen: Console) -> None:
    """Keep what the same study will show when it is asked for again, if it has nothing left to run."""
    from components.study.tracking.files import files_behind

    files = files_behind(prepared.store, report.record.trials)
    if not files or not _is_finished(prepared, report.record):
        return
    with shown(aloud=False) as text:
        show_plan(replace(prepared, missing=()), screen)
        show_answer(report.record, report.page, screen, prepared.study.tracking)
    before.keep(text.getvalue(), [report.page, *files])


def _is_finished(prepared: Prepared, record: StudyRecord) -> bool:
    """Whether nothing is left to run; of a plan that has grown since, the next look says so."""
    all_finished = len(record.finished) == len(prepared.plan.trials)
    return not prepared.missing or (all_finished and not prepared.study.adaptive)


def _compared(prepared: Prepared, server: Server) -> Report:
    """Run what is missing; Prefect reads the server's address, and these variables, when it is imported.

    A server that goes away in the middle of a study is done without.
    """
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    from flows.compare import compare_prepared

    logging.raiseExceptions = False  # that a line of a log did not reach a server is nothing to tell
    try:
        ended = compare_prepared(prepared.study.shown(), InProcess(prepared), return_state=True)
        report = ended.result(raise_on_failure=False, _sync=True)  # even inside an event loop
        if isinstance(report, BaseException):
            raise report
        return report
    except Exception:
        if server.answers():
            raise
    from flows.without_prefect import finish

    complaints.print(f"crossover: {escape(server.gone())}")
    drop_what_waits()
    return finish(prepared)


@contextmanager
def renamed_settings(screen: Console) -> Iterator[None]:
    """Inside, a setting asked for by its old name is a sentence on the screen."""
    usual, seen = warnings.showwarning, set()

    def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
        if not issubclass(category, RenamedSetting):
            usual(message, category, *where)
        elif str(message) not in seen:
            seen.add(str(message))
            screen.print(f"crossover: {escape(str(message))}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", RenamedSetting)
        warnings.showwarning = show
        yield


@contextmanager
def reading(screen: Console, at_first: Callable[[], None]) -> Iterator[Any]:
    """A bar for whatever is prepared before the trials; gone when it is done.

    at_first: called as soon as something has to be prepared, for then there will be trials to run.
    """
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def show(done: int, total: int, what: str) -> None:
            at_first()
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show


def show_plan(prepared: Prepared, screen: Console) -> None:
    """One paragraph: the data, what is compared, how many trials, how many are done."""
    trials, names = prepared.plan.trials, ", ".join(prepared.plan.systems)
    _show_untrusted(prepared, screen)
    head = f"[bold]{escape(prepared.study.title)}[/bold]"
    notice = prepared.dataset.facts.get("notice")
    screen.print(f"{head}: {escape(notice)}" if notice else head, soft_wrap=True)
    show_check(prepared.check, screen, prepared.study.accept)
    at = f"{_sizes(prepared.grid if prepared.study.adaptive else prepared.plan)} "
    at += prepared.nouns.examples
    known = f"{prepared.known} of them finished before"
    if prepared.study.adaptive:
        screen.print(
            f"{names}: {len(trials)} trials to begin with, {known}; the full grid at {at} has "
            f"{len(prepared.grid.trials)}.",
            soft_wrap=True,
        )
        return
    screen.print(f"{names} at {at}: {len(trials)} trial{'s' * (len(trials) != 1)}, {known}.", soft_wrap=True)
    if needing := prepared.plan.needing_labels:
        left_out = f"Left out at 0 {prepared.nouns.examples}, as they need labels: {', '.join(needing)}."
        screen.print(left_out, soft_wrap=True)


def _show_untrusted(prepared: Prepared, screen: Console) -> None:
    """What can be trained, but not loaded again without more ado: said before it is trained."""
    for name, classes in prepared.grid.untrusted.items():
        screen.print(
            f"{name} will hold {', '.join(classes)}, which is not this project's: once trained it is loaded "
            f"only with --trust {','.join(classes)}; with that given here, too, this is not said again.",
            soft_wrap=True,
            markup=False,
        )


def _sizes(plan: Plan) -> str:
    return ", ".join(map(str, sorted({trial.size for trial in plan.trials})))


def show_answer(record: StudyRecord, page: Path, screen: Console, tracking: str = "") -> None:
    """Study -> answer table, learning curves, crossover sentence, and where to look further.

    tracking: the store, where it is not the usual one; the commands shown name it.
    """
    from components.report import (
        answer_table,
        regression_sentence,
        rounds_sentence,
        shortfall_sentence,
        terminal_plot,
    )
    from components.report.findings import findings

    screen.print()
    if record.regressions:
        screen.print(f"[bold red]{regression_sentence(record)}[/bold red]", soft_wrap=True)
        again = typed(tracking, "report", record.run_id, "--beside", record.regressions[0]["run"])
        screen.print(f"Side by side:  {again}\n", soft_wrap=True)
    screen.print(answer_table(findings(record)))
    print(terminal_plot(findings(record), colour=screen.is_terminal))
    screen.print(f"\n[bold]{findings(record).sentence}[/bold]\n", soft_wrap=True)
    if record.rounds:
        screen.print(rounds_sentence(record), soft_wrap=True)
    if record.unfinished:
        screen.print(shortfall_sentence(record), soft_wrap=True)
    if len(record.set_aside):
        aside = counted(len(record.set_aside), record.nouns.item, record.nouns.items)
        screen.print(f"{aside} could not be used; see the report.")
    screen.print(f"Report:  {page}", soft_wrap=True)
    screen.print(f"MLflow:  {typed(tracking, 'ui')}", soft_wrap=True)
    for line in _to_try(record, tracking):
        screen.print(f"Try it:  {line}", soft_wrap=True)


def _to_try(record: StudyRecord, tracking: str) -> Iterator[str]:
    """What to type to try the best of each family, where the subject has a command for that."""
    if (words := find_subject(record.subject).try_it) is None:
        return
    for trial in filter(None, map(record.best, ("modular", "end-to-end"))):
        trust = ["--trust", trial.trust] if trial.trust else []
        line = typed(tracking, words[0], trial.run_id, words[1], *trust)
        yield f"{line}   # {trial.recogniser}, {trial.size:,} {record.nouns.examples}"


def typed(tracking: str, *words: str) -> str:
    """A command's words -> the line to type, with the store that was named."""
    return shlex.join([command(), *words, *(["--tracking", without_passwords(tracking)] if tracking else [])])


def command() -> str:
    """How this program was called, so that the line printed can be typed."""
    called = Path(sys.argv[0])
    if called.name != "crossover":
        return "crossover"
    try:
        return str(called.resolve().relative_to(Path.cwd())) if called.parent.name == "bin" else "crossover"
    except ValueError:
        return "crossover"
