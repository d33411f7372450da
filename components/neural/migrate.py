"""What an earlier version kept of a recogniser -> what would be kept of it today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.neural.tokenizer import Spelling


def as_now(state: dict, settings: Mapping[str, Any]) -> dict:
    """State of a CtcRecogniser of any version -> of this one. settings: the default ones, for those it lacks.

    From before `decoding_` it used its search wherever it had one; from before `spelling_` it had characters.
    """
    state = {**settings, **state}
    if "search_" in state and "decoding_" not in state:
        state["decoding_"] = "greedy" if state["search_"] is None else "graph"
    if "alphabet_" in state:
        state["spelling_"] = spelling = Spelling()
        spelling.tokens_, search = state.pop("alphabet_"), state["search_"]
        words = [] if search is None else [*search.lm_.vocabulary_, *search.unspelt_]
        spelling.lexicon_ = {word: [tuple(word)] for word in words}
        if search is not None:
            search.spelling_ = spelling
    return state


def weight_names_now(weights: Mapping[str, Any]) -> dict[str, Any]:
    """Weights of any version by name -> by the names of this one."""
    return {name.replace("encoder.speak.", "ctc.speak."): weight for name, weight in weights.items()}
