"""A recipe: how a recogniser of any toolkit is trained and asked, as a TOML file says it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from components.errors import unknown
from components.study.results import Family
from components.study.study import read_study_file
from components.toolkits.placeholders import (
    TRAIN,
    TRANSCRIBE,
    check_placeholders,
    placeholders,
    words_of,
)

Form = Literal["kaldi", "nemo", "lhotse", "csv"]  # of a manifest
NAME = r"^[\w-]+$"


class ToolkitRecipe(BaseModel):
    """What a recipe's file says. Commands run in its folder.

    Attributes
    ----------
    name, family, summary : of the recogniser, as the catalogue has them.
    train : the command that trains it into the folder {model}; "" for one that is used as it comes.
    transcribe : the command that writes the file {hypotheses} for the clips of {test}.
    manifest : how {train} and {test} are written.
    hypotheses : name of the file that is written; its ending says how: .csv, .tsv, .jsonl, .trn, else as
        Kaldi's text.
    environment : variables of the commands besides those that are there.
    files : files and folders that the commands read and do not name.
    timeout_minutes : after which a command is ended; 0: the study's time-out alone.
    shell : whether a shell reads the commands.
    keep : whether the model folder is kept with the trial, to transcribe with later.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=NAME)
    family: Family
    transcribe: str = Field(min_length=1)
    train: str = ""
    summary: str = ""
    manifest: Form = "kaldi"
    hypotheses: str = Field("text", pattern=r"^[\w.-]+$")
    environment: dict[str, str] = {}
    files: list[str] = []
    timeout_minutes: float = Field(0.0, ge=0)
    shell: bool = False
    keep: bool = False

    @property
    def commands(self) -> dict[str, str]:
        """The commands that it has, by what they do."""
        return {what: command for what in ("train", "transcribe") if (command := getattr(self, what))}

    @property
    def asks_for(self) -> frozenset[str]:
        """Names of the placeholders in its commands."""
        return frozenset().union(*map(placeholders, self.commands.values()))


def read_recipe(path: Path) -> ToolkitRecipe:
    """A TOML file -> the recipe. Raises ValueError, one sentence, for whatever could not run."""
    values = read_study_file(path, "recipe")
    try:
        recipe = ToolkitRecipe.model_validate(values)
    except ValidationError as error:
        problems = sorted(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
        raise _unusable(path, problems[0]) from None
    known = {"train": (TRAIN, ()), "transcribe": (TRANSCRIBE, ("test", "hypotheses"))}
    for what, command in recipe.commands.items():
        check_placeholders(f"{what} of {path}", command, *known[what])
        _check_program(f"{what} of {path}", command, recipe, path.parent)
    return recipe


def _unusable(path: Path, problem: Mapping[str, Any]) -> ValueError:
    where = ".".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden":
        return unknown(f"key of the recipe {path}", where, ToolkitRecipe.model_fields)
    if problem["type"] == "missing":
        return ValueError(f"recipe {path} expected {where}, got none; add it.")
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    return ValueError(f"recipe {path}: {where}: {message}, got {problem['input']!r}; correct it.")


def _check_program(what: str, command: str, recipe: ToolkitRecipe, folder: Path) -> None:
    """Raises ValueError where a command is empty or the program that it begins with is not there."""
    words = words_of(what, command)
    if not words:
        raise ValueError(f"{what} expected a command, got none; write one.")
    program = words[0].replace("{python}", sys.executable)
    path = recipe.environment.get("PATH", os.environ.get("PATH", ""))
    there = shutil.which(folder / program if "/" in program else program, path=path)
    if not (there or recipe.shell):
        raise ValueError(
            f"{what} expected a program {program}, got none that can be run; install it, or correct its name."
        )


def files_of(path: Path, recipe: ToolkitRecipe) -> list[Path]:
    """A recipe's file -> that file, every file that its commands name, and what `files` names."""
    folder = path.parent
    words = [word for what, command in recipe.commands.items() for word in words_of(what, command)]
    named = [folder / part for word in words for part in {word, word.rpartition("=")[2]} if part]
    found = [path, *(file for file in named if _is_file(file))]
    for file in (folder / name for name in recipe.files):
        found += sorted(inner for inner in file.rglob("*") if inner.is_file()) if file.is_dir() else [file]
    return list(dict.fromkeys(found))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a word that is too long for a name
        return False
