"""A trained end-to-end recogniser and one clip -> what is seen inside it: frames, characters and words."""

from __future__ import annotations

import numpy as np

from components.contract import Clip
from components.decoding.greedy import collapse
from components.decoding.search import Path
from components.inside.seen import Band, Inside, Map, Timed, Word
from components.inside.sure import SENTENCES, sure_words
from components.neural.alphabet import BLANK, unspell
from components.neural.recogniser import CtcRecogniser

FRAME_HOP, ROW_HOP = 0.01, 0.02  # seconds
SEEN = 0.1  # a character that is never likelier is left out
SHOWN = {" ": "space"}


def look_at_characters(recogniser: CtcRecogniser, clip: Clip, n: int) -> Inside:
    """CtcRecogniser and clip -> its frames, the probabilities of the characters, words and their times."""
    heard = recogniser.log_probabilities([clip])[0]
    search = recogniser.search_
    if search is None:
        words = _greedy_words(np.exp(heard), recogniser.alphabet_)
        best = []
    else:
        sentences = search.n_best(heard, max(n, SENTENCES))
        words = sure_words(_timed(search.decode(heard)), sentences)
        best = [(sentence.text, -sentence.cost) for sentence in sentences[:n]]
    name = "Log-mel" if recogniser.front_end == "mel" else "Learned filters"
    return Inside(
        clip,
        recogniser.predict([clip])[0],
        Map(name, recogniser.frames(clip), FRAME_HOP),
        _characters(np.exp(heard), recogniser.alphabet_),
        (),
        words,
        best,
    )


def _timed(path: Path) -> list[Timed]:
    return [
        (word, first * ROW_HOP, last * ROW_HOP)
        for word, (first, last) in zip(path.words, path.word_frames, strict=True)
    ]


def _characters(probabilities: np.ndarray, alphabet: list[str]) -> Map:
    """(rows, 1 + characters) -> the characters that are likely anywhere, as first heard, the blank last."""
    likely = [c for c in range(1, probabilities.shape[1]) if probabilities[:, c].max() > SEEN]
    likely.sort(key=lambda c: int(np.argmax(probabilities[:, c] > SEEN)))
    rows = [*likely, BLANK]
    names = [SHOWN.get(alphabet[c - 1], alphabet[c - 1]) for c in likely] + ["blank"]
    bands = [Band(name, row, row + 1) for row, name in enumerate(names)]
    return Map("Characters", probabilities[:, rows], ROW_HOP, bands)


def _greedy_words(probabilities: np.ndarray, alphabet: list[str]) -> list[Word]:
    """(rows, 1 + characters) -> the words of the best characters; sure by those characters' mean."""
    best = probabilities.argmax(1)
    spaces = best == alphabet.index(" ") + 1 if " " in alphabet else np.zeros(len(best), dtype=bool)
    words = []
    for rows in np.split(np.arange(len(best)), np.flatnonzero(spaces)):
        spoken = rows[(best[rows] != BLANK) & ~spaces[rows]]
        if len(spoken):
            text = unspell(collapse(best[rows]), alphabet)
            sure = float(probabilities[spoken, best[spoken]].mean())
            words.append(Word(text, int(spoken[0]) * ROW_HOP, int(spoken[-1] + 1) * ROW_HOP, sure))
    return words
