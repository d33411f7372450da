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
from components.study.recipe import chosen_recipes, configure, find_recipe
from components.study.subject import Progress, Subject, Training, asked_settings
from components.subjects.source import trained_before, training_on_source

if TYPE_CHECKING:
    from components.report.sections import Section
    from components.speech.study import SpeechStudy
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
    """Study and dataset -> the recognisers to compare: those asked for, else all that have what they need.

    Raises ValueError for those that start from a source where there is none, and a source that none needs.
    """
    from components.keywords.recipes import FROM_SOURCE, RECIPES

    has_source = bool(study.source or study.pretrained)
    usual = RECIPES | (FROM_SOURCE if has_source else {})
    chosen = chosen_recipes(RECIPES | FROM_SOURCE, study.systems or list(usual), WAKE_WORD_NOUNS.system)
    starting = [name for name, recipe in chosen.items() if recipe.source]
    if starting and not has_source:
        raise ValueError(
            f"{', '.join(starting)} expected a corpus to learn from as well, got none; add --source CORPUS."
        )
    if has_source and not starting:
        raise ValueError(
            f"source expected a recogniser that starts from it, got {', '.join(chosen)}; add one of "
            f"{', '.join(FROM_SOURCE)} to --recognisers, or leave the source out."
        )
    return chosen


def pretraining(study: WakeWordStudy, dataset: Dataset) -> SpeechStudy | None:
    """Study and dataset -> the study of speech that trains on all of its source; None without any."""
    if not study.source or study.pretrained:
        return None
    sources = {recipe.source for recipe in recipes(study, dataset).values() if recipe.source}
    return training_on_source(study, dataset.facts["rate"], sorted(sources))


def build(study: WakeWordStudy, dataset: Dataset, name: str, init: int = 0) -> Any:
    """A recogniser's name -> the untrained recogniser with the study's settings."""
    from components.keywords.recipes import FROM_SOURCE, RECIPES

    everywhere = {"seed": init, "device": device(study), "snr_db": study.snr_db}
    recipe = find_recipe(RECIPES | FROM_SOURCE, name, WAKE_WORD_NOUNS.system)
    if recipe.source:
        everywhere |= {"source": str(trained_before(study, recipe.source)), "rate": dataset.facts["rate"]}
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
    pretraining=pretraining,
    sections=sections,
    try_it=("listen", "--keyword"),
)
