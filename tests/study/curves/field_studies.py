"""Studies as the field has them: every word of the test is a coin whose log-odds are a sum of causes.

A system errs on a word with the probability floor + (1 - floor) * logistic(log-odds). The log-odds fall in
a straight line with the logarithm of the training size, and are moved by the speaker (correlated between
the two systems), by the word (as well), by the luck of the draw (correlated over sizes, as a smaller set
lies within a larger one, and between the systems), by what a draw does to single speakers, and by how
training was initialised. Nothing here is shared with tests/study/curves/known_truth.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from components.study.curves.error_counts import ErrorCounts

SIDES = ("modular", "end-to-end")
SPEAKERS = (6, 12, 25, 40, 80)
# ranges of a draw's standard deviation, and of `nesting`: how fast it is forgotten as the set grows
LUCKS = {"lasting": ((0.2, 0.8), (0.02, 0.15)), "passing": ((0.05, 0.4), (0.1, 0.5))}
NODES, MASS = np.polynomial.hermite_e.hermegauss(41)
MASS = MASS / MASS.sum()


@dataclass(frozen=True)
class Luck:
    """Standard deviations of what moves log-odds, and correlations of it.

    speaker, word, draw, meeting, init: of speakers, test words, draws, draws with speakers, trainings.
    alike: correlation of the two systems' speakers and words. shared: of their draws. nesting: draws of n
    and m examples, n < m, correlate as (n / m) ** nesting. sides: factors of draw and init by system.
    """

    speaker: float
    word: float
    draw: float
    meeting: float
    init: float
    alike: float
    shared: float
    nesting: float
    sides: tuple[float, float]

    @property
    def total(self) -> np.ndarray:
        """Standard deviation of all together, by system, (2,)."""
        test = self.speaker**2 + self.word**2 + self.meeting**2
        return np.sqrt(test + np.square(self.sides) * (self.draw**2 + self.init**2))


@dataclass(frozen=True)
class FieldStudy:
    """One study to come.

    sizes: of the training sets. draws, speakers, words: how many. floors, starts, slopes: by system, the
    floor, the log-odds at one example, and how fast these fall with the logarithm of the size.
    """

    sizes: tuple[int, ...]
    draws: int
    speakers: int
    words: int
    floors: tuple[float, float]
    starts: tuple[float, float]
    slopes: tuple[float, float]
    luck: Luck

    def expected(self, sizes: np.ndarray) -> np.ndarray:
        """Sizes -> expected rates, (2, sizes): means over speakers, words, draws and trainings."""
        sides = zip(self.floors, self.starts, self.slopes, self.luck.total, strict=True)
        return np.array(
            [_mean(floor, start - slope * np.log(sizes), spread) for floor, start, slope, spread in sides]
        )

    @property
    def truth(self) -> float:
        """Size from which the expected end-to-end rate stays lower; 0 for all sizes, infinity for never."""
        fine = np.geomspace(self.sizes[0], self.sizes[-1], 5000)
        modular, end_to_end = self.expected(fine)
        behind = np.flatnonzero(end_to_end >= modular)
        if not len(behind):
            return 0.0
        return np.inf if behind[-1] + 1 == len(fine) else float(fine[behind[-1] : behind[-1] + 2].mean())


def _mean(floor: float, log_odds: np.ndarray, spread: float) -> np.ndarray:
    """Floor, log-odds and their standard deviation -> the mean rate, by Gauss-Hermite quadrature."""
    return floor + (1 - floor) * expit(np.asarray(log_odds)[..., None] + spread * NODES) @ MASS


def field_study(
    rng: np.random.Generator,
    kind: str = "lasting",
    speakers: Sequence[int] = SPEAKERS,
    words: tuple[int, int] = (160, 2000),
) -> FieldStudy:
    """A random generator -> one study to come; more often than not its crossover is within the sizes.

    kind: of LUCKS. speakers: to choose from. words: fewest and most of the whole test.
    """
    ends = rng.choice([20, 30, 50, 100]), rng.choice([500, 1000, 2000])
    sizes = np.round(np.geomspace(*ends, rng.integers(4, 9))).astype(int)
    luck, place = _luck(rng, kind), ends[0] * (ends[1] / ends[0]) ** rng.uniform(-0.4, 1.4)
    rate = np.exp(rng.uniform(np.log(0.03), np.log(0.5)))
    floors = rate * rng.uniform(0.0, 0.6), rate * rng.uniform(0.0, 0.4)
    modular = rng.uniform(0.2, 0.8)
    slopes = modular, modular + rng.uniform(0.2, 0.9)
    starts = tuple(
        _start(floor, rate, spread) + slope * np.log(place)
        for floor, slope, spread in zip(floors, slopes, luck.total, strict=True)
    )
    amounts = int(rng.integers(3, 8)), int(rng.choice(speakers)), round(np.exp(rng.uniform(*np.log(words))))
    return FieldStudy(tuple(sizes.tolist()), *amounts, floors, starts, slopes, luck)


def _luck(rng: np.random.Generator, kind: str) -> Luck:
    draw, nesting = LUCKS[kind]
    return Luck(
        speaker=rng.uniform(0.3, 1.0),
        word=rng.uniform(0.0, 1.0),
        draw=rng.uniform(*draw),
        meeting=rng.uniform(0.0, 0.3),
        init=rng.uniform(0.05, 0.2),
        alike=rng.uniform(0.3, 0.9),
        shared=rng.uniform(0.0, 0.5),
        nesting=rng.uniform(*nesting),
        sides=(1.0, rng.uniform(1.0, 1.6)),
    )


def _start(floor: float, rate: float, spread: float) -> float:
    """Floor, rate above it and standard deviation of log-odds -> the log-odds that have this mean rate."""
    middle = logit((rate - floor) / (1 - floor))
    return brentq(lambda log_odds: _mean(floor, log_odds, spread) - rate, middle - 20, middle + 20)


def counts_of(rng: np.random.Generator, study: FieldStudy) -> ErrorCounts:
    """A study to come -> the error counts that it leaves."""
    luck, sizes = study.luck, np.array(study.sizes)
    who = _speakers(rng, study)
    line = np.array(study.starts)[:, None] - np.outer(study.slopes, np.log(sizes))  # (2, sizes)
    by_run = line + _luck_of_draws(rng, study)  # (draws, 2, sizes)
    by_word = luck.speaker * _alike(rng, luck.alike, study.speakers)[:, who]
    by_word += luck.word * _alike(rng, luck.alike, study.words)  # (2, words)
    meeting = luck.meeting * rng.standard_normal((study.draws, 2, 1, study.speakers))[..., who]
    log_odds = by_run[..., None] + by_word[:, None] + meeting  # (draws, 2, sizes, words)
    floors = np.array(study.floors)[:, None, None]
    wrong = rng.random(log_odds.shape) < floors + (1 - floors) * expit(log_odds)
    starts = np.searchsorted(who, np.arange(study.speakers))
    errors = np.add.reduceat(wrong, starts, axis=-1, dtype=float)
    words = np.bincount(who).astype(float)
    runs = tuple((draw, 0) for draw in range(study.draws))
    scored = np.broadcast_to(words, errors.shape)
    return ErrorCounts(SIDES, SIDES, study.sizes, runs, errors, scored, words, words)


def _speakers(rng: np.random.Generator, study: FieldStudy) -> np.ndarray:
    """Speaker of each word (words,), in order: some say much, some little, each one word at least."""
    shares = rng.dirichlet(np.full(study.speakers, 4.0))
    more = rng.choice(study.speakers, study.words - study.speakers, p=shares)
    return np.sort(np.concatenate([np.arange(study.speakers), more]))


def _alike(rng: np.random.Generator, correlation: float, count: int) -> np.ndarray:
    """Standard normal deviates of two systems, (2, count), with a correlation between them."""
    one, other = rng.standard_normal((2, count))
    return np.stack([one, correlation * one + np.sqrt(1 - correlation**2) * other])


def _luck_of_draws(rng: np.random.Generator, study: FieldStudy) -> np.ndarray:
    """What draws and trainings add to the log-odds, (draws, 2, sizes)."""
    luck, steps = study.luck, np.log(study.sizes)
    over_sizes = np.linalg.cholesky(np.exp(-luck.nesting * np.abs(steps[:, None] - steps)))
    between = np.linalg.cholesky(np.array([[1, luck.shared], [luck.shared, 1]]))
    shape = (study.draws, 2, len(steps))
    draws = between @ rng.standard_normal(shape) @ over_sizes.T
    return np.array(luck.sides)[:, None] * (luck.draw * draws + luck.init * rng.standard_normal(shape))
