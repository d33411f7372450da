"""Where words begin and end is known: the likeliest word for each span, under the language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import kaldifst
import numpy as np

from components.speech.decoding.fst import Arcs
from components.speech.decoding.search import Span
from components.speech.modular.phone_recogniser import PhoneRecogniser


class WordLattice:
    """A choice of words for each place in turn -> the cheapest sequence that the language model allows."""

    def __init__(self, language_model: Any) -> None:
        self.words = ("", *language_model.vocabulary_)
        self.ids = {word: label for label, word in enumerate(self.words) if label}
        self.grammar = language_model.fst(self.ids)
        kaldifst.arcsort(self.grammar, "ilabel")

    def best(self, choices: Sequence[Mapping[str, float]]) -> tuple[list[str], float]:
        """Words and their costs, a place each -> the cheapest words and their cost; [] and inf if none."""
        arcs = Arcs()
        for place, costs in enumerate(choices):
            for word, cost in costs.items():
                arcs.add(place, self.ids[word], self.ids[word], cost, place + 1)
        arcs.final(len(choices))
        path = kaldifst.shortest_path(kaldifst.compose(arcs.fst(), self.grammar))
        if not path.num_states:
            return [], float("inf")
        _, _, labels, weight = kaldifst.get_linear_symbol_sequence(path)
        return [self.words[label] for label in labels if label], float(weight.value)

    def cost(self, words: Sequence[str]) -> float:
        """Minus the log probability of a text, as the search counts it; inf if it cannot be said."""
        if not all(word in self.ids for word in words):
            return float("inf")
        return self.best([{word: 0.0} for word in words])[1]


class SpanScorer:
    """State scores of one span of frames -> what each known word would cost there, from end to end.

    By the Viterbi recursion (Viterbi, 1967) over the states of each pronunciation, all of them at once.
    """

    def __init__(self, recogniser: PhoneRecogniser) -> None:
        acoustic = recogniser.acoustic_
        spelled = [
            (word, [state for unit in units for state in acoustic.states_[unit]])
            for word, variants in acoustic.spellings_.items()
            for units in variants
        ]
        self.words = [word for word, _ in spelled]
        self.last = np.array([len(states) - 1 for _, states in spelled])
        self.states = np.zeros((len(spelled), self.last.max() + 1), dtype=int)  # (variants, positions)
        for row, (_, states) in enumerate(spelled):
            self.states[row, : len(states)] = states
        stay = np.asarray(acoustic.stay_)
        self.stay, self.leave = stay[self.states], np.log1p(-np.exp(stay))[self.states]
        self.scale, self.word_cost = recogniser.acoustic_scale_, recogniser.word_cost_

    def costs(self, scores: np.ndarray) -> dict[str, float]:
        """Log-likelihoods (frames, states) -> word: cost; words with more states than frames are left out."""
        scaled = self.scale * np.asarray(scores, dtype=np.float64)
        best = np.full(self.states.shape, -np.inf)
        best[:, 0] = scaled[0, self.states[:, 0]]
        for row in scaled[1:]:
            entered = np.full_like(best, -np.inf)
            entered[:, 1:] = (best + self.leave)[:, :-1]
            best = np.maximum(best + self.stay, entered) + row[self.states]
        rows = np.arange(len(self.words))
        ends = self.word_cost - (best + self.leave)[rows, self.last]
        found: dict[str, float] = {}
        for word, cost in zip(self.words, ends.tolist(), strict=True):
            if np.isfinite(cost):
                found[word] = min(cost, found.get(word, np.inf))
        return found


def words_in_spans(
    scorer: SpanScorer, lattice: WordLattice, scores: np.ndarray, spans: Sequence[Span]
) -> list[str]:
    """Scores (frames, states) and the (first, last + 1) frame of each word -> the likeliest words.

    One word a span, its history being the words of the spans before; a span too short for every word is
    left out.
    """
    choices = [scorer.costs(scores[first:last]) for first, last in spans]
    return lattice.best([costs for costs in choices if costs])[0]
