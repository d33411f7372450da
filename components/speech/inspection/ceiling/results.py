"""What a ceiling analysis finds: errors with one stage replaced by the truth, and each stage's own score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any

import numpy as np

from components.study.counts import ratio

AS_TRAINED = "as trained"
# what is put in a stage's place -> the stage it stands for
ORACLES = {
    "wider beam": "the search",
    "true boundaries": "finding the word boundaries",
    "true phones": "the acoustic model",
    "oracle LM": "the language model",
    "oracle lexicon": "the vocabulary",
}
BEYOND_CHANCE = 2.0  # standard errors of a difference summed over utterances


@dataclass(frozen=True)
class StageScores:
    """Sums by which each stage is judged on its own; add them with + or sum(), divide once.

    frames, frames_right: frames aligned to the truth; those whose likeliest state is of the true phone.
    phones, phone_errors: phones said, silence left out; wrong ones where phones may follow in any order.
    boundaries, boundary_ms: starts and ends of words that were heard in place of said ones; distances.
    lm_words, lm_nats: words and surprise of the texts that the language model can say at all.
    words, unknown, unpronounced: said; not in the lexicon; of those without units of their phones.
    utterances, unaligned: all; those whose truth could not be laid over the clip.
    changed, improved: utterances whose words, whose cost is another with a wider beam.
    missed: utterances whose truth costs less than what the search found.
    """

    frames: int = 0
    frames_right: int = 0
    phones: int = 0
    phone_errors: int = 0
    boundaries: int = 0
    boundary_ms: float = 0.0
    lm_words: int = 0
    lm_nats: float = 0.0
    words: int = 0
    unknown: int = 0
    unpronounced: int = 0
    utterances: int = 0
    unaligned: int = 0
    changed: int = 0
    improved: int = 0
    missed: int = 0

    def __add__(self, other: StageScores) -> StageScores:
        return StageScores(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    def __radd__(self, other: int) -> StageScores:
        # sum() starts from 0
        return self if other == 0 else NotImplemented

    def rates(self) -> dict[str, float]:
        """Name -> share, milliseconds or perplexity; nan where there was nothing to judge by."""
        return {
            "frame accuracy": _mean(self.frames_right, self.frames),
            "phone error rate": _mean(self.phone_errors, self.phones),
            "boundary error": _mean(self.boundary_ms, self.boundaries),
            "LM perplexity": math.exp(_mean(self.lm_nats, self.lm_words)) if self.lm_words else math.nan,
            "unknown words": _mean(self.unknown, self.words),
            "changed by a wider beam": _mean(self.changed, self.utterances),
            "improved by a wider beam": _mean(self.improved, self.utterances),
            "truth missed by the search": _mean(self.missed, self.utterances),
        }


def _mean(total: float, count: int) -> float:
    return total / count if count else math.nan


@dataclass(frozen=True)
class Ceiling:
    """Words said, and for AS_TRAINED and each of ORACLES the wrong words of each utterance; add with +."""

    words: int
    errors: Mapping[str, list[int]]
    scores: StageScores

    def __add__(self, other: Ceiling) -> Ceiling:
        joined = {name: [*wrong, *other.errors[name]] for name, wrong in self.errors.items()}
        return Ceiling(self.words + other.words, joined, self.scores + other.scores)

    def wrong(self, oracle: str = AS_TRAINED) -> int:
        """Wrong words with that in its stage's place."""
        return sum(self.errors[oracle])

    def rate(self, oracle: str = AS_TRAINED) -> float:
        """Word error rate with that in its stage's place, a share."""
        return ratio(self.wrong(oracle), self.words)

    def bottlenecks(self) -> list[str]:
        """The oracles that lower the errors most: one, or those that chance cannot tell from it, or none.

        A difference counts if it is more than BEYOND_CHANCE standard errors over utterances.
        """
        wrong = {name: np.array(each) for name, each in self.errors.items()}
        best = min(ORACLES, key=self.wrong)
        if not _beyond_chance(wrong[AS_TRAINED] - wrong[best]):
            return []
        level = [name for name in ORACLES if not _beyond_chance(wrong[name] - wrong[best])]
        return [best, *(name for name in level if name != best and self.wrong(name) < self.wrong())]

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "words": self.words,
            "errors": {k: list(v) for k, v in self.errors.items()},
            "scores": asdict(self.scores),
        }


def _beyond_chance(differences: np.ndarray) -> bool:
    return bool(differences.sum() > BEYOND_CHANCE * np.sqrt((differences**2).sum()))


def read_ceiling(plain: Mapping[str, Any]) -> Ceiling:
    """What `Ceiling.plain` gave -> the ceiling."""
    return Ceiling(plain["words"], plain["errors"], StageScores(**plain["scores"]))


def pooled(trials: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, Ceiling]]:
    """Analysed trials (recogniser, size, ceiling) -> recogniser: size: their sum, sizes rising."""
    found: dict[str, dict[int, Ceiling]] = {}
    for trial in sorted(trials, key=lambda trial: trial["size"]):
        sizes, ceiling = found.setdefault(trial["recogniser"], {}), read_ceiling(trial["ceiling"])
        sizes[trial["size"]] = sizes[trial["size"]] + ceiling if trial["size"] in sizes else ceiling
    return found


def sentence(name: str, sizes: Mapping[int, Ceiling]) -> str:
    """Recogniser and its ceilings by size -> which stage holds it back most at the largest size.

    If chance leaves that open there, also which did at the largest size that tells.
    """
    last, telling = max(sizes), [size for size in sizes if sizes[size].bottlenecks()]
    open_end = f"no stage of {name} that is replaced by the truth lowers its errors beyond chance"
    if not telling:
        return f"At {last:,} utterances {open_end}."
    said = _named(name, max(telling), sizes[max(telling)])
    return said if last in telling else f"At {last:,} utterances {open_end}. {said}"


def _named(name: str, size: int, ceiling: Ceiling) -> str:
    start, best = f"At {size:,} utterances ", ceiling.bottlenecks()
    stages = " or ".join(ORACLES[oracle] for oracle in best)
    falls = ", ".join(f"to {100 * ceiling.rate(oracle):.1f} % with {oracle}" for oracle in best)
    doubt = ", which of them is too close to tell" if len(best) > 1 else ""
    return (
        f"{start}{stages} holds {name} back most{doubt}: "
        f"its words wrong fall from {100 * ceiling.rate():.1f} % {falls}."
    )
