"""A trained end-to-end recogniser and one clip -> what is seen inside it: frames, characters and words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.contract import Clip
from components.decoding.search import Path
from components.inside.seen import Band, Inside, Map, Timed
from components.inside.sure import sure_words
from components.neural.alphabet import BLANK
from components.neural.recogniser import CtcRecogniser
from components.neural.spoken_words import Spoken, greedy_words

FRAME_HOP, ROW_HOP = 0.01, 0.02  # seconds
SEEN = 0.1  # a character that is never likelier is left out
SHOWN = {" ": "space"}


def look_at_characters(recogniser: CtcRecogniser, clip: Clip, n: int) -> Inside:
    """CtcRecogniser and clip -> its frames, the probabilities of the characters, words and their times."""
    heard = recogniser.log_probabilities([clip])[0]
    search = recogniser.search_
    if recogniser.decoding_ == "greedy":
        spoken, votes = greedy_words(heard, recogniser.alphabet_)
        best = []
    else:
        spoken, votes = _spoken(search.decode(heard)), search.votes(heard)
        best = [(sentence.text, -sentence.cost) for sentence in search.n_best(heard, n)]
    name = "Log-mel" if recogniser.front_end == "mel" else "Learned filters"
    return Inside(
        clip,
        recogniser.predict([clip])[0],
        Map(name, recogniser.frames(clip), FRAME_HOP),
        _characters(np.exp(heard), recogniser.alphabet_),
        (),
        sure_words(_timed(spoken), votes, recogniser.sureness_),
        best,
    )


def _spoken(path: Path) -> list[Spoken]:
    return [(word, first, last) for word, (first, last) in zip(path.words, path.word_frames, strict=True)]


def _timed(spoken: Sequence[Spoken]) -> list[Timed]:
    return [(word, first * ROW_HOP, last * ROW_HOP) for word, first, last in spoken]


def _characters(probabilities: np.ndarray, alphabet: list[str]) -> Map:
    """(rows, 1 + characters) -> the characters that are likely anywhere, as first heard, the blank last."""
    likely = [c for c in range(1, probabilities.shape[1]) if probabilities[:, c].max() > SEEN]
    likely.sort(key=lambda c: int(np.argmax(probabilities[:, c] > SEEN)))
    rows = [*likely, BLANK]
    names = [SHOWN.get(alphabet[c - 1], alphabet[c - 1]) for c in likely] + ["blank"]
    bands = [Band(name, row, row + 1) for row, name in enumerate(names)]
    return Map("Characters", probabilities[:, rows], ROW_HOP, bands)
