"""Held-out clips -> how to decode: greedily, or by a search, and with which weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from components.neural.decoding.calibration import default_calibrator
from components.neural.decoding.decoder import Decoder
from components.neural.decoding.graph_decoder import best_settings
from components.neural.hypothesis import word_errors
from components.neural.inference import NetworkOutput
from components.neural.tokenizer import WITHOUT_TEXT
from components.speech.decoding.build_lm import is_closed
from components.speech.decoding.confidence import ConfidenceCalibrator
from components.speech.decoding.effort import MOST_LINKS, MOST_TOKENS, TUNING_ACTIVE, affordable

GREEDY, BEAM, GRAPH = "greedy", "beam", "graph"
LEXICON_FREE = (GREEDY, BEAM)


@dataclass(frozen=True)
class DecodingConfig:
    """How to decode. search: settings of GraphDecoder. calibrator: fitted to dev clips, None without any."""

    decoding: Literal["greedy", "beam", "graph"]
    search: dict[str, float] = field(default_factory=dict)
    calibrator: ConfidenceCalibrator | None = None


def clips_to_compare_on(decoder: Decoder, outputs: Sequence[NetworkOutput]) -> int:
    """A decoder with a search, and outputs for dev clips -> on how many of the first ways to decode may be
    compared: where words are many or clips long, not on all, see effort.affordable."""
    graph = decoder.search.graph
    work = (graph.most_tokens(len(output.log_probs), TUNING_ACTIVE) for output in outputs)
    return affordable(work, MOST_TOKENS)


def choose_decoding(
    decoder: Decoder, outputs: Sequence[NetworkOutput], expected: Sequence[str], may_be_greedy: bool
) -> tuple[Decoder, dict, np.ndarray]:
    """Outputs for dev clips, and their texts -> the decoder with the best way to decode them, the counts that
    say so, and its word errors of each clip, (clips,).

    decoder: with a search that was fitted without the dev clips. may_be_greedy: whether greedy decoding is
    allowed, which is taken where it makes fewer errors.
    """
    settings = best_settings(decoder.search, [output.log_probs for output in outputs], expected)
    best = replace(decoder, search=decoder.search.with_settings(**settings))
    errors = _errors_by_clip(best, outputs, expected)
    words = sum(len(text.split()) for text in expected)
    counts = {"dev_words": words, "search": settings, "search_errors": int(errors.sum())}
    if may_be_greedy:
        greedy = replace(decoder, search=None)
        by_greedy = _errors_by_clip(greedy, outputs, expected)
        counts["greedy_errors"] = int(by_greedy.sum())
        best, errors = (greedy, by_greedy) if by_greedy.sum() < errors.sum() else (best, errors)
    return best, counts, errors


def _errors_by_clip(
    decoder: Decoder, outputs: Sequence[NetworkOutput], expected: Sequence[str]
) -> np.ndarray:
    pairs = zip(outputs, expected, strict=True)
    return np.array([word_errors([text], [decoder.text(output)]) for output, text in pairs])


def fit_calibrator(
    decoder: Decoder, outputs: Sequence[NetworkOutput], expected: Sequence[str]
) -> ConfidenceCalibrator:
    """A chosen decoder, outputs for dev clips, and their texts -> the calibration of its confidences.

    Lattices of many words or long clips are large: of these only the first few are taken.
    """
    if decoder.search is not None:
        tokens = decoder.search.graph.tokens
        taken = affordable((tokens.most_links(len(output.log_probs)) for output in outputs), MOST_LINKS)
        outputs, expected = outputs[:taken], expected[:taken]
    return default_calibrator(decoder.search).fit([decoder.votes(row) for row in outputs], expected)


def may_be_greedy(settings: Any, units: str) -> bool:
    """Whether a CtcRecogniser's settings and the units of a head allow decoding without a search."""
    is_closed_grammar = settings.grammar and is_closed(settings.grammar)
    return settings.decoding == "auto" and units not in WITHOUT_TEXT and not is_closed_grammar
