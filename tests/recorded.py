"""Made-up studies, recorded in a store as real ones are."""

from __future__ import annotations

import time
from collections.abc import Callable

from components.study.results import StudyRecord
from components.study.tracking import Store, StudyEntry, close_study, log_trial, open_study
from components.study.tracking.trials import end_trial
from tests.report.fake_study import TRUTH, fake_study

NAMES = ("mfcc-svm", "mel-ctc")


def made_up(harder: float = 1.0, **more: object) -> StudyRecord:
    """Two recognisers at two sizes; the network errs so many times as often."""
    truth: dict[str, Callable[[float], float]] = {
        "mfcc-svm": TRUTH["mfcc-svm"],
        "mel-ctc": lambda size: harder * TRUTH["mel-ctc"](size),
    }
    return fake_study(truth, **{"sizes": (180, 450), "utterances": 120} | more)


def recorded(store: Store, study: StudyRecord, code: str, settings: dict | None = None) -> str:
    """A study as a version of the code gave it -> id of its finished run."""
    trials = [
        {
            **{key: getattr(trial, key) for key in ("recogniser", "family", "fold", "size", "draw", "init")},
            **{"fingerprint": f"{code}-{trial.run_id}", "code": code},
        }
        for trial in study.trials
    ]
    asked = {**study.settings, **(settings or {})}
    facts = (study.name, code, study.dataset, asked, study.command, study.versions, trials)
    entry = StudyEntry(*facts, subject=study.subject, nouns=vars(study.nouns))
    run = open_study(store, entry)
    for tags, trial in zip(trials, study.trials, strict=True):
        tags = tags | {"dataset_fingerprint": study.dataset["fingerprint"]}
        made = log_trial(store, run, tags, {}, trial.metrics, trial.scores, study.dataset, time.time())
        end_trial(store, made)
    close_study(store, run, {"trials_finished": len(trials)})
    return run
