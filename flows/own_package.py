"""Packages of one's own: `crossover new` writes one, `crossover check` tries the laws on its parts."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal
from unittest import SkipTest

import typer
from rich.console import Console
from rich.markup import escape

from flows.console import screen


def new(
    kind: Annotated[Literal["stage", "recogniser", "corpus"], typer.Argument(help="what it is to add")],
    name: Annotated[str, typer.Argument(help="of the package, such as loud-clips")],
    folder: Annotated[Path, typer.Option(metavar="DIR", help="where its folder is made")] = Path("."),
) -> None:
    """Write a small package with a part of your own, which this project finds once it is installed.

    It has code that works, its entry point, and a test that holds it to the laws that every part keeps.
    """
    from components.scaffold import write_package
    from flows.terminal import command

    written = write_package(kind, name, folder)
    shown = ", ".join(str(path.relative_to(written.folder)) for path in written.files)
    screen.print(f"{escape(str(written.folder))}: {shown}", soft_wrap=True)
    option = "--corpus" if kind == "corpus" else "--recognisers"
    compared = written.entry if kind == "corpus" else f"{written.entry},mel-ctc"
    program = command()
    for words in (
        [str(Path(program).with_name("python")), *("-m", "pip", "install", "-e"), str(written.folder)],
        [program, "check", name],
        [program, "compare", option, compared],
    ):
        screen.print(f"Next:  {escape(shlex.join(words))}", soft_wrap=True)


def keeps_the_laws(module: str, screen: Console) -> bool:
    """Name of a module -> the laws of its parts tried, on the screen; whether none is broken."""
    from components.laws import laws_of

    laws, broken, untried = laws_of(module), 0, 0
    for law in laws:
        try:
            law()
        except SkipTest as why:
            untried += 1
            screen.print(f"[yellow]not tried[/yellow]  {escape(f'{law}: {why}')}", soft_wrap=True)
        except Exception as error:
            broken += 1
            text = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            screen.print(f"[red]broken[/red]  {escape(f'{law}: {text}')}", soft_wrap=True)
    kept = len(laws) - broken - untried
    screen.print(f"{module}: {kept} of {len(laws)} laws kept, {untried} not tried.", soft_wrap=True)
    return not broken
