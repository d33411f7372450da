"""The plan of a study: every trial by its fingerprint, checked before the first one is trained."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from components.parts import learns_from_a_source
from components.study.check_settings import check_settings
from components.study.dataset import Dataset
from components.study.device import device
from components.study.fingerprint import code_version, digest, library_versions, settings
from components.study.recipe import Recipe, base_name, names_above
from components.study.results import Family
from components.study.splits import Fold, fine_ladder, ladder, make_folds, numbers_of
from components.study.study import Study
from components.study.subject import Subject
from components.study.task_checks import check_tasks
from components.study.trust import untrusted_when_trained


@dataclass(frozen=True)
class Trial:
    """One system, one subset size, one draw seed, one init seed; fingerprint names its result.

    dataset_fingerprint, code: of the dataset and of the system's source, which every machine must share.
    """

    recogniser: str
    family: Family
    fold: str
    size: int
    draw: int
    init: int
    fingerprint: str
    dataset_fingerprint: str
    code: str


@dataclass(frozen=True)
class Plan:
    """What a study will do. systems: name -> every setting, as the trials will use them.

    untrusted: name -> classes for which nobody vouches, without which it cannot be loaded again once trained.
    """

    trials: tuple[Trial, ...]
    systems: dict[str, dict[str, Any]]
    untrusted: dict[str, list[str]] = field(default_factory=dict)

    @property
    def needing_labels(self) -> list[str]:
        """Systems that are left out at size 0, where others answer."""
        able = {trial.recogniser for trial in self.trials if not trial.size}
        return [name for name in self.systems if able and name not in able]

    @property
    def fingerprint(self) -> str:
        """Hash of all trials' fingerprints."""
        return digest(sorted(trial.fingerprint for trial in self.trials))


def make_plan(subject: Subject, study: Study, dataset: Dataset) -> Plan:
    """Subject, study and dataset -> every trial, smallest last.

    Builds each system. Raises ValueError for whatever would fail later: unknown names, settings that are
    not there or of another kind, sizes beyond a fold, a system that does not fit the data, an empty split.
    """
    folds = make_folds(dataset, subject.nouns, study.split, study.seed)
    for fold in folds:
        check_tasks(dataset.tasks, fold, dataset.name)
    sizes = _sizes(study, subject, folds)
    recipes = subject.recipes(study, dataset)
    _check_names(study, subject, recipes)
    built = _built(recipes, lambda name: subject.system(study, dataset, name))
    alone = _without_labels(subject, study, dataset, recipes) if 0 in sizes else {}
    _check_number(len(built) * len(folds) * len(sizes) * study.draws * study.inits)
    common = {"corpus": dataset.fingerprint, "libraries": library_versions(), "device": device(study)}
    trials: list[Trial] = []
    for systems, own_sizes in ((built, [size for size in sizes if size]), (alone, [0])):
        for name, system in systems.items():
            code = code_of(subject, system)
            made = {**common, "recogniser": base_name(name), "settings": settings(system), "code": code}
            made |= _source_of(subject, study, dataset, system)
            seeded = systems is built and _is_seeded(subject, study, dataset, name)
            for fold, size in itertools.product(folds, own_sizes):
                for draw, init in _seeds(study, seeded, size, len(fold.train)):
                    which = {"fold": _split_digest(fold), "size": size, "draw": draw, "init": init}
                    known = (digest(made | which), dataset.fingerprint, code)
                    trials.append(Trial(name, recipes[name].family, fold.name, size, draw, init, *known))
    trials.sort(key=lambda trial: -trial.size)
    return Plan(
        tuple(trials),
        {name: settings(system) for name, system in built.items()},
        _untrusted(study, built),
    )


MOST_TRIALS = 100_000
SCORING = ("components.study.counts", "components.study.splits")


def code_of(subject: Subject, system: Any) -> str:
    """Subject and one of its systems -> hash of all code that a result of it depends on."""
    return code_version(system, (*SCORING, subject.score.__module__))


def _built(names: Iterable[str], build: Callable[[str], Any]) -> dict[str, Any]:
    """Every system, untrained; ValueError that names all settings that cannot be used, of all systems."""
    built, wrong = {}, []
    for name in names:
        try:
            built[name] = build(name)
        except ValueError as error:
            wrong += [line for line in str(error).splitlines() if line not in wrong]
            continue
        try:
            check_settings(built[name])
        except ValueError as error:
            wrong += [f"{name}: {line}" for line in str(error).splitlines()]
    if wrong:
        raise ValueError("\n".join(wrong))
    return built


def _without_labels(
    subject: Subject, study: Study, dataset: Dataset, recipes: Mapping[str, Recipe]
) -> dict[str, Any]:
    """What answers without labels, by the name of the system in whose place; ValueError if nothing does."""
    able = [name for name, recipe in recipes.items() if recipe.without_labels]
    if not able:
        raise ValueError(
            f"size 0 of {study.title} expected a {subject.nouns.system} that answers from a source alone, "
            f"got {', '.join(recipes)}; add one to --{subject.nouns.systems}, or leave 0 out of --sizes."
        )
    return _built(able, lambda name: subject.without_labels(study, dataset, name))


def _source_of(subject: Subject, study: Study, dataset: Dataset, system: Any) -> dict[str, str]:
    """The fingerprint of the source whose examples a system is given; {} where it is not."""
    source = subject.source(study, dataset) if learns_from_a_source(system) else None
    return {} if source is None else {"source": source.fingerprint}


def _untrusted(study: Study, built: Mapping[str, Any]) -> dict[str, list[str]]:
    """Systems, untrained -> what they will hold and nobody vouches for; a subject's module is named."""
    named = [*study.trust, *filter(None, [study.subject.partition(":")[0]])]
    found = {name: untrusted_when_trained(system, named) for name, system in built.items()}
    return {name: classes for name, classes in found.items() if classes}


def _check_number(trials: int) -> None:
    if trials > MOST_TRIALS:
        raise ValueError(
            f"a study expected at most {MOST_TRIALS:,} trials, got {trials:,}; lower --draws or --inits, "
            "or name fewer --sizes."
        )


def _is_seeded(subject: Subject, study: Study, dataset: Dataset, name: str) -> bool:
    """Whether a second init seed changes a system at all."""
    free = study.model_copy(update={"settings": {one: {} for one in study.settings}})
    first, second = (settings(subject.system(free, dataset, name, init)) for init in (0, 1))
    return first != second


def _seeds(study: Study, seeded: bool, size: int, largest: int) -> list[tuple[int, int]]:
    """Draw and init seeds of the trials of one size, of a fold that has so many examples at the largest.

    Every draw starts networks from weights of its own, so few trials show both kinds of luck. Without
    weights to start from, there is one trial a draw, and one in all where a draw takes the whole fold, or
    nothing of it.
    """
    if seeded:
        return [(draw, draw * study.inits + i) for draw in range(study.draws) for i in range(study.inits)]
    return [(draw, 0) for draw in range(1 if size in (0, largest) else study.draws)]


def _sizes(study: Study, subject: Subject, folds: Sequence[Fold]) -> list[int]:
    largest = min(len(fold.train) for fold in folds)
    sizes = numbers_of(study.sizes, largest)
    smallest = 1 if study.adaptive else 0  # which is on no curve
    wrong = [size for size in sizes if not smallest <= size <= largest]
    if wrong:
        raise ValueError(
            f"sizes of {study.title} expected {smallest} to {largest} training {subject.nouns.examples}, "
            f"got {', '.join(map(str, wrong))}; leave those out of --sizes."
        )
    return sizes or (fine_ladder if study.adaptive else ladder)(largest)


def _check_names(study: Study, subject: Subject, names: Mapping[str, Recipe]) -> None:
    known = {above for name in names for above in names_above(name)}
    unused = [name for name in study.settings if name not in known]
    if unused:
        raise ValueError(
            f"settings expected names of compared {subject.nouns.systems} ({', '.join(names)}), got "
            f"{', '.join(unused)}; correct the name or add it to --{subject.nouns.systems}."
        )


def _split_digest(fold: Fold) -> str:
    """Who trains and who tests, in one hash."""
    return hashlib.sha256(fold.train.tobytes() + b"|" + fold.test.tobytes()).hexdigest()[:16]


def trial_tags(study: Study, trial: Trial) -> dict[str, Any]:
    """What MLflow can be searched by."""
    return {"study": study.title, "dataset": study.about, **asdict(trial)}
