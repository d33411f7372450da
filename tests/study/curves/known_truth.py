"""Studies whose crossover is known: curves, noise and a plan, drawn at random -> the counts they would leave.

A study has a modular and an end-to-end recogniser. Every rate is the expected one times what the test
speaker, the draw of the training clips and the init make of it, each a log-normal factor of mean one, and
is at most 1; words are then wrong or right by chance. The truth is that of the expected curves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from components.study.curves.error_counts import ErrorCounts

Rates = Callable[[np.ndarray], np.ndarray]
SITUATIONS = ("once",) * 9 + ("twice",) * 2 + ("apart",)
SHAPES = ("power", "exponential", "Weibull")
NOISES = {"calm": 0.5, "usual": 1.0, "wild": 2.0}
# standard deviations of the logarithm at usual noise
SHARED = {"speaker": 0.30, "draw": 0.05}
OWN = {"speaker": 0.15, "draw": 0.05, "draw and size": 0.08, "init": 0.06, "draw and speaker": 0.08}


@dataclass(frozen=True)
class Plan:
    """One study to come: where its curves cross, how they look, and how much of everything it has."""

    situation: str
    shapes: tuple[str, str]
    noise: str
    sizes: np.ndarray
    draws: int
    inits: int
    speakers: int
    words: int
    rates: tuple[Rates, Rates]

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of one rate, all noise together."""
        parts = [*SHARED.values(), *OWN.values()]
        return NOISES[self.noise] * float(np.linalg.norm(parts))

    def expected(self, sizes: np.ndarray) -> np.ndarray:
        """Sizes -> the expected rates of both sides, (2, sizes): means of min(1, rate * noise)."""
        rate, spread = np.stack([side(sizes) for side in self.rates]), self.spread
        cut = (np.log(1 / rate) + spread**2 / 2) / spread
        return rate * norm.cdf(cut - spread) + norm.sf(cut)

    @property
    def truth(self) -> float:
        """Size from which the expected end-to-end rate stays lower; 0 for all sizes, infinity for never."""
        fine = np.geomspace(self.sizes[0], self.sizes[-1], 4001)
        modular, end_to_end = self.expected(fine)
        behind = np.flatnonzero(end_to_end >= modular)
        if not len(behind):
            return 0.0
        return np.inf if behind[-1] == len(fine) - 1 else float(fine[behind[-1] + 1])


def random_plan(rng: np.random.Generator) -> Plan:
    """A random generator -> one plan, every side of it drawn apart."""
    situation = str(rng.choice(SITUATIONS))
    count = int(rng.integers(3, 11))
    ratio = np.exp(rng.uniform(np.log(2) / 2, min(np.log(4), np.log(300) / (count - 1))))
    sizes = np.round(rng.uniform(20, 100) * ratio ** np.arange(count))
    shapes, rates = _curves(rng, situation, sizes)
    return Plan(
        *(situation, shapes, str(rng.choice(list(NOISES))), sizes),
        draws=int(rng.integers(3, 11)),
        inits=int(rng.integers(1, 3)),
        speakers=int(rng.choice([6, 12, 25, 60])),
        words=int(rng.choice([300, 1000, 3000])),
        rates=rates,
    )


def _shape(rng: np.random.Generator, kind: str, sizes: np.ndarray) -> Rates:
    """A kind of learning curve -> one from about 1 at no data towards 0, without its floor and scale."""
    if kind == "power":
        slope = rng.uniform(0.25, 0.9)
        return lambda n: n**-slope
    bend = 1.0 if kind == "exponential" else rng.uniform(0.3, 0.7)
    scale = sizes[0] * (sizes[-1] / sizes[0]) ** rng.uniform(0.3, 1.0)
    return lambda n: np.exp(-((n / scale) ** bend))


def _curves(
    rng: np.random.Generator, situation: str, sizes: np.ndarray
) -> tuple[tuple[str, str], tuple[Rates, Rates]]:
    """A situation and the sizes -> two shapes and (nearly) the expected rates of a pair that is in it."""
    # as likely just outside the sizes as just inside: whoever chooses them does not know
    place = sizes[0] * (sizes[-1] / sizes[0]) ** rng.uniform(-0.2, 1.2)
    while True:
        shapes = tuple(str(shape) for shape in rng.choice(SHAPES, 2))
        modular = _scaled(rng, _shape(rng, shapes[0], sizes), sizes[0], rng.uniform(0.15, 0.6))
        if situation in ("twice", "apart"):
            return shapes, (modular, _times(modular, _bent(rng, situation, sizes)))
        end_to_end = _scaled(rng, _shape(rng, shapes[1], sizes), place, float(modular(place)))
        if _falls_through(modular, end_to_end, place):
            return shapes, (modular, end_to_end)


def _times(one: Rates, other: Rates) -> Rates:
    return lambda n: one(n) * other(n)


def _falls_through(modular: Rates, end_to_end: Rates, place: float) -> bool:
    """Is the end-to-end rate the higher one just before a place and the lower one just after?"""
    before, after = (end_to_end(near) - modular(near) for near in (place * 0.95, place * 1.05))
    return bool(before > 0 > after)


def _scaled(rng: np.random.Generator, shape: Rates, size: float, rate: float) -> Rates:
    """A shape -> it with a floor and the scale that take it to a rate at a size."""
    floor = rate * rng.uniform(0.0, 0.5)
    scale = (rate - floor) / max(shape(size), 1e-300)
    return lambda n: floor + scale * shape(n)


def _bent(rng: np.random.Generator, situation: str, sizes: np.ndarray) -> Rates:
    """Ratio of the two rates by size: the same throughout, or through one twice with a size between."""
    if situation == "apart":
        ratio = np.exp(rng.normal(0.0, 0.3))
        return lambda n: np.full_like(np.asarray(n, float), ratio)
    knots = np.log(sizes)
    first, last = sorted(rng.choice(len(knots) - 1, 2, replace=False)) if len(knots) > 3 else (0, 1)
    roots = [rng.uniform(knots[at], knots[at + 1]) for at in (first, last)]
    depth = rng.uniform(0.2, 1.0) * rng.choice([-1, 1]) * 4 / (knots[-1] - knots[0]) ** 2
    return lambda n: np.exp(np.clip(depth * (np.log(n) - roots[0]) * (np.log(n) - roots[1]), -1.5, 1.5))


def simulated_counts(rng: np.random.Generator, plan: Plan) -> ErrorCounts:
    """A plan -> the error counts of one study of it: recognisers "modular" and "end-to-end"."""
    runs, count = plan.draws * plan.inits, len(plan.sizes)
    noise = NOISES[plan.noise]

    def factor(spread: float, *shape: int) -> np.ndarray:
        return rng.normal(-((noise * spread) ** 2) / 2, noise * spread, shape)

    def by_run(array: np.ndarray) -> np.ndarray:
        return np.repeat(array, plan.inits, axis=0)

    log = np.log([np.maximum(side(plan.sizes), 1e-9) for side in plan.rates])[None, :, :, None]
    log = log + factor(SHARED["speaker"], plan.speakers) + factor(OWN["speaker"], 1, 2, 1, plan.speakers)
    log = log + by_run(factor(SHARED["draw"], plan.draws, 1, 1, 1) + factor(OWN["draw"], plan.draws, 2, 1, 1))
    log = log + by_run(factor(OWN["draw and size"], plan.draws, 2, count, 1))
    log = log + by_run(factor(OWN["draw and speaker"], plan.draws, 2, 1, plan.speakers))
    log = log + factor(OWN["init"], runs, 2, count, 1)
    words = rng.multinomial(plan.words - plan.speakers, np.full(plan.speakers, 1 / plan.speakers)) + 1
    errors = rng.binomial(words, np.minimum(np.exp(log), 1)).astype(float)
    names = tuple((draw, init) for draw in range(plan.draws) for init in range(plan.inits))
    sizes = tuple(int(size) for size in plan.sizes)
    scored = np.broadcast_to(words, errors.shape).astype(float)
    sides = ("modular", "end-to-end")
    return ErrorCounts(sides, sides, sizes, names, errors, scored, words.astype(float), words.astype(float))
