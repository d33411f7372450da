"""A subject: what a study is about, as the few questions that the study asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.study.checks import DataCheck
from components.study.dataset import Dataset
from components.study.device import device
from components.study.nouns import Nouns
from components.study.recipe import (
    SEEDS,
    Recipe,
    chosen_recipes,
    configure,
    find_recipe,
    named_settings,
    names_above,
)
from components.study.splits import Fold, source_fold
from components.study.study import Study
from components.study.unlabelled import Unlabelled

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int, str], None]  # (done, total, what)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A trained system and its answers: what a subject counts errors and costs of.

    train: the examples it was trained on. test, targets, predictions: of the test side, in order. scores: one
    row a test example, as `Subject.score` gives them. Seconds are those of all examples together.
    """

    system: Any
    train: Sequence[Any]
    test: Sequence[Any]
    targets: Sequence[Any]
    predictions: Sequence[Any]
    scores: pd.DataFrame
    train_seconds: float
    predict_seconds: float


@dataclass
class Training:
    """What surrounds the fit of one trial. seconds_before: how long it trained before it was interrupted."""

    seconds_before: float = 0.0


@dataclass(frozen=True)
class Serving:
    """How a trained system is logged as an MLflow model.

    script: file that makes the model ("models from code"). inputs: column -> MLflow's name of its type.
    outputs: a trained system and a test example -> the same of what it answers. example: a test example -> a
    table with the input's columns. about: a test example -> what the script must know beside the system, as
    JSON.
    """

    script: Path
    inputs: Mapping[str, str]
    outputs: Callable[[Any, Any], Mapping[str, str]]
    example: Callable[[Any], pd.DataFrame]
    about: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """What a study is about.

    Attributes
    ----------
    name : as studies keep it
    nouns : the words for it
    read : study and progress -> the dataset, every example checked
    recipes : study and dataset -> name -> recipe of each system to compare; ValueError for a misfit
    score : ids, groups, targets, predictions -> one row a test example: id, group, errors, total and its own
    build : study, dataset, name and init seed -> the untrained system; None for the recipe's
    settings : class of its studies
    metrics : what it measures of a trial beyond rate, seconds and size
    drawn : those of these metrics that MLflow charts over the training size
    prepare : study, dataset, names and progress -> what trials share is computed
    surround : dataset, key of the trial, report_progress -> context in which it trains and predicts
    attachment : a test example -> bytes of a file, kept with the study for the reader of its report
    check : study and dataset -> a look at the data before anything is trained on them
    pretraining : study and dataset -> the study that trains what its systems start from; None without any
    source : study and dataset -> the dataset of its source; None without any
    source_metrics : study and trained system -> what it measures of the system on the data it started from
    without_labels : study, dataset and name -> the untrained system that answers in its place where nothing
        is labelled; None where there is none
    sections : makes the parts of a report that only this subject has, as components.report takes them
    serving : how a trained system is logged; None: as its files alone
    try_it : words of the command that tries a trained system, behind the run's id
    """

    name: str
    nouns: Nouns
    read: Callable[[Study, Progress | None], Dataset]
    recipes: Callable[[Study, Dataset], Mapping[str, Recipe]]
    score: Callable[[Sequence[str], Sequence[str], Sequence[Any], Sequence[Any]], pd.DataFrame]
    build: Callable[[Study, Dataset, str, int], Any] | None = None
    settings: type[Study] = Study
    metrics: Callable[[Evaluation], dict[str, float]] = lambda evaluation: {}
    drawn: tuple[str, ...] = ()
    prepare: Callable[[Study, Dataset, Sequence[str], Progress | None], None] = lambda *_: None
    surround: Callable[[Dataset, str, Callable[[Any], None]], AbstractContextManager[Training]] = field(
        default=lambda *_: nullcontext(Training())
    )
    attachment: Callable[[Any], bytes] | None = None
    check: Callable[[Study, Dataset], DataCheck] = lambda study, dataset: DataCheck()
    pretraining: Callable[[Study, Dataset], Study | None] = lambda study, dataset: None
    source: Callable[[Study, Dataset], Dataset | None] = lambda study, dataset: None
    source_metrics: Callable[[Study, Any], dict[str, float]] = lambda study, system: {}
    without_labels: Callable[[Study, Dataset, str], Any | None] = lambda study, dataset, name: None
    sections: Callable[[], Sequence[Any]] = tuple
    serving: Serving | None = None
    try_it: tuple[str, str] | None = None

    def nouns_of(self, dataset: Dataset) -> Nouns:
        """The words for a dataset: its own, else the subject's."""
        return dataset.nouns or self.nouns

    def unlabelled(self, study: Study, dataset: Dataset, fold: Fold, labelled: Iterable[int]) -> Unlabelled:
        """A fold and its labelled positions -> the rest of its training side and that of the source."""
        rest = dataset.unlabelled(sorted({*fold.train.tolist()} - {*map(int, labelled)}))
        source = self.source(study, dataset)
        return rest if source is None else rest + source.unlabelled(source_fold(source, self.nouns).train)

    def system(self, study: Study, dataset: Dataset, name: str, init: int = 0) -> Any:
        """A system's name -> the untrained system with the study's settings."""
        if self.build is not None:
            return self.build(study, dataset, name, init)
        recipe = find_recipe(self.recipes(study, dataset), name, self.nouns.system)
        everywhere = {**dict.fromkeys(SEEDS, init), "device": device(study)}
        return configure(name, recipe.build(), asked_settings(study, name), everywhere)


def catalogue(recipes: Mapping[str, Recipe], what: str) -> Callable[[Study, Dataset], Mapping[str, Recipe]]:
    """Name -> recipe, and what these are -> a subject's `recipes`: those asked for, else the usual ones."""
    return partial(_chosen, recipes, what)


def _chosen(recipes: Mapping[str, Recipe], what: str, study: Study, dataset: Dataset) -> Mapping[str, Recipe]:
    return chosen_recipes(recipes, study.systems, what)


def asked_settings(study: Study, name: str) -> dict[str, Any]:
    """Study and a system's name -> the settings asked for: of all its variants, of this one, in its name."""
    asked = [*(study.settings.get(above, {}) for above in names_above(name)), named_settings(name)]
    return {knob: value for own in asked for knob, value in own.items()}
