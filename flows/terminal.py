"""What the terminal shows: reading the corpus, the progress of the trials, the answer."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from components.study.results import StudyRecord
from flows.child import forkserver
from flows.server import Server
from flows.study import Study

QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # failed trials are shown by the progress bar
    "PREFECT_CLI_PROMPT": "false",
}


def run_study(study: Study, screen: Console) -> None:
    """Study -> its trials run, its report written, its answer on the screen."""
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    with Server() as server:
        from flows.compare import compare, prepare
        from flows.report import make_report, written_report

        def start_helpers() -> None:
            server.start()
            forkserver()  # imports for a while: better now than when the first trial waits for it

        with reading(screen, start_helpers) as progress:
            prepared = prepare(study, progress)
        say_what_is_planned(prepared, screen)
        if prepared.missing:
            start_helpers()
            server.wait()
            compare(study)
    which = (prepared.store, prepared.run_id)
    answer = written_report(*which) if prepared.missing else make_report(*which, from_corpus=True)
    show_answer(*answer, screen, study.tracking)


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


def say_what_is_planned(prepared: Any, screen: Console) -> None:
    """One paragraph: the corpus, the recognisers, how many trials, how many are done."""
    plan = prepared.plan
    sizes = sorted({trial.size for trial in plan.trials})
    screen.print(f"[bold]{prepared.study.title}[/bold]: {prepared.notice}", soft_wrap=True)
    if prepared.study.adaptive:
        sizes = sorted({trial.size for trial in prepared.grid.trials})
        screen.print(
            f"{', '.join(plan.recognisers)}: {len(plan.trials)} trials to begin with, {prepared.known} of "
            f"them finished before; the full grid at {', '.join(map(str, sizes))} utterances has "
            f"{len(prepared.grid.trials)}.",
            soft_wrap=True,
        )
        return
    screen.print(
        f"{', '.join(plan.recognisers)} at {', '.join(map(str, sizes))} utterances: "
        f"{len(plan.trials)} trial{'s' * (len(plan.trials) != 1)}, {prepared.known} of them finished before.",
        soft_wrap=True,
    )


def show_answer(record: StudyRecord, page: Path, screen: Console, tracking: str = "") -> None:
    """Study -> answer table, learning curves, crossover sentence, and where to look further.

    tracking: the store, where it is not the usual one; the commands shown name it.
    """
    from components.report import answer_table, regression_sentence, rounds_sentence, terminal_plot
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
    if record.failed:
        screen.print(
            f"{len(record.failed)} of {len(record.trials)} trials failed; the report names them, "
            "and the same command tries them again.",
            soft_wrap=True,
        )
    if len(record.set_aside):
        screen.print(f"{len(record.set_aside)} recordings could not be used; the report names them.")
    screen.print(f"Report:  {page}", soft_wrap=True)
    screen.print(f"MLflow:  {typed(tracking, 'ui')}", soft_wrap=True)
    for trial in filter(None, map(record.best, ("modular", "end-to-end"))):
        said = typed(tracking, "transcribe", trial.run_id, "your.wav")
        screen.print(f"Try it:  {said}   # {trial.recogniser}, {trial.size:,} utterances", soft_wrap=True)


def typed(tracking: str, *words: str) -> str:
    """A command's words -> the line to type, with the store that was named."""
    return shlex.join([command(), *words, *(["--tracking", tracking] if tracking else [])])


def command() -> str:
    """How this program was called, so that the line printed can be typed."""
    called = Path(sys.argv[0])
    if called.name != "crossover":
        return "crossover"
    try:
        return str(called.resolve().relative_to(Path.cwd())) if called.parent.name == "bin" else "crossover"
    except ValueError:
        return "crossover"
