"""The plan of a study: every trial by its fingerprint, checked before the first one is trained."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from sklearn.base import BaseEstimator

from components.recognisers import RECOGNISERS, build, has_seed, recipe
from components.speech.augmentation.kinds import named, variants
from components.speech.corpus import Corpus, read_corpus
from components.study.fingerprint import code_version, digest, library_versions, settings
from components.study.results import Family
from components.study.splits import Fold, fine_ladder, is_isolated, ladder, make_folds
from flows.study import Study

SCORING = ("components.speech.scoring", "components.study.splits")


@dataclass(frozen=True)
class Trial:
    """One recogniser, one subset size, one draw seed, one init seed; fingerprint names its result.

    corpus_fingerprint, code: of the corpus and of the recogniser's source, which every machine must share.
    """

    recogniser: str
    family: Family
    fold: str
    size: int
    draw: int
    init: int
    fingerprint: str
    corpus_fingerprint: str
    code: str


@dataclass(frozen=True)
class Plan:
    """What a study will do. recognisers: name -> every setting, as the trials will use them."""

    trials: tuple[Trial, ...]
    recognisers: dict[str, dict[str, Any]]

    @property
    def fingerprint(self) -> str:
        """Hash of all trials' fingerprints."""
        return digest(sorted(trial.fingerprint for trial in self.trials))


def open_corpus(study: Study, progress: Callable[[int, int, str], None] | None = None) -> Corpus:
    """Study -> its corpus, prepared and checked; the same in every process."""
    return read_corpus(
        study.corpus,
        data=Path(study.data) if study.data else None,
        rate=study.rate or None,
        max_seconds=study.max_seconds,
        seed=study.seed,
        workers=study.cores,
        progress=progress,
    )


def build_recogniser(study: Study, corpus: Corpus, name: str, init: int = 0) -> BaseEstimator:
    """Study and a recogniser's name -> the untrained recogniser with the study's settings."""
    everywhere = {"seed": init, "language": corpus.language, "device": device(study)}
    everywhere["grammar"] = study.grammar
    return build(name, asked_settings(study, name), **everywhere)


def asked_settings(study: Study, name: str) -> dict[str, Any]:
    """Study and a recogniser's name -> the settings asked for: of all its variants, then of this one."""
    return study.settings.get(named(name)[0], {}) | study.settings.get(name, {})


def device(study: Study) -> str:
    """Where networks train: "cuda" or "cpu". Raises ValueError if CUDA is wanted and not there."""
    if study.device == "cuda" and not torch.cuda.is_available():
        raise ValueError("device 'cuda' expected a CUDA GPU, got none; use --device cpu or auto.")
    return "cuda" if study.device != "cpu" and torch.cuda.is_available() else "cpu"


def make_plan(study: Study, corpus: Corpus) -> Plan:
    """Study and corpus -> every trial, smallest last.

    Builds each recogniser once. Raises ValueError for whatever would fail later: unknown names or
    settings, sizes beyond a fold, a recogniser of single words on connected speech, an empty split.
    """
    folds = make_folds(corpus, study.split, study.seed)
    sizes = _sizes(study, folds)
    names = _fitting(study, corpus)
    _check_settings(study, names)
    built = {name: build_recogniser(study, corpus, name) for name in names}
    _check_grammar(study, built)
    common = {"corpus": corpus.fingerprint, "libraries": library_versions(), "device": device(study)}
    trials: list[Trial] = []
    for name, recogniser in built.items():
        code = code_version(recogniser, SCORING)
        made = {**common, "recogniser": named(name)[0], "settings": settings(recogniser), "code": code}
        for fold, size in itertools.product(folds, sizes):
            for draw, init in _seeds(study, name, whole=size == len(fold.train)):
                which = {"fold": _split_digest(fold), "size": size, "draw": draw, "init": init}
                known = (digest(made | which), corpus.fingerprint, code)
                trials.append(Trial(name, recipe(name).family, fold.name, size, draw, init, *known))
    trials.sort(key=lambda trial: -trial.size)
    return Plan(tuple(trials), {name: settings(recogniser) for name, recogniser in built.items()})


def _seeds(study: Study, name: str, whole: bool) -> list[tuple[int, int]]:
    """Draw and init seeds of the trials of one size.

    Every draw starts networks from weights of its own, so few trials show both kinds of luck. Without
    weights to start from, there is one trial a draw, and one in all where a draw takes the whole fold.
    """
    if has_seed(name):
        return [(draw, draw * study.inits + i) for draw in range(study.draws) for i in range(study.inits)]
    return [(draw, 0) for draw in range(1 if whole else study.draws)]


def _sizes(study: Study, folds: Sequence[Fold]) -> list[int]:
    largest = min(len(fold.train) for fold in folds)
    wrong = [size for size in study.sizes if not 1 <= size <= largest]
    if wrong:
        raise ValueError(
            f"sizes of {study.title} expected 1 to {largest} training utterances, "
            f"got {', '.join(map(str, wrong))}; leave those out of --sizes."
        )
    return sorted(set(study.sizes)) or (fine_ladder if study.adaptive else ladder)(largest)


def _fitting(study: Study, corpus: Corpus) -> list[str]:
    """The recognisers to compare: those asked for, else the usual ones that can hear this corpus."""
    isolated = is_isolated(corpus.texts)
    unfit = [name for name in study.recognisers if recipe(name).isolated_only and not isolated]
    if unfit:
        raise ValueError(
            f"{', '.join(unfit)} expected single words said many times, got connected speech in {corpus.name}; "
            "leave it out of --recognisers."
        )
    names = study.recognisers or [
        name for name, one in RECOGNISERS.items() if one.usual and (isolated or not one.isolated_only)
    ]
    return [variant for name in names for variant in variants(name, study.augmentation)]


def _check_settings(study: Study, names: Sequence[str]) -> None:
    known = {*names, *(named(name)[0] for name in names)}
    unused = [name for name in study.settings if name not in known]
    if unused:
        raise ValueError(
            f"settings expected names of compared recognisers ({', '.join(names)}), got {', '.join(unused)}; "
            "correct the name or add it to --recognisers."
        )


def _check_grammar(study: Study, built: Mapping[str, BaseEstimator]) -> None:
    knobs = [knob for one in built.values() for knob in one.get_params(deep=True)]
    if study.grammar and not any(knob.split("__")[-1] == "grammar" for knob in knobs):
        raise ValueError(
            f"grammar expected a recogniser that searches for sentences, got {', '.join(built)}; add one such "
            "as mfcc-gmm-hmm or mel-ctc to --recognisers."
        )


def _split_digest(fold: Fold) -> str:
    """Who trains and who tests, in one hash."""
    return hashlib.sha256(fold.train.tobytes() + b"|" + fold.test.tobytes()).hexdigest()[:16]


def trial_tags(study: Study, trial: Trial) -> dict[str, Any]:
    """What MLflow can be searched by."""
    return {"study": study.title, "corpus": study.corpus, **asdict(trial)}


def corpus_facts(corpus: Corpus) -> dict[str, Any]:
    """Corpus -> what a report says of it."""
    return {
        "name": corpus.name,
        "title": corpus.title,
        "notice": corpus.notice,
        "synthetic": corpus.synthetic,
        "language": corpus.language,
        "rate": corpus.rate,
        "fingerprint": corpus.fingerprint,
        "clips": len(corpus.clips),
        "seconds": round(sum(clip.seconds for clip in corpus.clips), 1),
        "speakers": len({clip.speaker for clip in corpus.clips}),
        "vocabulary": len({word for text in corpus.texts for word in text.split()}),
        "set_aside": len(corpus.set_aside),
    }
