"""A made-up study that looks like a real one: four recognisers, six sizes, three draws, twelve speakers."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from components.contract import Clip
from components.report.breakdown import disagreements
from components.report.findings import findings
from components.speech.inspection.ceiling import AS_TRAINED, ORACLES, Ceiling, StageScores
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score_utterances
from components.speech.sound_file import sound_bytes
from components.study.results import StudyRecord, TrialResult
from tests.speech.metrics import trial_metrics

SIZES = (30, 75, 180, 450, 1100, 2700)
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FAMILIES = {
    "mfcc-svm": "modular",
    "mfcc-gmm-hmm": "modular",
    "mel-ctc": "end-to-end",
    "wave-ctc": "end-to-end",
}
# word error rate by size: they cross between 180 and 1100 utterances
TRUTH: dict[str, Callable[[float], float]] = {
    "mfcc-svm": lambda n: 0.04 + 0.9 * n**-0.32,
    "mfcc-gmm-hmm": lambda n: 0.025 + 0.8 * n**-0.38,
    "mel-ctc": lambda n: min(0.97, 9 * n**-0.8),
    "wave-ctc": lambda n: min(0.99, 14 * n**-0.78),
}

DATASET = {
    "name": "spoken-commands",
    "title": "Spoken commands",
    "notice": "Synthetic speech by eSpeak NG; figures on it say nothing of real voices.",
    "synthetic": True,
    "fingerprint": "5f0c1d7a9e",
    "clips": 3000,
    "seconds": 5400.0,
    "speakers": 70,
    "vocabulary": 10,
}
ASIDE = [("clip-0007.wav", "silent"), ("clip-0031.wav", "truncated"), ("clip-1204.wav", "silent")]
RUN = {
    "name": "first-light",
    "run_id": "a1b2c3d4e5f60718",
    "command": "crossover compare --corpus spoken-commands --sizes 30,75,180,450,1100,2700 --draws 3",
    "created": "2026-11-21T03:00:00+00:00",
    "versions": {"python": "3.11.9", "torch": "2.11.0", "scikit-learn": "1.9.1", "crossover": "0.1.0"},
}


def _none(recogniser: str, size: int, draw: int) -> bool:
    return False


def fake_study(
    truth: dict[str, Callable[[float], float]] = TRUTH,
    sizes: tuple[int, ...] = SIZES,
    draws: int = 3,
    utterances: int = 300,
    speakers: int = 12,
    words: int = 3,
    failing: Callable[[str, int, int], bool] = _none,
    **dataset: object,
) -> StudyRecord:
    """Truth (recogniser -> WER by size) and a plan -> the record that such a study would leave."""
    trials = _trials(tuple(truth.items()), tuple(sizes), draws, utterances, speakers, words, failing)
    plan = {"recognisers": list(truth), "sizes": list(sizes), "draws": draws}
    return StudyRecord(
        **RUN,
        dataset=DATASET | dataset,
        settings=plan | {"inits": 1, "device": "cpu"},
        trials=[deepcopy(trial) for trial in trials],
        set_aside=pd.DataFrame(ASIDE, columns=["name", "reason"]),
        subject="speech",
        nouns=SPEECH_NOUNS,
    )


@cache
def _trials(truth: tuple, sizes: tuple, draws: int, utterances: int, speakers: int, words: int, failing):
    """The trials of a plan, made once for all studies that are alike."""
    rng = np.random.default_rng(7)
    test = _test_side(rng, utterances, speakers, words)
    return [
        _failed(recogniser, size, draw)
        if failing(recogniser, size, draw)
        else _finished(rng, test, recogniser, size, draw, rate(size))
        for recogniser, rate in truth
        for size in sizes
        for draw in range(draws)
    ]


def _family(recogniser: str) -> str:
    return FAMILIES.get(recogniser.partition(":")[0], "modular")


def _test_side(
    rng: np.random.Generator, utterances: int, speakers: int, words: int
) -> list[tuple[str, str, str, float]]:
    """(name, speaker, text, how hard the speaker is) of each test utterance."""
    hard = rng.lognormal(0, 0.35, speakers)
    hard /= hard.mean()
    side = []
    for place in range(utterances):
        speaker = place % speakers
        text = " ".join(rng.choice(WORDS, words))
        side.append((f"test-{place:04d}", f"speaker-{speaker:02d}", text, float(hard[speaker])))
    return side


def _hypothesis(rng: np.random.Generator, text: str, rate: float) -> str:
    """Text with each word wrong with probability `rate`: mostly swapped, at times dropped or doubled."""
    out: list[str] = []
    for word in text.split():
        kind = rng.random() if rng.random() < rate else 1.0
        if kind < 0.15:
            continue
        wrong = "nine" if word == "five" else str(rng.choice([w for w in WORDS if w != word]))
        out += [wrong] if kind < 0.9 else [word, wrong] if kind < 1.0 else [word]
    return " ".join(out)


def _finished(rng, test, recogniser: str, size: int, draw: int, rate: float) -> TrialResult:
    rate = min(rate * rng.lognormal(0, 0.06), 1.0)
    names, speakers, texts, hard = zip(*test, strict=True)
    hypotheses = [_hypothesis(rng, text, min(rate * h, 1.0)) for text, h in zip(texts, hard, strict=True)]
    table = score_utterances(names, speakers, texts, hypotheses)
    neural = _family(recogniser) == "end-to-end"
    costs = {
        "train_seconds": (0.06 if neural else 0.004) * size * rng.lognormal(0, 0.1) + 1,
        "decode_rtf": (0.01 if neural else 0.03) * rng.lognormal(0, 0.1),
        "audio_seconds_per_second": 60.0,
        "peak_memory_mb": 400.0,
        "parameters": 250_000.0 if neural else 90.0 * size,
        "model_bytes": 1_000_000.0 if neural else 800.0 * size,
        "augmented_passes": 0.0 if recogniser.endswith(":plain") else 60.0 if neural else 4.0,
    }
    return TrialResult(
        run_id=f"{recogniser}-{size}-{draw}",
        recogniser=recogniser,
        family=_family(recogniser),
        fold="",
        size=size,
        draw=draw,
        init=0,
        status="finished",
        metrics=trial_metrics(table) | costs,
        params={"recogniser": recogniser, "epochs": "40" if neural else "-"},
        scores=table,
    )


def _failed(recogniser: str, size: int, draw: int) -> TrialResult:
    error = f"ValueError: {recogniser} wants at least 2 classes, got 1; draw more than {size} clips."
    key = f"{recogniser}-{size}-{draw}"
    return TrialResult(key, recogniser, _family(recogniser), "", size, draw, 0, "failed", error)


def full_study() -> StudyRecord:
    """A made-up study whose report has every section: variants, help from language, ceilings, failures."""
    variants = ("mfcc-gmm-hmm", "mel-ctc")
    truth = {"mfcc-svm": TRUTH["mfcc-svm"]} | {
        f"{name}:{how}": (lambda n, name=name, gain=gain: gain * TRUTH[name](n))
        for name in variants
        for how, gain in (("plain", 1.0), ("augmented", 0.8))
    }
    study = fake_study(truth, utterances=60, failing=lambda name, size, draw: name == "mfcc-svm" and draw > 1)
    for trial in study.finished:
        network = {"errors_letters": 1.5, "errors_lexicon": 1.2, "errors_language_model": 1.0}
        modular = {"errors_lexicon": 1.3, "errors_language_model": 1.0}
        factors = network if trial.family == "end-to-end" else modular
        trial.metrics.update({name: times * trial.metrics["errors"] for name, times in factors.items()})
    return replace(study, ceilings=_ceilings(("mfcc-gmm-hmm:plain", "mfcc-gmm-hmm:augmented")))


def _ceilings(recognisers: tuple[str, ...]) -> list[dict]:
    """An analysis of each recogniser at each size: true phones take away all of its errors."""
    rows = []
    for name in recognisers:
        for size in SIZES:
            wrong = [1] * (3000 // size)
            errors = {
                row: [0] * len(wrong) if row == "true phones" else wrong for row in (AS_TRAINED, *ORACLES)
            }
            one = Ceiling(300, errors, StageScores(frames=100, frames_right=61, unaligned=2, utterances=100))
            rows.append({"recogniser": name, "size": size, "ceiling": one.to_dict()})
    return rows


def fake_sounds(record: StudyRecord, replications: int = 200) -> dict[str, bytes]:
    """A tone for each utterance on which the finalists of a made-up study differ most, the last left out."""
    names = disagreements(findings(record, replications))["id"].tolist()[:-1]
    clips = [Clip(name, "", _tone(4000 + 800 * place), 8000) for place, name in enumerate(names)]
    return {clip.name: sound_bytes(clip) for clip in clips}


def _tone(samples: int) -> np.ndarray:
    return (0.3 * np.sin(0.2 * np.arange(samples))).astype(np.float32)
