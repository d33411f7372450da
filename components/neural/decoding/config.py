"""Held-out clips -> in which way a network answers best: greedily, or by a search and with which weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from components.neural.decoding.decoder import Answers
from components.neural.decoding.graph_search import best_settings, word_errors
from components.neural.decoding.words import usual_sureness
from components.neural.inference import Heard
from components.neural.tokenizer import PHONEMES
from components.speech.decoding.build_lm import is_closed
from components.speech.decoding.confidence import ConfidenceCalibrator

GREEDY, BEAM, GRAPH = "greedy", "beam", "graph"
FREE = (GREEDY, BEAM)  # of any lexicon and language model


@dataclass(frozen=True)
class Way:
    """How to decode. search: settings of the graph's search. sureness: learned from dev clips, if any."""

    decoding: Literal["greedy", "beam", "graph"]
    search: dict[str, float] = field(default_factory=dict)
    sureness: ConfidenceCalibrator | None = None


def best_way(answers: Answers, heard: Sequence[Heard], wanted: Sequence[str], free: bool) -> tuple[Way, dict]:
    """Dev clips as heard, and their texts -> the best way, and what was found.

    answers: with a search that was fitted without the dev clips. free: whether it may be greedy, which it is
    where that makes fewer errors.
    """
    settings = best_settings(answers.search, [one.log_probabilities for one in heard], wanted)
    searched = replace(answers, search=answers.search.with_settings(**settings))
    errors = word_errors(wanted, map(searched.text, heard))
    words = sum(len(text.split()) for text in wanted)
    found = {"dev_words": words, "search": settings, "search_errors": errors}
    best = searched
    if free:
        greedy = replace(answers, search=None)
        found["greedy_errors"] = word_errors(wanted, map(greedy.text, heard))
        best = greedy if found["greedy_errors"] < errors else searched
    sureness = usual_sureness(best.search).fit([best.votes(one) for one in heard], wanted)
    return Way(GREEDY if best.search is None else GRAPH, settings, sureness), found


def may_be_greedy(settings: Any) -> bool:
    """Whether a CtcRecogniser's settings leave it free to answer without a search."""
    closed = settings.grammar and is_closed(settings.grammar)
    return settings.decoding == "auto" and settings.units != PHONEMES and not closed
