"""Results of a ceiling analysis: errors with one stage replaced by the truth, and scores of the stages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any

import numpy as np

from components.study.counts import ratio

AS_TRAINED = "as trained"
# oracle -> the stage that it replaces
ORACLES = {
    "wider beam": "the search",
    "true boundaries": "finding the word boundaries",
    "true phones": "the acoustic model",
    "oracle LM": "the language model",
    "oracle lexicon": "the vocabulary",
}
SIGNIFICANT = 2.0  # standard errors of a difference summed over utterances


@dataclass(frozen=True)
class StageScores:
    """Counts and sums that score each stage on its own; add them with + or sum(), divide once.

    Attributes
    ----------
    frames, frames_right : frames aligned to the truth; those whose likeliest state is of the true phone.
    phones, phone_errors : reference phones without silence; errors of a phone loop.
    boundaries, boundary_ms : starts and ends of words aligned to reference words; distances to the true ones.
    lm_words, lm_nats : words, and minus log probability, of the texts that the language model allows.
    words, unknown, unpronounced : reference words; out of vocabulary; of these without units of their phones.
    utterances, unaligned : all; those whose reference could not be aligned to the clip.
    changed, improved : utterances whose words, whose cost changes with a wider beam.
    missed : utterances whose reference costs less than the hypothesis of the search.
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
        return StageScores(*(own + others for own, others in zip(astuple(self), astuple(other), strict=True)))

    def __radd__(self, other: int) -> StageScores:
        # sum() starts from 0
        return self if other == 0 else NotImplemented

    def rates(self) -> dict[str, float]:
        """{name: share, milliseconds or perplexity}; nan where nothing was counted."""
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
    """Reference words; word errors of each utterance, for AS_TRAINED and each of ORACLES; add with +."""

    words: int
    errors: Mapping[str, list[int]]
    scores: StageScores

    def __add__(self, other: Ceiling) -> Ceiling:
        joined = {name: [*errors, *other.errors[name]] for name, errors in self.errors.items()}
        return Ceiling(self.words + other.words, joined, self.scores + other.scores)

    def wrong(self, oracle: str = AS_TRAINED) -> int:
        """Oracle -> word errors of all utterances."""
        return sum(self.errors[oracle])

    def rate(self, oracle: str = AS_TRAINED) -> float:
        """Oracle -> word error rate, a share."""
        return ratio(self.wrong(oracle), self.words)

    def bottlenecks(self) -> list[str]:
        """The oracles that lower the errors most: the best, and those not significantly worse; or none.

        Significant: more than SIGNIFICANT standard errors over utterances.
        """
        errors = {name: np.array(counts) for name, counts in self.errors.items()}
        best = min(ORACLES, key=self.wrong)
        if not _significant(errors[AS_TRAINED] - errors[best]):
            return []
        equal = [name for name in ORACLES if not _significant(errors[name] - errors[best])]
        return [best, *(name for name in equal if name != best and self.wrong(name) < self.wrong())]

    def to_dict(self) -> dict[str, Any]:
        """The results as plain values for JSON."""
        return {
            "words": self.words,
            "errors": {k: list(v) for k, v in self.errors.items()},
            "scores": asdict(self.scores),
        }


def _significant(differences: np.ndarray) -> bool:
    return bool(differences.sum() > SIGNIFICANT * np.sqrt((differences**2).sum()))


def read_ceiling(values: Mapping[str, Any]) -> Ceiling:
    """Values of `Ceiling.to_dict` -> the results."""
    return Ceiling(values["words"], values["errors"], StageScores(**values["scores"]))


def pooled(trials: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, Ceiling]]:
    """Analysed trials (recogniser, size, ceiling) -> {recogniser: {size: their sum}}, sizes rising."""
    sums: dict[str, dict[int, Ceiling]] = {}
    for trial in sorted(trials, key=lambda trial: trial["size"]):
        sizes, ceiling = sums.setdefault(trial["recogniser"], {}), read_ceiling(trial["ceiling"])
        sizes[trial["size"]] = sizes[trial["size"]] + ceiling if trial["size"] in sizes else ceiling
    return sums


def sentence(name: str, sizes: Mapping[int, Ceiling]) -> str:
    """Recogniser and its results by size -> a sentence on its bottleneck at the largest size.

    If none is significant there, also on that of the largest size with a significant one.
    """
    last, significant = max(sizes), [size for size in sizes if sizes[size].bottlenecks()]
    none_significant = f"no stage of {name} that is replaced by the truth lowers its errors beyond chance"
    if not significant:
        return f"At {last:,} utterances {none_significant}."
    bottleneck = _bottleneck_sentence(name, max(significant), sizes[max(significant)])
    return bottleneck if last in significant else f"At {last:,} utterances {none_significant}. {bottleneck}"


def _bottleneck_sentence(name: str, size: int, ceiling: Ceiling) -> str:
    start, best = f"At {size:,} utterances ", ceiling.bottlenecks()
    stages = " or ".join(ORACLES[oracle] for oracle in best)
    falls = ", ".join(f"to {100 * ceiling.rate(oracle):.1f} % with {oracle}" for oracle in best)
    doubt = ", which of them is too close to tell" if len(best) > 1 else ""
    return (
        f"{start}{stages} holds {name} back most{doubt}: "
        f"its words wrong fall from {100 * ceiling.rate():.1f} % {falls}."
    )
