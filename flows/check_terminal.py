"""What the terminal shows of a look at the data."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from components.study.checks import DataCheck

STYLES = {"look": "yellow", "stop": "bold red"}


def show_check(check: DataCheck, screen: Console, accepted: Sequence[str] = ()) -> None:
    """A look at the data -> its facts, and whatever is to be looked at or stops the study."""
    facts = Table.grid(padding=(0, 2))
    for what, text in check.facts.items():
        facts.add_row(f"[dim]{escape(what)}[/dim]", escape(text))
    screen.print(facts)
    for result in check.results:
        if result.verdict in STYLES:
            style = STYLES[result.verdict]
            taken = " (accepted)" if result.name in accepted else ""
            head = f"[{style}]{result.verdict}[/{style}]  {result.name}{taken}: "
            screen.print(head + escape(str(result)), soft_wrap=True)
