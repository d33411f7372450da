"""Filler (garbage) model for out-of-vocabulary speech, which is left out of the transcript."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import kaldifst
import numpy as np

from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.n_best import NBest, Sentence
from components.speech.decoding.search import Path

FILLER = "<filler>"
STAY = math.log(0.9)  # log probability of the filler's self-loop
SHARE = 0.1  # of the speech states: the likeliest of each frame
START, FILLERS_ONLY, MODEL = 0, 1, 2  # states: start, only fillers so far, the first of the language model


def with_filler(scores: np.ndarray, speech: np.ndarray) -> np.ndarray:
    """Log-likelihoods (frames, states) -> (frames, states + 1), the filler's last.

    The filler's is the mean of the likeliest tenth of the speech states of a frame, at least of two: above
    that of a wrong word, as it takes other states in each frame, and below that of the right one.
    speech: int (speech states,), columns.
    Source: Bourlard, D'hoore and Boite (1994), Optimizing recognition and rejection performance in
    wordspotting systems: the on-line garbage model.
    """
    best = min(len(speech), max(2, round(SHARE * len(speech))))
    likeliest = np.partition(scores[:, speech], len(speech) - best, axis=1)[:, -best:]
    return np.column_stack([scores, likeliest.mean(axis=1)]).astype(np.float32)


class FillerGrammar:
    """Language model -> the same with fillers, at a cost each, between words or alone."""

    def __init__(self, model: Any, cost: float) -> None:
        self.model, self.cost = model, cost
        self.vocabulary_ = [*model.vocabulary_, FILLER]

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """The model's acceptor with a filler loop on each state, and paths of fillers alone."""
        own_ids = {word: label for word, label in word_ids.items() if word != FILLER}
        table, weights, finals = read_fst(self.model.fst(own_ids, backoff))
        arcs, filler = Arcs(), word_ids[FILLER]
        for (source, target, reads, writes), weight in zip(table.tolist(), weights.tolist(), strict=True):
            for begin in (START, FILLERS_ONLY, MODEL) if source == 0 else (MODEL + source,):
                arcs.add(begin, reads, writes, weight, MODEL + target)
        arcs.add(START, filler, filler, self.cost, FILLERS_ONLY)
        for state in range(FILLERS_ONLY, MODEL + 1 + int(table[:, :2].max(initial=0))):
            arcs.add(state, filler, filler, self.cost, state)
        arcs.final(FILLERS_ONLY)
        for state, weight in finals.tolist():
            arcs.final(MODEL + int(state), weight)
            if state == 0:
                arcs.final(START, weight)
        return arcs.fst()


def without_filler(path: Path, column: int, silence: int) -> Path:
    """Path -> path without filler words, their frames as silence. column, silence: states of both."""
    places = [place for place, word in enumerate(path.words) if word != FILLER]
    words, frames = [path.words[place] for place in places], [path.word_frames[place] for place in places]
    states = np.where(path.states == column, silence, path.states)
    return Path(words, frames, states, path.cost, path.reached_final)


def sentences_without_filler(sentences: NBest) -> NBest:
    """N-best list -> the same without fillers, each sentence once."""
    costs: dict[tuple[str, ...], float] = {}
    for sentence in sentences:
        words = tuple(word for word in sentence.words if word != FILLER)
        costs.setdefault(words, sentence.cost)
    return NBest((Sentence(words, cost) for words, cost in costs.items()), sentences.beam)
