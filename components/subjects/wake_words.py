"""Wake words: what a study of one keyword in a stream needs to know of it, bound together.

Heavy parts are imported where they are needed: a study that has nothing to train never needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from components.keywords.nouns import WAKE_WORD_NOUNS
from components.keywords.scoring import LATENCY, metrics, score
from components.keywords.study import WakeWordStudy
from components.study.checks import DataCheck
from components.study.dataset import Dataset
from components.study.device import device
from components.study.recipe import chosen_recipes, configure
from components.study.subject import Progress, Subject, Training, asked_settings

if TYPE_CHECKING:
    from components.report.sections import Section
    from components.study.recipe import Recipe


def read(study: WakeWordStudy, progress: Progress | None = None) -> Dataset:
    """Study -> streams with the keyword and without it; ValueError where the study names neither."""
    from components.keywords.dataset import read_wake_words

    for name, example in (("corpus", "--corpus FOLDER"), ("keyword", "--keyword alexa")):
        if not getattr(study, name):
            raise ValueError(f"wake-words expected a {name}, got none; add one such as {example}.")
    return read_wake_words(study, progress)


def check(study: WakeWordStudy, dataset: Dataset) -> DataCheck:
    """Study and dataset -> what is worth knowing before it."""
    from components.keywords.check import check_wake_words

    return check_wake_words(study, dataset)


def recipes(study: WakeWordStudy, dataset: Dataset) -> Mapping[str, Recipe]:
    """Study and dataset -> the recognisers to compare: those asked for, else all."""
    from components.keywords.recipes import RECIPES

    return chosen_recipes(RECIPES, study.systems, WAKE_WORD_NOUNS.system)


def build(study: WakeWordStudy, dataset: Dataset, name: str, init: int = 0) -> Any:
    """A recogniser's name -> the untrained recogniser with the study's settings."""
    everywhere = {"seed": init, "device": device(study), "snr_db": study.snr_db}
    recipe = recipes(study.model_copy(update={"systems": [name]}), dataset)[name]
    return configure(name, recipe.build(), asked_settings(study, name), everywhere)


@contextmanager
def surround(dataset: Dataset, trial: str, report_progress: Callable[[Any], None]) -> Iterator[Training]:
    """Inside, trials share what is heard in rooms and noise."""
    from components.speech.features.store import shared_features

    with shared_features(dataset.folder / "features"):
        yield Training()


def sections() -> Sequence[Section]:
    """The parts of a report that only wake words have."""
    from components.report.wake_words import WAKE_WORD_SECTIONS

    return WAKE_WORD_SECTIONS


WAKE_WORDS = Subject(
    name="wake-words",
    nouns=WAKE_WORD_NOUNS,
    read=read,
    recipes=recipes,
    build=build,
    score=score,
    settings=WakeWordStudy,
    metrics=metrics,
    surround=surround,
    drawn=("false_alarms_per_hour", LATENCY),
    check=check,
    sections=sections,
    try_it=("listen", "--keyword"),
)
