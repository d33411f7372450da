"""Recognisers of any toolkit: a recipe in a TOML file says which commands train and ask it.

recipe.py is the file, checked; placeholders.py what stands in its commands; manifests.py writes clips as the
toolkit reads them, language_files.py what is known of the language; process.py runs a command; hypotheses.py
reads what it wrote; model_folder.py keeps what it trained; recogniser.py binds these to fit and predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from components.study.plugins import RECOGNISERS, FilePart, set_parts
from components.study.recipe import Recipe
from components.toolkits.recipe import read_recipe


def take_in_recipes(files: Sequence[str]) -> list[str]:
    """Paths of recipes -> their names, by which their recognisers can be named in this process from now on.

    They take the place of those of a study before. Raises ValueError, one sentence, for a file that could not
    run.
    """
    parts = [_part(Path(file)) for file in files]
    set_parts("--recipe", parts)
    return [part.name for part in parts]


def _part(path: Path) -> FilePart:
    recipe = read_recipe(path)
    build = partial(_build, str(path))
    build.__doc__ = recipe.summary
    return FilePart(RECOGNISERS, recipe.name, path, Recipe(build, recipe.family))


def _build(path: str) -> Any:
    from components.toolkits.recogniser import ToolkitRecogniser  # knows every reader: slow to import

    return ToolkitRecogniser(path)
