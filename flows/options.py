"""What the command line may be asked: its options, and the study they make."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.study import Study, check_study, read_study_file


def _asked(name: str, *flags: str, **more: Any) -> Any:
    """A setting of a study as an option; its help is the study's own description."""
    return typer.Option(*flags, help=Study.model_fields[name].description, show_default=False, **more)


StudyFile = Annotated[
    Path | None, typer.Argument(metavar="[STUDY]", help="a study file, JSON or TOML; options override it")
]
StudyName = Annotated[str, typer.Argument(help="a study's name or run id; the newest if left out")]
Run = Annotated[str, typer.Argument(help="id of a trial's run, from the report or the MLflow page")]
Name = Annotated[str | None, _asked("name")]
CorpusName = Annotated[str | None, _asked("corpus")]
Data = Annotated[Path | None, _asked("data")]
Rate = Annotated[int | None, _asked("rate")]
MaxSeconds = Annotated[float | None, _asked("max_seconds")]
Split = Annotated[str | None, _asked("split")]
Recognisers = Annotated[str | None, _asked("recognisers", metavar="A,B")]
Augmentation = Annotated[str | None, _asked("augmentation")]
Sizes = Annotated[str | None, _asked("sizes", metavar="20,100,...")]
Draws = Annotated[int | None, _asked("draws")]
Adaptive = Annotated[bool | None, _asked("adaptive", "--adaptive")]
Width = Annotated[float | None, _asked("width", metavar="TIMES")]
MostTrials = Annotated[int | None, _asked("most_trials")]
MostMinutes = Annotated[float | None, _asked("most_minutes")]
Inits = Annotated[int | None, _asked("inits")]
Seed = Annotated[int | None, _asked("seed")]
Grammar = Annotated[str | None, _asked("grammar", metavar="FILE")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="RECOGNISER.KNOB=VALUE", help="change a setting; repeatable"),
]
Device = Annotated[str | None, _asked("device")]
Workers = Annotated[int | None, _asked("workers")]
Audio = Annotated[bool | None, _asked("audio", "--audio/--no-audio")]
LabelPrice = Annotated[float | None, _asked("label_price", metavar="MONEY", min=0)]
HourPrice = Annotated[float | None, _asked("hour_price", metavar="MONEY", min=0)]
TimeOut = Annotated[float | None, _asked("timeout_minutes")]
Tracking = Annotated[str | None, _asked("tracking")]
Dask = Annotated[str | None, _asked("dask")]


def asked_study(file: Path | None, asked: dict[str, Any]) -> Study:
    """A study file and the options given -> the checked study."""
    values = read_study_file(file) if file else {}
    given = {name: value for name, value in asked.items() if value is not None and name != "knobs"}
    for name in {"recognisers", "sizes"} & given.keys():
        given[name] = [item.strip() for item in given[name].split(",") if item.strip()]
    given |= {"data": str(given["data"].expanduser().resolve())} if "data" in given else {}
    values = {**values, **given}
    for knob in asked["knobs"] or []:
        _set(values.setdefault("settings", {}), knob)
    return check_study(values)


def _set(settings: dict[str, Any], knob: str) -> None:
    """`recogniser.knob=value` -> into the settings, the value read as JSON where it is."""
    import json

    name, found, value = knob.partition("=")
    recogniser, dot, key = name.partition(".")
    if not (found and dot and recogniser and key):
        raise ValueError(
            f"--set expected RECOGNISER.KNOB=VALUE, got {knob!r}; for example mel-ctc.channels=64."
        )
    try:
        parsed = json.loads(value)
    except json.JSONDecodeError:
        parsed = value
    settings.setdefault(recogniser, {})[key] = parsed
