"""What can be named: the commands `crossover corpora` and `crossover recognisers`."""

from __future__ import annotations

from collections.abc import Mapping

from rich.markup import escape

from components.study.recipe import Recipe
from flows.arguments import Setting
from flows.console import screen

MARKS = "* compared where a study names no recognisers; ** where it has a --source as well"
VARIANTS = (
    "NAME:plain learns from the clips as they are, NAME:augmented from altered ones as well, "
    "NAME:speed+noise from clips altered so; kinds:"
)


def corpora(plugin: Setting = None) -> None:
    """List the corpora that can be compared on."""
    from components.speech.corpus import named_corpora
    from flows.options import take_in_files

    take_in_files(plugin)
    for name, corpus in named_corpora().items():
        screen.print(f"{name:24} {escape(corpus.summary)}", soft_wrap=True)


def recognisers(plugin: Setting = None) -> None:
    """List the recognisers that can be compared, those of words and those of a wake word."""
    from components.keywords.recipes import FROM_SOURCE, RECIPES
    from components.recognisers import catalogue
    from components.speech.augmentation.policy import KINDS
    from flows.options import take_in_files

    take_in_files(plugin)
    _show(catalogue())
    screen.print("\nOf a wake word, with --subject wake-words:")
    _show(RECIPES | FROM_SOURCE)
    screen.print(f"\n{MARKS}", soft_wrap=True)
    screen.print(f"{VARIANTS} {', '.join(KINDS)}", soft_wrap=True)


def _show(recipes: Mapping[str, Recipe]) -> None:
    """Recipes by name -> a line each: name with its marks, family, summary."""
    for name, recipe in recipes.items():
        mark = "*" * recipe.usual + "*" * bool(recipe.usual and recipe.source)
        screen.print(f"{name + mark:24} {recipe.family:11} {escape(recipe.summary)}", soft_wrap=True)
