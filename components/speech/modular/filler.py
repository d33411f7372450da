"""Speech that is no known word: a filler that may stand in the place of words, and is heard as nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import kaldifst
import numpy as np

from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.n_best import Sentence
from components.speech.decoding.search import Path

FILLER = "<filler>"
STAY = math.log(0.9)  # log probability of the filler's self-loop
SHARE = 0.1  # of the states, the likeliest of each frame
NEW, NOTHING_KNOWN, OLD = 0, 1, 2  # states of the grammar: start, fillers alone so far, the first of the old


def with_filler(scores: np.ndarray, speech: np.ndarray) -> np.ndarray:
    """Log-likelihoods (frames, states) -> (frames, states + 1), the filler's last.

    It is the mean of the likeliest tenth of the speech states, at least two, of that frame: better than any
    wrong word, since it may change its mind each frame, and worse than the right one.
    speech: int (speech states,), columns.
    Source: Bourlard, D'hoore and Boite (1994), Optimizing recognition and rejection performance in
    wordspotting systems: the on-line garbage model.
    """
    best = min(len(speech), max(2, round(SHARE * len(speech))))
    likeliest = np.partition(scores[:, speech], len(speech) - best, axis=1)[:, -best:]
    return np.column_stack([scores, likeliest.mean(axis=1)]).astype(np.float32)


class FillerGrammar:
    """A language model -> one in which fillers, at a cost each, may stand between words or alone."""

    def __init__(self, model: Any, cost: float) -> None:
        self.model, self.cost = model, cost
        self.vocabulary_ = [*model.vocabulary_, FILLER]

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """The model's acceptor, with a loop on each state, and a way that has no word of the model's."""
        known = {word: label for word, label in word_ids.items() if word != FILLER}
        table, weights, finals = read_fst(self.model.fst(known, backoff))
        arcs, filler = Arcs(), word_ids[FILLER]
        for (source, target, reads, writes), weight in zip(table.tolist(), weights.tolist(), strict=True):
            for begin in (NEW, NOTHING_KNOWN, OLD) if source == 0 else (OLD + source,):
                arcs.add(begin, reads, writes, weight, OLD + target)
        arcs.add(NEW, filler, filler, self.cost, NOTHING_KNOWN)
        for state in range(NOTHING_KNOWN, OLD + 1 + int(table[:, :2].max(initial=0))):
            arcs.add(state, filler, filler, self.cost, state)
        arcs.final(NOTHING_KNOWN)
        for state, weight in finals.tolist():
            arcs.final(OLD + int(state), weight)
            if state == 0:
                arcs.final(NEW, weight)
        return arcs.fst()


def without_filler(path: Path, column: int, silence: int) -> Path:
    """A path -> the same with its fillers heard as silence. column, silence: the states of both."""
    kept = [place for place, word in enumerate(path.words) if word != FILLER]
    words, frames = [path.words[place] for place in kept], [path.word_frames[place] for place in kept]
    states = np.where(path.states == column, silence, path.states)
    return Path(words, frames, states, path.cost, path.reached_final)


def sentences_without_filler(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The likeliest sentences -> the same without fillers, each once."""
    found: dict[tuple[str, ...], float] = {}
    for sentence in sentences:
        words = tuple(word for word in sentence.words if word != FILLER)
        found.setdefault(words, sentence.cost)
    return [Sentence(words, cost) for words, cost in found.items()]
