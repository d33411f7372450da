"""A study: everything that can be asked for, checked at once, readable from JSON or TOML.

Each setting is written once, here or in the class of a subject: its metadata say how it is typed, and whether
it is how a study is run and reported, which changes no number.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from components.study.address import without_passwords
from components.study.plugin_files import plugin_path
from components.study.recipe import expand_settings
from components.study.setting import PLACE, RUN, Size, setting

OF_FILES = ("settings", "variants")  # settings that have no option of their own
ADDRESSES = ("tracking", "dask")  # settings that may hold a password


class Study(BaseModel):
    """One comparison: systems x training sizes x seeds on one dataset."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    subject: str = setting(
        "", "what is studied: module:NAME of a Subject of your own; empty: the built-in one", place=True
    )
    name: str = setting("", "what the study is called in MLflow; made from the data if empty", run=True)
    split: str = setting("auto", "who is tested: auto, declared, by groups, one group each, by examples")
    systems: list[str] = setting([], "names of what is compared; empty: the usual ones", metavar="A,B")
    sizes: list[Size] = setting(
        [],
        "labelled examples to train on, all: the whole training side; empty: eight from 20 to all",
        metavar="20,100,...",
    )
    draws: int = setting(3, "how many times the training subsets are drawn anew", ge=1)
    adaptive: bool = setting(
        False,
        "run only trials that narrow the crossover's interval: few sizes first, then sizes and draws near "
        "the crossing; the full grid is --sizes, else from 20 to all by square roots of 2, times --draws",
    )
    width: float = setting(
        2.0, "with --adaptive: enough when the interval's ends are so many times apart", metavar="TIMES", gt=1
    )
    most_trials: int = setting(
        0, "with --adaptive: trials to spend in all; 0: a third of the full grid", ge=0
    )
    most_minutes: float = setting(
        0.0, "with --adaptive: begin no round after so many minutes; 0: no limit", ge=0
    )
    inits: int = setting(1, "how many times each network starts from other weights", ge=1)
    seed: int = setting(0, "seed of data that are made up, and of a drawn split", ge=0)
    settings: dict[str, dict[str, Any]] = setting({}, "name of what is compared -> setting -> value")
    plugin: list[str] = setting(
        [],
        "Python files with RECOGNISERS, CORPORA or SUBJECTS of your own, name -> part; they are run",
        run=True,
        metavar="FILE,...",
        place=True,
    )
    variants: dict[str, dict[str, Any]] = setting(
        {},
        "name -> base, what it is a variant of, and the settings in which it differs; compared with its base "
        "as BASE:NAME",
    )
    pretrained: list[str] = setting(
        [],
        "runs in MLflow of what was trained before, for those that start from it; empty: the study trains "
        "them on its source",
        run=True,
        metavar="NAME=RUN,...",
    )
    accept: list[str] = setting(
        [],
        "checks of the data that would stop the study, to go on knowingly; the report says so",
        run=True,
        metavar="NAME,...",
    )
    device: Literal["auto", "cpu", "cuda"] = setting(
        "auto", "where networks train; auto: CUDA if there", run=True
    )
    workers: int = setting(0, "trials at once on this machine; 0: one a core", run=True, ge=0)
    label_price: float = setting(
        0.0,
        "what it costs to label one example, in any money: for the report's trades",
        **{"run": True, "metavar": "MONEY", "ge": 0},
    )
    hour_price: float = setting(
        0.0, "what an hour of training costs, in the same money", run=True, metavar="MONEY", ge=0
    )
    timeout_minutes: float = setting(
        60.0, "a trial that takes longer is ended and counted as failed", run=True, gt=0
    )
    tracking: str = setting(
        "", "MLflow address, or a folder; empty: MLFLOW_TRACKING_URI, else ./mlruns", run=True, place=True
    )
    trust: list[str] = setting(
        [],
        "classes or modules outside this project that a trained system may hold, to load it again; also "
        "CROSSOVER_TRUST",
        run=True,
        metavar="NAME,...",
        place=True,
    )
    dask: str = setting("", "address of a Dask scheduler whose workers run the trials", run=True, place=True)

    @field_validator("systems")
    @classmethod
    def _one_name_for_each_setting(cls, systems: list[str]) -> list[str]:
        return list(dict.fromkeys(name for system in systems for name in expand_settings(system)))

    @field_validator("adaptive")
    @classmethod
    def _has_an_interval(cls, adaptive: bool, others: ValidationInfo) -> bool:
        if adaptive and others.data.get("draws") == 1:
            raise ValueError("expected at least 2 draws, got 1: one draw has no interval; raise --draws.")
        return adaptive

    @field_validator("pretrained")
    @classmethod
    def _names_runs(cls, pretrained: list[str]) -> list[str]:
        for pair in pretrained:
            if not all(pair.partition("=")):
                raise ValueError(f"expected NAME=RUN, got {pair!r}; for example mel-ctc=1f3a...")
        return pretrained

    @field_validator("plugin")
    @classmethod
    def _are_files(cls, plugin: list[str]) -> list[str]:
        """Whole paths, for processes that run elsewhere."""
        return [str(plugin_path(file)) for file in plugin]

    @field_validator("variants")
    @classmethod
    def _have_bases(cls, variants: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, own in variants.items():
            base = own.get("base")
            if not isinstance(base, str) or not base or ":" in base:
                raise ValueError(
                    f"{name} expected base, the name of what it is a variant of, got {base!r}; write "
                    f'base = "NAME" into [variants.{name}].'
                )
            if not re.fullmatch(r"[\w-]+", name):
                raise ValueError(f"expected a name of letters, digits, - and _, got {name!r}; rename it.")
        return variants

    @model_validator(mode="after")
    def _as_systems(self) -> Study:
        """Variants become what they stand for: systems called BASE:NAME, with settings of their own."""
        named = {name: f"{own['base']}:{name}" for name, own in self.variants.items()}
        bases = [own["base"] for own in self.variants.values()]
        asked = [named.get(name, name) for name in self.systems or bases]
        settings = {named.get(name, name): own for name, own in self.settings.items()}
        for name, own in self.variants.items():
            changed = {knob: value for knob, value in own.items() if knob != "base"}
            settings[named[name]] = changed | settings.get(named[name], {})
        self.systems = list(dict.fromkeys([*asked, *named.values()]))
        self.settings, self.variants = settings, {}
        return self

    @field_validator("width", "most_trials", "most_minutes")
    @classmethod
    def _is_used(cls, value: float, others: ValidationInfo) -> float:
        """A limit of a growing plan is refused where no plan grows."""
        if others.data.get("adaptive") is False and value != cls.model_fields[others.field_name].default:
            raise ValueError(f"expected an adaptive study, got {value:g} without; add --adaptive.")
        return value

    @property
    def title(self) -> str:
        """The study's name, or one made from what it is about and its split."""
        about = self.name or self.about
        return about if self.name or self.split == "auto" else f"{about} ({self.split})"

    @property
    def about(self) -> str:
        """What a study without a name is called by; a subject may name its data."""
        return self.subject.rpartition(":")[2].lower()

    @property
    def pretrained_runs(self) -> dict[str, str]:
        """Name of what was trained before -> its run in MLflow."""
        return dict(pair.split("=", 1) for pair in self.pretrained)

    @property
    def cores(self) -> int:
        """Trials at once on this machine."""
        from joblib import cpu_count  # slow to import, and not needed to type a command

        return self.workers or cpu_count()

    @classmethod
    def place_names(cls) -> list[str]:
        """Settings that may name a store, a path or a command."""
        return [name for name, field in typed_names(cls).items() if about(field, PLACE)]

    @classmethod
    def places(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Settings by name, not checked yet -> those that do name a store, a path or a command."""
        return {name: values[name] for name in cls.place_names() if values.get(name)}

    def recorded(self) -> dict[str, Any]:
        """Every setting by the name that users type, as MLflow keeps it."""
        return self._typed(self.shown().model_dump(by_alias=True))

    def asked(self) -> dict[str, Any]:
        """What is not as usual, as JSON by the names that users type."""
        return self._typed(self.shown().model_dump(mode="json", exclude_defaults=True, by_alias=True))

    def shown(self) -> Study:
        """The same study as it may be kept and shown: without the passwords of its addresses."""
        return self.model_copy(update={name: without_passwords(getattr(self, name)) for name in ADDRESSES})

    def _typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the names that users type -> the same, the subject's own ones first."""
        return {name: values[name] for name in typed_names(type(self)) if name in values}


def typed_names(kind: type[Study]) -> dict[str, FieldInfo]:
    """Class of a study -> the names that users type and their fields, the subject's own ones first."""
    own = [name for name in kind.model_fields if name not in Study.model_fields]
    names = [*own, *Study.model_fields]
    return {kind.model_fields[name].alias or name: kind.model_fields[name] for name in names}


def about(field: FieldInfo, key: str) -> Any:
    """A setting's field -> what its metadata say under a key; None without."""
    return (field.json_schema_extra or {}).get(key)


def run_settings(kind: type[Study]) -> frozenset[str]:
    """Class of a study -> names of settings that say how it is run and reported, not what it measures."""
    return frozenset(name for name, field in typed_names(kind).items() if about(field, RUN))


def check_study(values: Mapping[str, Any], kind: type[Study] = Study) -> Study:
    """Settings by name -> study; ValueError listing every bad one at once, with the nearest known name."""
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        lines = [_sentence(problem, kind) for problem in error.errors()]
        raise ValueError(
            "the study's settings cannot be used:\n" + "\n".join(f"  {line}" for line in lines)
        ) from None


def _sentence(problem: Mapping[str, Any], kind: type[Study]) -> str:
    where = ".".join(map(str, problem["loc"]))
    if problem["type"] == "value_error":
        return f"{where}: {problem['ctx']['error']}"
    if problem["type"] != "extra_forbidden":
        return f"{where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}, got {problem['input']!r}."
    known = typed_names(kind)
    near = get_close_matches(where, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{where}: no such setting; {hint}known: {', '.join(known)}."


def read_study_file(path: Path, what: str = "study file") -> dict[str, Any]:
    """A JSON or TOML file, and what it is -> settings by name; ValueError that says where it breaks."""
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{what} {path} expected {path.suffix[1:].upper()}, got: {error}.") from None
    except OSError as error:
        raise ValueError(f"{what} {path} cannot be read: {error.strerror}.") from None
    if not isinstance(values, dict):
        raise ValueError(f"{what} {path} expected settings by name, got a {type(values).__name__}.")
    return values
