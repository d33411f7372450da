"""Coverage: many studies whose crossover is known -> is it in the interval, and do chances come true?"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from components.study.curves.crossing import crossover
from components.study.curves.error_counts import ErrorCounts
from components.study.curves.forecast import forecast
from components.study.curves.learning import curves_of_counts
from tests.study.curves.field_studies import counts_of, field_study
from tests.study.curves.known_truth import random_plan, simulated_counts

CHANCES = ("below", "inside", "never")
BINS = np.linspace(0.0, 1.0, 11)


def asked_seeds(first: int, studies: int) -> range:
    """The usual seeds of simulated studies -> those; others, if the environment has FIRST or STUDIES."""
    first, studies = (int(os.environ.get(*one)) for one in (("FIRST", first), ("STUDIES", studies)))
    return range(first, first + studies)


def measured(seeds: Sequence[int], replications: int = 1000, workers: int = 1) -> pd.DataFrame:
    """Seeds -> one simulated study each, one row each: its plan, its truth, and what was said of it."""
    rows = Parallel(workers)(delayed(_one)(seed, replications) for seed in seeds)
    return pd.DataFrame(rows)


def _one(seed: int, replications: int) -> dict:
    rng = np.random.default_rng(seed)
    plan = random_plan(rng)
    counts = simulated_counts(rng, plan)
    return {
        "situation": plan.situation,
        "shapes": " and ".join(sorted(plan.shapes)),
        "noise": plan.noise,
        "sizes": len(plan.sizes),
        "draws": plan.draws,
        "inits": plan.inits,
        "speakers": plan.speakers,
        "words": plan.words,
        **_answered(counts, plan.truth, replications),
    }


def measured_in_the_field(
    seeds: Sequence[int], replications: int = 500, workers: int = 1, **asked
) -> pd.DataFrame:
    """As `measured`, of the studies of tests/study/curves/field_studies.py; asked: as of `field_study`."""
    return pd.DataFrame(
        Parallel(workers)(delayed(_in_the_field)(seed, replications, asked) for seed in seeds)
    )


def _in_the_field(seed: int, replications: int, asked: dict) -> dict:
    rng = np.random.default_rng(seed)
    study = field_study(rng, **asked)
    return {
        "sizes": len(study.sizes),
        "draws": study.draws,
        "speakers": study.speakers,
        "words a speaker": study.words / study.speakers,
        **_answered(counts_of(rng, study), study.truth, replications),
    }


def _answered(counts: ErrorCounts, truth: float, replications: int) -> dict:
    """Counts of a study and its truth -> where that is, and what is said of it."""
    found = crossover(curves_of_counts(counts, replications=replications), "modular", "end-to-end")
    kind = "below" if truth == 0 else "never" if np.isinf(truth) else "inside"
    low, high = np.clip((found.low, found.high), counts.sizes[0], counts.sizes[-1])
    return {
        "truth": kind,
        # a step of the grid on which the truth is sought is 0.14 % at most
        "held": found.low <= truth * 1.0015 and truth <= found.high * 1.0015,
        "width": high / low if kind == "inside" else np.nan,
        **{f"said {chance}": getattr(found, chance) for chance in CHANCES},
    }


def foretold(seed: int, replications: int = 300) -> list[dict]:
    """A seed -> one row for each curve of a simulated study: what is said of twice its largest size."""
    rng = np.random.default_rng(seed)
    plan = random_plan(rng)
    curves, rows = curves_of_counts(simulated_counts(rng, plan), replications=replications), []
    for side, name in enumerate(("modular", "end-to-end")):
        said = forecast(curves, name)
        if said.refusal:
            rows.append({"refused": True})
            continue
        size = min(2 * plan.sizes[-1], said.sizes[-1])
        now, then = plan.expected(np.array([plan.sizes[-1], size]))[side]
        (rate, low, high), (_, least, most) = said.at(size), said.gained(size)
        held = {"held": low <= then <= high, "gain held": least <= now - then <= most}
        off = {"off": abs(np.log(rate / then)), "last value off": abs(np.log(said.rate[0] / then))}
        rows.append({"refused": False, "width": high / low} | held | off)
    return rows


def calibration(studies: pd.DataFrame, chance: str) -> pd.DataFrame:
    """Rows of `measured` -> by tenths of a chance: studies, mean of what was said, share that was true."""
    said, true = studies[f"said {chance}"], studies["truth"] == chance
    tenth = np.clip(np.digitize(said, BINS[1:-1]), 0, 9)
    parts = pd.DataFrame({"said": said, "true": true}).groupby(tenth)
    return parts.agg(studies=("said", "size"), said=("said", "mean"), true=("true", "mean"))


def miscalibration(studies: pd.DataFrame, chance: str) -> float:
    """Mean distance between a chance said and the share true, over the tenths (Naeini and others, 2015)."""
    table = calibration(studies, chance)
    return float(np.average((table["said"] - table["true"]).abs(), weights=table["studies"]))
