"""Packages of one's own: `crossover new` writes one, `crossover check` tries the laws on its parts."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from unittest import SkipTest

import typer
from rich.console import Console
from rich.markup import escape

from components.errors import did_you_mean
from components.study.plugins import GROUPS, check_one_copy, packages_with_parts
from flows.console import screen

LIKE_A_PACKAGE = re.compile(r"[A-Za-z]\w*(-\w+)*")  # and no path of a file, nor a corpus with options


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
    checked, compare = ([command(), *words] for words in (("check", name), ("compare", option, compared)))
    for line in (install(str(written.folder)), shlex.join(checked), shlex.join(compare)):
        screen.print(f"Next:  {escape(line)}", soft_wrap=True)


def install(folder: str) -> str:
    """The folder of a package -> the line that installs it beside this project."""
    from flows.terminal import command

    python = Path(command()).with_name("python")
    return shlex.join([str(python), "-m", "pip", "install", "-e", folder])


def installed_module(name: str) -> str:
    """What `crossover check` is given -> the module of the package that it names; "" for a corpus.

    A package is named as it is called, as its module is, or by its folder. Raises ValueError, with the line
    that installs it, for one that is not installed, and where there are two copies of it.
    """
    from components.speech.corpus import is_named

    if is_named(name):
        return ""
    project = _project(Path(name))
    if module := packages_with_parts().get(project.get("name", name)):
        check_one_copy(module)
        return module
    if project:
        raise ValueError(
            f"check expected a package that is installed, got the folder {name} of one that is not: "
            f"{install(name)}"
        )
    if LIKE_A_PACKAGE.fullmatch(name) and not Path(name).exists():
        raise _unknown(name)
    return ""


def _project(folder: Path) -> Mapping[str, Any]:
    """The folder of a package with parts -> what it says of itself; {} for any other path."""
    file = folder / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {}) if file.is_file() else {}
    return project if not {*GROUPS}.isdisjoint(project.get("entry-points", ())) else {}


def _unknown(name: str) -> ValueError:
    from components.speech.corpus import CORPORA

    nearest = did_you_mean(name, [*packages_with_parts(), *CORPORA])
    return ValueError(
        f"check expected a corpus, its path, or an installed package with parts, got {name!r}; "
        f"{nearest or 'crossover corpora lists the corpora.'} A package of yours is installed with "
        f"{install('FOLDER')}"
    )


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
