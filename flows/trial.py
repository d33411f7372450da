"""One trial: read corpus -> split -> subset -> fit -> predict -> score -> record."""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from components.contract import Clip
from components.neural.training.checkpoint import kept_training
from components.speech.augmentation.kinds import augmented_passes
from components.speech.corpus import Corpus
from components.speech.features.store import shared_features
from components.speech.inspection.lm_ablation import ablation_metrics, predict_ablated
from components.speech.scoring import score_utterances, trial_metrics
from components.study.fingerprint import code_version, settings
from components.study.learned_settings import choices
from components.study.saving import learned_numbers
from components.study.splits import make_folds, training_subset
from components.study.tracking import Store, finished_trial, log_recogniser, log_trial
from components.study.tracking.trials import end_trial
from components.study.training_curves import training_curves
from flows.child import tell_parent
from flows.plan import SCORING, Trial, build_recogniser, corpus_facts, open_corpus, trial_tags
from flows.study import Study


@dataclass(frozen=True)
class Outcome:
    """How a trial ended, in names and numbers: what flows between tasks."""

    trial: Trial
    run_id: str
    seconds: float
    wer: float | None = None
    error: str = ""


def run_trial(study: Study, trial: Trial, study_run: str, store: Store) -> Outcome:
    """Study and trial -> its outcome, recorded in the store; one process at a time does any one trial."""
    started = time.time()
    corpus = open_corpus(study)
    recogniser = build_recogniser(study, corpus, trial.recogniser, trial.init)
    _check_same(trial, corpus, recogniser)
    unfinished = corpus.folder / "training" / trial.fingerprint
    with store.lock(trial.fingerprint), kept_training(unfinished, tell_parent) as training:
        run_id = finished_trial(store, trial.fingerprint)
        if run_id:
            return Outcome(trial, run_id, 0.0)
        fold = next(fold for fold in make_folds(corpus, study.split, study.seed) if fold.name == trial.fold)
        train = training_subset(corpus, fold, trial.size, trial.draw)
        with shared_features(corpus.folder / "features"):
            train_seconds = _timed(recogniser.fit, *_labelled(corpus, train)) + training.seconds_before
            clips, texts = _labelled(corpus, fold.test)
            hypotheses, decode_seconds = _timed_result(recogniser.predict, clips)
        utterances = score_utterances([c.name for c in clips], [c.speaker for c in clips], texts, hypotheses)
        metrics = trial_metrics(utterances) | _costs(corpus, train, train_seconds, clips, decode_seconds)
        metrics |= ablation_metrics(texts, predict_ablated(recogniser, clips, hypotheses))
        metrics["parameters"] = learned_numbers(recogniser)
        metrics["altered_hearings"] = augmented_passes(recogniser)
        chose = {f"chose.{name}": value for name, value in choices(recogniser).items()}
        tags, params = trial_tags(study, trial), settings(recogniser) | chose
        facts, curves = corpus_facts(corpus), training_curves(recogniser)
        run_id = log_trial(store, study_run, tags, params, metrics, utterances, facts, started, curves)
        size = log_recogniser(store, run_id, recogniser, clips[0])
        end_trial(store, run_id, model_bytes=size)
    return Outcome(trial, run_id, time.time() - started, metrics["wer"])


def _check_same(trial: Trial, corpus: Corpus, recogniser: Any) -> None:
    """Another machine must hear the same corpus and run the same code, or its result belongs elsewhere."""
    pairs = {
        "recordings": (trial.corpus_fingerprint, corpus.fingerprint),
        "code": (trial.code, code_version(recogniser, SCORING)),
    }
    for what, (wanted, came) in pairs.items():
        if wanted != came:
            raise ValueError(
                f"trial of {trial.recogniser} expected the {what} of its study ({wanted[:12]}), got others "
                f"({came[:12]}) on {platform.node()}; bring that machine's copy up to date."
            )


def _labelled(corpus: Corpus, positions: Sequence[int]) -> tuple[list[Clip], list[str]]:
    return [corpus.clips[i] for i in positions], [corpus.texts[i] for i in positions]


def _timed_result(function: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    return function(*args), time.perf_counter() - start


def _timed(function: Callable[..., Any], *args: Any) -> float:
    return _timed_result(function, *args)[1]


def _costs(
    corpus: Corpus, train: Sequence[int], train_seconds: float, test: Sequence[Clip], decode_seconds: float
) -> dict[str, float]:
    """What the trial took: seconds, audio-seconds learned from a second, real-time factor, memory."""
    heard = sum(corpus.clips[i].seconds for i in train)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "train_seconds": train_seconds,
        "audio_seconds_per_second": heard / train_seconds,
        "decode_rtf": decode_seconds / sum(clip.seconds for clip in test),
        "peak_memory_mb": peak / (1024 if sys.platform == "linux" else 1024**2),
    }
