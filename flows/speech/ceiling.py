"""The ceiling analysis of a study: trained recognisers from MLflow, test clips, and the numbers back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from components.parts import unwrapped
from components.speech.dataset import open_corpus, read_dataset
from components.speech.features.store import shared_features
from components.speech.inspection.ceiling.analysis import ceiling_analysis, has_stages
from components.study.dataset import Dataset
from components.study.results import StudyRecord, TrialResult
from components.study.splits import fold_named, make_folds
from components.study.study import Study
from components.study.tracking import Store, log_ceilings, read_study
from components.subjects import check_study
from components.subjects.speech import SPEECH, load_recogniser

Progress = Callable[[int, int, str], None]


def analyse(
    store: Store,
    name: str,
    every_draw: bool,
    data: Path | None,
    progress: Progress,
    trusted: Sequence[str] = (),
    plugin: Sequence[str] = (),
    skip: Callable[[str], None] = lambda why: None,
) -> list[dict[str, Any]]:
    """Name or run id of a study -> its analysed trials, as they are logged on its run.

    every_draw: not just the first of each size. data: the recordings, if not where the study had them.
    trusted: as study.saving.load takes it. plugin: files with parts. skip: told of every trial that cannot be
    loaded, and why. Raises ValueError if no finished trial has stages to replace, or the recordings are
    others. Files of code that the study names are not run: they are in a store.
    """
    record = read_study(store, name, scores=False)
    asked: dict[str, Any] = {"data": str(data.expanduser().resolve())} if data else {}
    asked |= {"plugin": list(plugin)} | ({"recipe": []} if "recipe" in record.settings else {})
    study = check_study(record.settings | asked)
    dataset = read_dataset(study, open_corpus(study, progress))
    _check_same(record, dataset)
    rows = [
        analysed
        for trial, recogniser in _loaded(store, chosen(record, every_draw), trusted, skip)
        if (analysed := _analysed(recogniser, study, dataset, trial, progress))
    ]
    if not rows:
        raise ValueError(
            f"study {record.name!r} expected a finished trial of a recogniser made of stages, such as "
            f"mfcc-gmm-hmm, got {', '.join(record.recognisers) or 'no trial'}; compare one first."
        )
    log_ceilings(store, record.run_id, rows)
    return rows


def chosen(record: StudyRecord, every_draw: bool) -> list[TrialResult]:
    """The finished modular trials to analyse, smallest first: all, or a size's and fold's first draw."""
    trials: dict[tuple, TrialResult] = {}
    for trial in sorted(record.finished, key=lambda trial: (trial.size, trial.draw, trial.init)):
        which = (trial.recogniser, trial.fold, trial.size)
        if trial.family == "modular":
            trials.setdefault((*which, trial.draw, trial.init) if every_draw else which, trial)
    return list(trials.values())


def _loaded(
    store: Store, trials: Sequence[TrialResult], trusted: Sequence[str], skip: Callable[[str], None]
) -> Iterator[tuple[TrialResult, Any]]:
    """Trials -> those whose recognisers can be loaded, each with its recogniser."""
    for trial in trials:
        try:
            yield trial, unwrapped(load_recogniser(store, trial.run_id, trusted)[0])
        except ValueError as error:
            skip(f"{_called(trial)} is left out: {error}")


def _called(trial: TrialResult) -> str:
    return " ".join(filter(None, (trial.recogniser, f"n={trial.size}", f"draw={trial.draw}", trial.fold)))


def _analysed(
    recogniser: Any, study: Study, dataset: Dataset, trial: TrialResult, progress: Progress
) -> dict[str, Any] | None:
    """A trial and its recogniser -> what it was and its ceiling; None if that is not made of stages."""
    if not has_stages(recogniser):
        return None
    fold = fold_named(make_folds(dataset, SPEECH.nouns, study.split, study.seed), trial.fold)
    clips, texts = dataset.labelled(fold.test)
    done = iter(range(1, len(clips) + 1))
    with shared_features(dataset.folder / "features"):
        result = ceiling_analysis(
            recogniser, clips, texts, lambda: progress(next(done), len(clips), _called(trial))
        )
    about = {key: getattr(trial, key) for key in ("recogniser", "fold", "size", "draw", "init", "run_id")}
    return {**about, "ceiling": result.to_dict()}


def _check_same(record: StudyRecord, dataset: Dataset) -> None:
    if dataset.fingerprint != record.dataset["fingerprint"]:
        expected, got = record.dataset["fingerprint"][:12], dataset.fingerprint[:12]
        raise ValueError(
            f"study {record.name!r} expected its own recordings ({expected}), got others ({got}); "
            "name their folder with --data."
        )
