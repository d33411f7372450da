"""A study of two trials, and how one of them is recorded."""

import time
from dataclasses import asdict

from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score_utterances
from components.study.tracking import StudyEntry, log_trial
from components.study.tracking.trials import end_trial
from tests.speech.metrics import trial_metrics

DATASET = {"name": "digits", "notice": "spoken by <nobody>", "fingerprint": "f00d", "clips": 4}
SCORES = score_utterances(["a", "b"], ["ann", "bob"], ["one", "two"], ["one", "too"])


def trial(size, mark, draw=0):
    seeds = {"fold": "declared", "size": size, "draw": draw, "init": 0}
    return {"recogniser": "mfcc-svm", "family": "modular", "fingerprint": mark, **seeds}


TRIALS = [trial(20, "t20"), trial(40, "t40")]
STUDY = StudyEntry(
    "digits",
    "s1",
    DATASET,
    {"sizes": [20, 40]},
    "crossover compare",
    {"python": "3"},
    TRIALS,
    [("x", "empty")],
    nouns=asdict(SPEECH_NOUNS),
)


def finish(store, run, one, study="digits"):
    tags = {**one, "study": study, "dataset": "digits", "dataset_fingerprint": "f00d"}
    made = log_trial(store, run, tags, {"svc__C": 1.0}, trial_metrics(SCORES), SCORES, DATASET, time.time())
    end_trial(store, made, model_bytes=12)
    return made
