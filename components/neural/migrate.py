"""The state of a CtcRecogniser that an earlier version saved -> the state of this version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from components.neural.tokenizer import Tokenizer

RENAMED = {  # of CtcRecogniser, its tokenizer and its graph decoder
    "pairs": "concat_pairs",
    "taps": "kernel_size",
    "spelling_": "tokenizer_",
    "sureness_": "confidence_",
    "unspelt_": "oov_words_",
}
NOTES = {"altered_hearings": "augmented_passes"}
WEIGHTS = (
    (r"^(encoder|ctc)\.speak\.", "heads.ctc.output."),
    (r"^encoder\.first\.", "encoder.cepstral."),
    (r"^(encoder\.blocks\.\d+)\.before\.", r"\1.first_feed_forward."),
    (r"^(encoder\.blocks\.\d+)\.after\.", r"\1.last_feed_forward."),
    (r"^(encoder\.blocks\.\d+\.attention)\.asked\.", r"\1.query_key_value."),
    (r"^(encoder\.blocks\.\d+\.attention)\.told\.", r"\1.output."),
    (r"^(encoder\.blocks\.\d+\.convolution)\.gated\.", r"\1.gate."),
    (r"^(encoder\.blocks\.\d+\.convolution)\.over_rows\.", r"\1.depthwise."),
    (r"^(encoder\.blocks\.\d+\.convolution)\.mixed\.", r"\1.output."),
)
DECODERS = {
    "transducer": {"known": "embedding", "before": "predictor", "heard": "projection", "speak": "output"},
    "attention": {
        "known": "embedding",
        "memory": "recurrent",
        "asked": "query",
        "told": "key_value",
        "joined": "joiner",
        "speak": "output",
    },
}


def migrate(state: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """State of any version -> of this one. defaults: settings, for those that the state lacks.

    From before `decoding_` it used its search wherever it had one; from before the tokenizer it had
    characters; from before `channels_` they did not grow.
    """
    state = {**defaults, **_renamed(state)}
    if "weights_" in state:
        state.setdefault("channels_", state.get("channels"))
    if "search_" in state and "decoding_" not in state:
        state["decoding_"] = "greedy" if state["search_"] is None else "graph"
    search = state.get("search_")
    if "alphabet_" in state:
        state["tokenizer_"] = _character_tokenizer(state.pop("alphabet_"), search)
    if search is not None:
        _migrate_search(search, state["tokenizer_"])
    if "history_" in state:
        state["history_"] = [{NOTES.get(k, k): v for k, v in note.items()} for note in state["history_"]]
    return state


def migrate_weights(weights: Mapping[str, Any], decoder: str) -> dict[str, Any]:
    """Weights of any version by name, and the setting `decoder` -> by the names of this version."""
    return {_weight_name(name, decoder): weight for name, weight in weights.items()}


def _renamed(state: Mapping[str, Any]) -> dict[str, Any]:
    return {RENAMED.get(name, name): value for name, value in state.items()}


def _character_tokenizer(alphabet: list[str], search: Any) -> Tokenizer:
    """The characters of a version that had nothing else, and its search -> their tokenizer."""
    tokenizer = Tokenizer()
    vocabulary = [] if search is None else [*search.lm_.vocabulary_, *_renamed(vars(search))["oov_words_"]]
    tokenizer.tokens_, tokenizer.lexicon_ = alphabet, {word: [tuple(word)] for word in vocabulary}
    return tokenizer


def _migrate_search(search: Any, tokenizer: Tokenizer) -> None:
    """A graph decoder as it was loaded -> with the names of this version, in place."""
    state = {"tokenizer_": tokenizer, **_renamed(vars(search))}
    vars(search).clear()
    vars(search).update(state)


def _weight_name(name: str, decoder: str) -> str:
    for old, new in WEIGHTS:
        name = re.sub(old, new, name)
    part, _, rest = name.partition(".")
    if part != "decoder":
        return name
    layer, _, rest = rest.partition(".")
    return f"heads.{decoder}.{DECODERS[decoder][layer]}.{rest}"
