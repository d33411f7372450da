"""A trained end-to-end recogniser and one clip -> what is seen inside it: frames, tokens and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.contract import Clip
from components.neural.decoding.words import Spoken
from components.neural.tokenizer import BLANK
from components.speech.inspection.records import Band, Inspection, Map, Segment, words_with_confidence

FRAME_HOP, ROW_HOP = 0.01, 0.02  # seconds
SEEN = 0.1  # a token that is never likelier is left out
SHOWN = {" ": "space"}


def inspect_network(recogniser: Any, clip: Clip, n: int) -> Inspection:
    """CtcRecogniser and clip -> its frames, the probabilities of the tokens, words and their times."""
    heard, answers = recogniser.hear([clip])[0], recogniser.answers
    spoken, votes = answers.spoken(heard), answers.votes(heard)
    best = [(sentence.text, -sentence.cost) for sentence in answers.n_best(heard, n)]
    name = "Log-mel" if recogniser.front_end == "mel" else "Learned filters"
    return Inspection(
        clip,
        answers.text(heard),
        Map(name, recogniser.frames(clip), FRAME_HOP),
        _tokens(np.exp(heard.log_probabilities), recogniser),
        (),
        words_with_confidence(_timed(spoken), votes, recogniser.confidence_),
        best,
    )


def _timed(spoken: Sequence[Spoken]) -> list[Segment]:
    return [(word, first * ROW_HOP, last * ROW_HOP) for word, first, last in spoken]


def _tokens(probabilities: np.ndarray, recogniser: Any) -> Map:
    """(rows, 1 + tokens) -> the tokens that are likely anywhere, as first heard, the blank last."""
    likely = [c for c in range(1, probabilities.shape[1]) if probabilities[:, c].max() > SEEN]
    likely.sort(key=lambda c: int(np.argmax(probabilities[:, c] > SEEN)))
    rows = [*likely, BLANK]
    said = [recogniser.alphabet_[c - 1] for c in likely]
    names = [SHOWN.get(token, token) for token in said] + ["blank"]
    bands = [Band(name, row, row + 1) for row, name in enumerate(names)]
    return Map(recogniser.units.capitalize(), probabilities[:, rows], ROW_HOP, bands)
