"""Trials done, failed and left, and the time still to go: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from components.study.plan import Trial
from components.study.training_curves import DEV
from flows.trial import Outcome

LINES = 10  # without a terminal, a line a tenth
DEV_LOSS = f"{DEV}loss"
BAR_WIDTH = 20  # characters: the text behind it matters more
USUAL_GROWTH, MOST_GROWTH = 0.75, 2.0  # powers of the size: part of the seconds is spent whatever it is
LONG_S = 10.0  # a trial that trains longer has a bar of its own
LINE_EVERY_S = 60.0  # without a terminal, of a trial that trains long
_watching: ContextVar[Progress | None] = ContextVar("progress", default=None)


def no_progress(done: int, total: int, what: str) -> None:
    """Show nothing: a scheduled flow has its log."""


def report_progress(trial: Trial, training: Mapping[str, Any]) -> None:
    """Show how far a trial's training is, where a progress bar is open."""
    progress = _watching.get()
    if progress is not None:
        progress.trains(trial, training)


class Progress:
    """Watches trials train and end: a context manager, given each outcome by `ended`.

    Parameters
    ----------
    trials : those to run
    planned : how many there are in all, those that were finished before too
    workers : trials at once
    console : where it is shown
    what : what stands before the counts
    examples : what training sizes count, in the plural
    """

    def __init__(
        self,
        trials: Sequence[Trial],
        planned: int,
        workers: int,
        console: Console | None = None,
        what: str = "trials",
        examples: str = "examples",
    ):
        self.examples = examples
        self.left, self.planned, self.workers = list(trials), planned, workers
        self.console, self.what = console or Console(), what
        self.done: list[Outcome] = []
        self.changed = time.monotonic()
        self.rows: dict[str, TaskID] = {}  # of trials that train, by fingerprint
        self.next_line: dict[str, float] = {}
        self.holders: list[str] = []  # of trials that are waited for
        columns = (TextColumn("{task.description}"), BarColumn(BAR_WIDTH), State(self))
        self.bar = Bar(
            *columns, TimeElapsedColumn(), console=self.console, disable=not self.console.is_terminal
        )

    def __enter__(self) -> Progress:
        self.bar.start()
        before = self.planned - len(self.left)
        self.task = self.bar.add_task(self.what, total=self.planned, completed=before)
        self.token = _watching.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _watching.reset(self.token)
        self.bar.stop()

    def trains(self, trial: Trial, training: Mapping[str, Any]) -> None:
        """A trial trains: show how far it is, if it takes long; called from the thread that waits for it."""
        key, seconds = trial.fingerprint, training["seconds"]
        if key not in self.rows:
            self.rows[key] = self.bar.add_task(_short_name(trial), visible=False)
        self.bar.update(
            self.rows[key],
            total=training["steps"],
            completed=training["step"],
            visible=seconds >= LONG_S,
            state=training_state(training),
        )
        if not self.console.is_terminal and seconds >= self.next_line.get(key, LINE_EVERY_S):
            self.next_line[key] = seconds + LINE_EVERY_S
            line = f"{_name(trial, self.examples)}: {training_state(training)}"
            self.console.print(line, highlight=False, soft_wrap=True)

    def ended(self, outcome: Outcome) -> None:
        """One more trial has ended: show it."""
        self.left.remove(outcome.trial)
        self.done.append(outcome)
        self.changed = time.monotonic()
        if outcome.trial.fingerprint in self.rows:
            self.bar.remove_task(self.rows.pop(outcome.trial.fingerprint))
        if outcome.error:
            line = f"[red]failed[/red] {_name(outcome.trial, self.examples)}: {escape(outcome.error)}"
            self.console.print(line, highlight=False, soft_wrap=True)
        if outcome.kept:
            name = _name(outcome.trial, self.examples)
            line = f"{name}: not recorded yet, kept on disk: {escape(outcome.kept)}"
            self.console.print(line, highlight=False, soft_wrap=True)
        self.bar.update(self.task, advance=1)
        if not self.console.is_terminal and self._is_tenth():
            self.console.print(f"{self.what}: {self.state()}", highlight=False)

    def waits(self, held: Sequence[Outcome]) -> None:
        """Nothing is left but trials that others hold: say once whose they are, and again if that changes."""
        holders = sorted({outcome.held_by for outcome in held})
        if holders and holders != self.holders:
            trials = f"{len(held)} trial{'s' * (len(held) != 1)}"
            line = f"waiting for {trials} that {', '.join(holders)} {'train' if holders[1:] else 'trains'}"
            self.console.print(escape(line), highlight=False, soft_wrap=True)
        self.holders = holders

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
    """The state of a row's training, else of all trials; computed whenever the bar is drawn."""

    def __init__(self, watcher: Progress):
        super().__init__()
        self.watcher = watcher

    def render(self, task: Task) -> Text:
        return Text(task.fields.get("state") or self.watcher.state())


def seconds_left(done: Sequence[Outcome], left: Sequence[Trial], workers: int) -> float | None:
    """Ended and remaining trials -> seconds to go; None before the first has ended.

    Trials are begun in their order by whichever worker is free. A trial is expected to take as long as the
    ended one of its recogniser with the nearest size, longer or shorter as seconds grow with sizes; a
    recogniser with none yet is expected to be like the others.
    """
    if not done:
        return None
    busy, growth = [0.0] * workers, {}
    for trial in left:
        same = [outcome for outcome in done if outcome.trial.recogniser == trial.recogniser] or done
        if trial.recogniser not in growth:
            growth[trial.recogniser] = _growth(same)
        heapq.heapreplace(busy, busy[0] + _expected(same, trial, growth[trial.recogniser]))
    return max(busy)


def _expected(same: Sequence[Outcome], trial: Trial, growth: float) -> float:
    nearest = min(same, key=lambda outcome: abs(math.log(_size(outcome.trial) / _size(trial))))
    return nearest.seconds * (_size(trial) / _size(nearest.trial)) ** growth


def _growth(same: Sequence[Outcome]) -> float:
    """Ended trials of one recogniser -> the power of the size that their seconds grow with."""
    small, large = (pick(same, key=lambda outcome: outcome.trial.size) for pick in (min, max))
    if _size(small.trial) == _size(large.trial) or not (small.seconds > 0 and large.seconds > 0):
        return USUAL_GROWTH
    grown = math.log(large.seconds / small.seconds) / math.log(_size(large.trial) / _size(small.trial))
    return min(max(grown, 0.0), MOST_GROWTH)


def _size(trial: Trial) -> int:
    """How much there is to learn from, 1 at least: what learns nothing has to be loaded."""
    return max(trial.size, 1)


def training_state(training: Mapping[str, Any]) -> str:
    """How far a training is -> the same in words: step, loss, errors on the dev part, time left."""
    words = [f"step {training['step']:,}/{training['steps']:,}"]
    if "loss" in training:
        words.append(f"loss {training['loss']:.3g}")
    rates = [name for name in training if name.startswith(DEV) and name != DEV_LOSS]
    words += [f"dev {name.removeprefix(DEV).upper()} {training[name]:.1%}" for name in rates]
    return ", ".join([*words, f"{clock(training['seconds_left'])} to go"])


def clock(seconds: float) -> str:
    """Seconds -> minutes and seconds as 3:07."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _short_name(trial: Trial) -> str:
    return f"{trial.recogniser} n={trial.size}"


def _name(trial: Trial, examples: str) -> str:
    return f"{trial.recogniser} with {trial.size} {examples}, draw {trial.draw}"
