"""A look at a corpus, without a study."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from components.speech.study import SpeechStudy
from components.study.checks import unaccepted, way_out
from components.subjects import subject_of
from components.toolkits.placeholders import filled
from components.toolkits.recipe import files_of, read_recipe
from flows.check_terminal import show_check
from flows.terminal import reading


def show_recipes(files: Sequence[str], screen: Console) -> None:
    """Files of recipes -> their commands as they would run, on the screen; ValueError for one that could not.

    A name in capitals stands for what only a trial knows.
    """
    for file in files:
        path = Path(file)
        recipe = read_recipe(path)
        values = {name: name.upper() for name in recipe.asks_for} | {"python": sys.executable}
        screen.print(f"[bold]{escape(recipe.name)}[/bold]  {recipe.family}, in {escape(str(path.parent))}:")
        for what, command in recipe.commands.items():
            words = filled(command, values, recipe.shell)
            screen.print(f"  {what}: {escape(shlex.join(words))}", soft_wrap=True)
        names = ", ".join(inner.name for inner in files_of(path, recipe))
        screen.print(f"  its results are of these files: {escape(names)}", soft_wrap=True)


def look_at(study: SpeechStudy, screen: Console) -> bool:
    """Study -> its corpus read and looked at, on the screen; whether nothing stops the study."""
    subject = subject_of(study)
    show_recipes(study.recipe, screen)
    with reading(screen, lambda: None) as progress:
        dataset = subject.read(study, progress)
    check = subject.check(study, dataset)
    screen.print(f"[bold]{escape(dataset.name)}[/bold]", soft_wrap=True)
    show_check(check, screen, study.accept)
    stops = unaccepted(check, study.accept)
    if stops:
        screen.print(way_out(stops), soft_wrap=True)
    elif not check.of("look"):
        screen.print("[green]fine[/green]  Nothing to look at.")
    return not stops
