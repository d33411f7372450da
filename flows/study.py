"""A study: everything that can be asked for, checked at once, readable from JSON or TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from joblib import cpu_count
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator


class Study(BaseModel):
    """One comparison: recognisers x training sizes x seeds on one corpus."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", description="what the study is called in MLflow; made from the corpus if empty")
    corpus: str = Field("spoken-commands", description="a corpus by name, or the path of your own manifest")
    data: str = Field(
        "", description="the folder of the corpus's recordings; empty: CROSSOVER_DATA, else download"
    )
    rate: int = Field(0, ge=0, description="samples a second, Hz; 0: the corpus's own")
    max_seconds: float = Field(20.0, gt=0, description="longer recordings are set aside")
    split: str = Field(
        "auto", description="who is tested: " + "auto, declared, speakers, leave-one-speaker-out, clips"
    )
    recognisers: list[str] = Field(
        [],
        description="names from `crossover recognisers`, also as mel-ctc:plain or mel-ctc:speed+noise; "
        "empty: the usual ones that fit",
    )
    augmentation: str = Field(
        "usual",
        description="altering training clips: usual, as each recogniser does; plain, none; augmented, with "
        "speed+vtlp+noise+gain+masking; both, to compare these two; or such kinds, and room",
    )
    sizes: list[int] = Field([], description="labelled utterances to train on; empty: eight from 20 to all")
    draws: int = Field(3, ge=1, description="how many times the training subsets are drawn anew")
    adaptive: bool = Field(
        False,
        description="run only trials that narrow the crossover's interval: few sizes first, "
        "then sizes and draws near the crossing; the full grid is --sizes, else from 20 to all by "
        "square roots of 2, times --draws",
    )
    width: float = Field(
        2.0, gt=1, description="with --adaptive: enough when the interval's ends are so many times apart"
    )
    most_trials: int = Field(
        0, ge=0, description="with --adaptive: trials to spend in all; 0: a third of the full grid"
    )
    most_minutes: float = Field(
        0.0, ge=0, description="with --adaptive: begin no round after so many minutes; 0: no limit"
    )
    inits: int = Field(1, ge=1, description="how many times each network starts from other weights")
    seed: int = Field(0, ge=0, description="seed of the corpus and of a drawn split")
    grammar: str = Field(
        "",
        description="a JSGF file: its public rule says all that may be said; "
        "without one, its rules are classes of words that stand for one another",
    )
    settings: dict[str, dict[str, Any]] = Field({}, description="recogniser -> setting -> value")
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where networks train; auto: CUDA if there"
    )
    workers: int = Field(0, ge=0, description="trials at once on this machine; 0: one a core")
    audio: bool = Field(
        True,
        description="whether the report carries the test recordings that the families differ on most, for "
        "whoever gets the page to listen to",
    )
    label_price: float = Field(
        0.0, ge=0, description="what it costs to label one utterance, in any money: for the report's trades"
    )
    hour_price: float = Field(0.0, ge=0, description="what an hour of training costs, in the same money")
    timeout_minutes: float = Field(
        60.0, gt=0, description="a trial that takes longer is ended and counted as failed"
    )
    tracking: str = Field(
        "", description="MLflow address, or a folder; empty: MLFLOW_TRACKING_URI, else ./mlruns"
    )
    dask: str = Field("", description="address of a Dask scheduler whose workers run the trials")

    @field_validator("grammar")
    @classmethod
    def _grammar_text(cls, grammar: str) -> str:
        """The file's text in the place of its path, so that no machine and no later day needs the file."""
        return grammar_text(grammar) if grammar else ""

    @field_validator("adaptive")
    @classmethod
    def _has_an_interval(cls, adaptive: bool, others: ValidationInfo) -> bool:
        if adaptive and others.data.get("draws") == 1:
            raise ValueError("expected at least 2 draws, got 1: one draw has no interval; raise --draws.")
        return adaptive

    @field_validator("width", "most_trials", "most_minutes")
    @classmethod
    def _is_used(cls, value: float, others: ValidationInfo) -> float:
        """A limit of a growing plan is refused where no plan grows."""
        if others.data.get("adaptive") is False and value != cls.model_fields[others.field_name].default:
            raise ValueError(f"expected an adaptive study, got {value:g} without; add --adaptive.")
        return value

    @property
    def title(self) -> str:
        """The study's name, or one made from its corpus and split."""
        return self.name or (self.corpus if self.split == "auto" else f"{self.corpus} ({self.split})")

    @property
    def cores(self) -> int:
        """Trials at once on this machine."""
        return self.workers or cpu_count()


def check_study(values: Mapping[str, Any]) -> Study:
    """Settings by name -> study; ValueError listing every bad one at once, with the nearest known name."""
    try:
        return Study.model_validate(dict(values))
    except ValidationError as error:
        lines = [_sentence(problem) for problem in error.errors()]
        raise ValueError(
            "the study's settings cannot be used:\n" + "\n".join(f"  {line}" for line in lines)
        ) from None


def _sentence(problem: Mapping[str, Any]) -> str:
    where = ".".join(map(str, problem["loc"]))
    if problem["type"] == "value_error":
        return f"{where}: {problem['ctx']['error']}"
    if problem["type"] != "extra_forbidden":
        return f"{where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}, got {problem['input']!r}."
    near = get_close_matches(where, Study.model_fields, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{where}: no such setting; {hint}known: {', '.join(Study.model_fields)}."


def grammar_text(grammar: str) -> str:
    """Path of a grammar file, or its text -> its text, checked; ValueError that says where it breaks."""
    from components.speech.decoding.build_lm import check_grammar  # slow to import, and seldom needed

    if grammar.lstrip("\ufeff \n").startswith("#JSGF"):
        check_grammar(grammar)
        return grammar
    path = Path(grammar).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig")
        check_grammar(text)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ValueError(f"{path} cannot be used: {error}") from None
    return text


def read_study_file(path: Path) -> dict[str, Any]:
    """A JSON or TOML file -> settings by name; ValueError that says where the file breaks."""
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"study file {path} expected {path.suffix[1:].upper()}, got: {error}.") from None
    except OSError as error:
        raise ValueError(f"study file {path} cannot be read: {error.strerror}.") from None
    if not isinstance(values, dict):
        raise ValueError(f"study file {path} expected settings by name, got a {type(values).__name__}.")
    return values
