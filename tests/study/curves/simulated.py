"""Simulated studies: error rates by training size -> the record that such a study would leave."""

import numpy as np
import pandas as pd

from components.speech.nouns import SPEECH_NOUNS
from components.study.results import StudyRecord, TrialResult

SIZES = (30, 60, 120, 250, 500, 1000, 2000)


def modular(size):
    return 0.03 + 0.6 * size**-0.45


def end_to_end(size):
    return min(0.95, 6 * size**-0.75)


def crossing_of(first, second):
    return next(size for size in range(SIZES[0], SIZES[-1]) if second(size) < first(size))


def study(
    rates, sizes=SIZES, draws=3, speakers=12, each=25, seed=0, spread=0.1, fail=(), folds=("",), **dataset
):
    """(name, family) -> rate by size: a record with binomial errors, speakers and draws that differ."""
    rng = np.random.default_rng(seed)
    hard = np.repeat(rng.lognormal(-0.08, 0.4, speakers), each)
    names = [f"clip-{place}" for place in range(speakers * each)]
    who = [f"speaker-{place // each}" for place in range(speakers * each)]
    trials = []
    for (name, family), rate in rates.items():
        for size, draw, fold in ((s, d, f) for s in sizes for d in range(draws) for f in folds):
            wrong = rng.binomial(2, np.clip(rate(size) * hard * rng.lognormal(0, spread), 0, 1))
            groups = [fold + speaker for speaker in who]
            table = pd.DataFrame({"id": names, "group": groups, "errors": wrong, "total": 2})
            lost = (name, size, draw) in fail or (name, size) in fail or name in fail
            facts = (f"{name}-{size}-{draw}", name, family, fold, size, draw, 0)
            trials.append(
                TrialResult(*facts, "failed", "ValueError: no luck")
                if lost
                else TrialResult(*facts, "finished", scores=table)
            )
    facts = {"name": "spoken-commands", "synthetic": True} | dataset
    return StudyRecord("s", "r", facts, {}, "crossover compare", "2026-11-21", {}, trials, nouns=SPEECH_NOUNS)


def both(one=modular, other=end_to_end, **more):
    return study({("gmm", "modular"): one, ("ctc", "end-to-end"): other}, **more)
