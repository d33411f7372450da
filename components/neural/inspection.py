"""A trained end-to-end recogniser and one clip -> its frames, token probabilities and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.contract import Clip
from components.neural.decoding.word_times import WordSpan
from components.neural.tokenizer import BLANK
from components.speech.inspection.records import Band, Inspection, Map, Segment, words_with_confidence

FRAME_HOP, ROW_HOP = 0.01, 0.02  # seconds
MIN_PROBABILITY = 0.1  # a token that is never likelier is left out
NAMES = {" ": "space"}


def inspect_network(recogniser: Any, clip: Clip, n: int) -> Inspection:
    """CtcRecogniser and clip -> its frames, the probabilities of the tokens, words and their times."""
    output, decoder = recogniser.outputs([clip])[0], recogniser.text_decoder
    best = [(sentence.text, -sentence.cost) for sentence in decoder.n_best(output, n)]
    name = "Log-mel" if recogniser.front_end == "mel" else "Learned filters"
    return Inspection(
        clip,
        decoder.text(output),
        Map(name, recogniser.frames(clip), FRAME_HOP),
        _tokens(np.exp(output.log_probs), recogniser),
        (),
        words_with_confidence(_timed(decoder.words(output)), decoder.votes(output), recogniser.confidence_),
        best,
    )


def _timed(words: Sequence[WordSpan]) -> list[Segment]:
    return [(word, first * ROW_HOP, end * ROW_HOP) for word, first, end in words]


def _tokens(probabilities: np.ndarray, recogniser: Any) -> Map:
    """(rows, 1 + tokens) -> the tokens that are likely anywhere, by first occurrence, the blank last."""
    likely = [c for c in range(1, probabilities.shape[1]) if probabilities[:, c].max() > MIN_PROBABILITY]
    likely.sort(key=lambda c: int(np.argmax(probabilities[:, c] > MIN_PROBABILITY)))
    columns = [*likely, BLANK]
    tokens = [recogniser.alphabet_[c - 1] for c in likely]
    names = [NAMES.get(token, token) for token in tokens] + ["blank"]
    bands = [Band(name, row, row + 1) for row, name in enumerate(names)]
    return Map(recogniser.units.capitalize(), probabilities[:, columns], ROW_HOP, bands)
