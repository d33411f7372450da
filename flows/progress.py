"""Trials done, failed and left, and the time still to go: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from flows.plan import Trial
from flows.trial import Outcome

LINES = 10  # without a terminal, a line a tenth


def plain_progress(done: int, total: int, what: str) -> None:
    """Say nothing: a scheduled flow has its log."""


class Progress:
    """Watches trials end. A context manager; tell it each outcome with `ended`."""

    def __init__(self, trials: Sequence[Trial], planned: int, workers: int, console: Console | None = None):
        self.left, self.planned, self.workers = list(trials), planned, workers
        self.console = console or Console()
        self.done: list[Outcome] = []
        self.changed = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), State(self))
        self.bar = Bar(
            *columns, TimeElapsedColumn(), console=self.console, disable=not self.console.is_terminal
        )

    def __enter__(self) -> Progress:
        self.bar.start()
        before = self.planned - len(self.left)
        self.task = self.bar.add_task("trials", total=self.planned, completed=before)
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def ended(self, outcome: Outcome) -> None:
        """One more trial has ended: show it."""
        self.left.remove(outcome.trial)
        self.done.append(outcome)
        self.changed = time.monotonic()
        if outcome.error:
            said = f"[red]failed[/red] {_name(outcome.trial)}: {escape(outcome.error)}"
            self.console.print(said, highlight=False, soft_wrap=True)
        self.bar.update(self.task, advance=1)
        if not self.console.is_terminal and self._is_tenth():
            self.console.print(f"trials: {self.state()}", highlight=False)

    def _is_tenth(self) -> bool:
        every = max(1, (len(self.left) + len(self.done)) // LINES)
        return len(self.done) % every == 0 or not self.left

    def state(self) -> str:
        """How many are done, failed and left, and about how long those will take."""
        failed = sum(bool(outcome.error) for outcome in self.done)
        finished = self.planned - len(self.left) - failed
        time_left = seconds_left(self.done, self.left, self.workers)
        since = time.monotonic() - self.changed
        to_go = (
            ""
            if time_left is None or not self.left
            else f", about {clock(max(0.0, time_left - since))} to go"
        )
        return f"{finished} done, {failed} failed, {len(self.left)} left{to_go}"


class State(ProgressColumn):
    """The watcher's state, said anew whenever the bar is drawn."""

    def __init__(self, watcher: Progress):
        super().__init__()
        self.watcher = watcher

    def render(self, task: Task) -> Text:
        return Text(self.watcher.state())


def seconds_left(done: Sequence[Outcome], left: Sequence[Trial], workers: int) -> float | None:
    """Ended and remaining trials -> seconds to go; None before the first has ended.

    A trial is expected to take as long as the ended one of its recogniser with the nearest size, a
    recogniser with none yet as long as the nearest of any.
    """
    if not done:
        return None
    return sum(_expected(done, trial) for trial in left) / workers


def _expected(done: Sequence[Outcome], trial: Trial) -> float:
    same = [outcome for outcome in done if outcome.trial.recogniser == trial.recogniser]
    return min(same or done, key=lambda outcome: abs(outcome.trial.size - trial.size)).seconds


def clock(seconds: float) -> str:
    """Seconds -> minutes and seconds as 3:07."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _name(trial: Trial) -> str:
    return f"{trial.recogniser} with {trial.size} utterances, draw {trial.draw}"
