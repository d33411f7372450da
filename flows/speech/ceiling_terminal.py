"""What the terminal shows of a ceiling analysis: progress, a table and a sentence for each recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from components.report.ceiling import ceiling_table, scores_table
from components.speech.inspection.ceiling import pooled, sentence
from components.study.tracking import Store
from flows.console import complaints
from flows.speech.ceiling import analyse
from flows.terminal import reading, typed


def show_ceilings(
    store: Store,
    name: str,
    every_draw: bool,
    data: Path | None,
    trusted: Sequence[str],
    plugin: Sequence[str],
    screen: Console,
) -> None:
    """Study -> its ceiling analysis, run, logged and on the screen; trials left out are named."""
    with reading(screen, lambda: None) as progress:
        ceilings = pooled(analyse(store, name, every_draw, data, progress, trusted, plugin, _complain))
    for recogniser, sizes in ceilings.items():
        screen.print()
        screen.print(ceiling_table(recogniser, sizes))
        screen.print(scores_table(recogniser, sizes))
        screen.print(f"\n[bold]{sentence(recogniser, sizes)}[/bold]\n", soft_wrap=True)
    report = typed(store.uri, *filter(None, ("report", name)))
    screen.print(f"In the report: {report}", soft_wrap=True)


def _complain(why: str) -> None:
    complaints.print(f"crossover: {escape(why)}")
