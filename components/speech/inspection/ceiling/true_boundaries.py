"""Oracle of word boundaries: scores and the true span of each word -> its likeliest words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import kaldifst
import numpy as np

from components.speech.decoding.fst import Arcs
from components.speech.decoding.search import Span
from components.speech.modular.phone_recogniser import PhoneRecogniser


class WordLattice:
    """Alternatives for each position -> the cheapest word sequence under a language model."""

    def __init__(self, language_model: Any) -> None:
        self.words = ("", *language_model.vocabulary_)
        self.ids = {word: label for label, word in enumerate(self.words) if label}
        self.grammar = language_model.fst(self.ids)
        kaldifst.arcsort(self.grammar, "ilabel")

    def best(self, choices: Sequence[Mapping[str, float]]) -> tuple[list[str], float]:
        """{word: cost} of each position -> cheapest words and their cost; [] and inf if there are none."""
        arcs = Arcs()
        for position, costs in enumerate(choices):
            for word, cost in costs.items():
                arcs.add(position, self.ids[word], self.ids[word], cost, position + 1)
        arcs.final(len(choices))
        path = kaldifst.shortest_path(kaldifst.compose(arcs.fst(), self.grammar))
        if not path.num_states:
            return [], float("inf")
        _, _, labels, weight = kaldifst.get_linear_symbol_sequence(path)
        return [self.words[label] for label in labels if label], float(weight.value)

    def cost(self, words: Sequence[str]) -> float:
        """Words -> minus their log probability, as of the search; inf if the model does not allow them."""
        if not all(word in self.ids for word in words):
            return float("inf")
        return self.best([{word: 0.0} for word in words])[1]


class SpanScorer:
    """State scores of one span of frames -> the cost of each word of the lexicon over the whole span.

    By the Viterbi recursion (Viterbi, 1967) over the states of all pronunciations at once.
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
        """Log-likelihoods (frames, states) -> {word: cost}, without words of more states than frames."""
        scaled = self.scale * np.asarray(scores, dtype=np.float64)
        best = np.full(self.states.shape, -np.inf)
        best[:, 0] = scaled[0, self.states[:, 0]]
        for row in scaled[1:]:
            entered = np.full_like(best, -np.inf)
            entered[:, 1:] = (best + self.leave)[:, :-1]
            best = np.maximum(best + self.stay, entered) + row[self.states]
        rows = np.arange(len(self.words))
        totals = self.word_cost - (best + self.leave)[rows, self.last]
        costs: dict[str, float] = {}
        for word, cost in zip(self.words, totals.tolist(), strict=True):
            if np.isfinite(cost):
                costs[word] = min(cost, costs.get(word, np.inf))
        return costs


def words_in_spans(
    scorer: SpanScorer, lattice: WordLattice, scores: np.ndarray, spans: Sequence[Span]
) -> list[str]:
    """Scores (frames, states) and the (first, last + 1) frame of each word -> the likeliest words.

    One word per span, under the language model; a span too short for every word is left out.
    """
    choices = [scorer.costs(scores[first:last]) for first, last in spans]
    return lattice.best([costs for costs in choices if costs])[0]
