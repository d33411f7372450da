"""What several commands take, as typer reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

# stands for the option of the setting that a parameter is named after
Setting = Annotated[str | None, typer.Option(hidden=True)]
StudyFile = Annotated[
    Path | None, typer.Argument(metavar="[STUDY]", help="a study file, JSON or TOML; options override it")
]
StudyName = Annotated[str, typer.Argument(help="a study's name or run id; the newest if left out")]
Run = Annotated[str, typer.Argument(help="id of a trial's run, from the report or the MLflow page")]


def names(typed: str | Sequence[str] | None) -> list[str]:
    """What an option that takes several names was given, with commas or again -> these."""
    texts = [typed] if isinstance(typed, str) else typed or []
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]
