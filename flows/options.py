"""What the command line may be asked: the settings of a study as options, made from their fields.

A setting is written once, in the class of its study: name, kind, help and limits of its option come from
there.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, get_origin

import typer
from pydantic.fields import FieldInfo

from components.study.plugin_files import take_in
from components.study.recipe import read_value
from components.study.setting import METAVAR, RUN, WHOLE
from components.study.study import OF_FILES, Study, about, read_study_file, typed_names
from components.subjects import check_study, find_subject
from flows.arguments import StudyFile, names
from flows.statuses import MEANING

PANELS = {True: "How it is run and reported", False: "What is compared"}
PATH = "PATH"  # METAVAR of a setting whose value is a file or folder of this machine
KIND = {int: int, float: float, bool: bool}  # what typer checks by itself; all else is text

Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="RECOGNISER.KNOB=VALUE",
        help="change a setting; repeatable",
        rich_help_panel=PANELS[False],
    ),
]


def option(name: str, kind: type[Study] | None = None, panel: bool = False) -> Any:
    """Name of a setting as users type it -> the annotation of its option; None where it is not asked for."""
    field = typed_names(kind or find_subject().settings)[name]
    more = {"rich_help_panel": PANELS[bool(about(field, RUN))]} if panel else {}
    words = f"{field.description}{_default(field)}"
    help_text = dict(help=words, show_default=False, metavar=about(field, METAVAR))
    least = next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None)
    if about(field, METAVAR) == "MONEY":
        more["min"] = least
    return Annotated[_typed(field) | None, typer.Option(*_flags(name, field), **help_text, **more)]


def _typed(field: FieldInfo) -> type:
    if get_origin(field.annotation) is list:
        return list[str]
    return Path if about(field, METAVAR) == PATH else KIND.get(field.annotation, str)


def _default(field: FieldInfo) -> str:
    """What the help adds on a setting that is not given; nothing where that is empty, or said already."""
    usual = field.default
    if (usual in ("", [], {}, False) and usual != 0.0) or usual is False:
        return ""
    words = "on" if usual is True else f"{usual:g}" if isinstance(usual, float) else str(usual)
    return "" if f"{words}:" in (field.description or "") else f" (default: {words})"


def _flags(name: str, field: FieldInfo) -> list[str]:
    """The flags of an option: of a switch that is off, --name; of one that is on, --no-name as well."""
    flag = f"--{name.replace('_', '-')}"
    if field.annotation is not bool:
        return [flag]
    return [f"{flag}/--no-{flag[2:]}" if field.default else flag]


def for_subject(
    function: Callable[..., None], words: Sequence[str], about_it: Mapping[str, Any]
) -> tuple[Callable[..., None], dict[str, Any]]:
    """A command with every setting, and the words behind it -> the command for the subject that they name.

    about_it: what typer is told of the command; examples are the usual subject's and left out for others.
    """
    take_in(_named(words, "plugin"))
    subject = find_subject(next(iter(_named(words, "subject")), ""))

    @functools.wraps(function)
    def command(**asked: Any) -> None:
        function(**asked)

    command.__signature__, command.__annotations__ = study_options(subject.settings), {}
    if subject == find_subject():
        return command, dict(about_it)
    system = subject.nouns.system
    command.__doc__ = f"Train and score every {system} at every size, and say where end-to-end wins."
    return command, {**about_it, "epilog": MEANING}


def study_options(kind: type[Study]) -> inspect.Signature:
    """Class of a study -> signature of a command that takes a study file and every setting as an option."""
    options = {name: option(name, kind, panel=True) for name in typed_names(kind) if name not in OF_FILES}
    annotations = {"study": StudyFile, **options, "knobs": Set}
    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [inspect.Parameter(name, keyword, default=None, annotation=a) for name, a in annotations.items()]
    )


def asked_study(file: Path | None, asked: Mapping[str, Any]) -> Study:
    """A study file and the options given -> the checked study."""
    values = read_study_file(file) if file else {}
    given = {name: value for name, value in asked.items() if value is not None and name != "knobs"}
    values = {**values, **given}
    take_in_files(values.get("plugin"))
    fields = typed_names(find_subject(str(values.get("subject") or "")).settings)
    values |= {name: _read(value, fields.get(name)) for name, value in given.items()}
    for knob in asked.get("knobs") or []:
        _set(values.setdefault("settings", {}), knob)
    return check_study(values)


def _read(value: Any, field: FieldInfo | None) -> Any:
    """An option's value -> the setting's: lists at their commas, unless they are whole, paths in full."""
    if isinstance(value, Path):
        return str(value.expanduser().resolve())
    if field is not None and get_origin(field.annotation) is list and not about(field, WHOLE):
        return names(value)
    return value


def take_in_files(typed: Sequence[str] | None) -> None:
    """--plugin as it is typed -> the parts of its files can be named."""
    take_in(names(typed))


def _named(words: Sequence[str], name: str) -> list[str]:
    """Words behind `compare` -> what they, else the study file among them, give a setting."""
    found: list[str] = []
    for before, word in pairwise(["", *words]):
        flag, equals, value = word.partition("=")
        found += [value] if equals and flag == f"--{name}" else [word] if before == f"--{name}" else []
    if found:
        return names(found)
    named = [Path(word) for before, word in pairwise(["", *words]) if before != "--recipe"]
    files = [path for path in named if path.suffix in (".json", ".toml") and path.is_file()]
    return next((names(value) for file in files if (value := read_study_file(file).get(name))), [])


def _set(settings: dict[str, Any], knob: str) -> None:
    """`recogniser.knob=value` -> into the settings, the value read as JSON where it is."""
    name, equals, value = knob.partition("=")
    system, dot, key = name.partition(".")
    if not (equals and dot and system and key):
        raise ValueError(
            f"--set expected RECOGNISER.KNOB=VALUE, got {knob!r}; for example mel-ctc.channels=64."
        )
    settings.setdefault(system, {})[key] = read_value(value)
