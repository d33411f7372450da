"""Log-probabilities of tokens -> words with their rows, the votes on them, and how sure these are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torchaudio.functional import forced_align

from components.neural.decoding.graph_search import SpellingSearch
from components.neural.hypothesis import Said
from components.neural.tokenizer import BLANK, WORDS, Spelling, rows_needed
from components.speech.decoding.confidence import ConfidenceCalibrator, Votes
from components.speech.decoding.greedy import collapse

# Of log-probabilities. On training clips left over 5 to 14 were best for single words, of which a network
# taught little is far too sure, and 2 for connected ones.
SINGLE_TEMPERATURE, USUAL_TEMPERATURE, SPREAD = 8.0, 2.5, 0.5
GREEDY_TEMPERATURE = 1.5

Spoken = tuple[str, int, int]  # a word, its first row and the last + 1


def greedy_words(heard: np.ndarray, spelling: Spelling) -> tuple[list[Spoken], Votes]:
    """Natural log-probabilities (rows, 1 + tokens) -> the words of the best tokens, and votes.

    For a word speaks the mean probability of its tokens, against it the rest.
    """
    best = heard.argmax(1)
    words, sure = [], []
    for rows, spoken in _word_by_word(best, np.flatnonzero(np.diff(best)) + 1, spelling):
        words.append((spelling.unspell(collapse(best[rows])), int(spoken[0]), int(spoken[-1]) + 1))
        sure.append(float(np.exp(heard[spoken, best[spoken]]).mean()))
    return words, _votes([word for word, *_ in words], sure)


def said_words(said: Said, spelling: Spelling) -> Votes:
    """What a decoder says by itself -> the votes on its words, as of greedy_words."""
    words = [spoken for _, spoken in _word_by_word(said.numbers, np.arange(1, len(said.numbers)), spelling)]
    sure = [float(np.exp(said.sure[places]).mean()) for places in words]
    return _votes([spelling.unspell(said.numbers[places]) for places in words], sure)


def _word_by_word(
    tokens: np.ndarray, changes: np.ndarray, spelling: Spelling
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Tokens -> of each word the places of its tokens, and of those among them that say something.

    changes: where one token may end and another begin, which is where one word does if words are tokens.
    """
    spaces = tokens == (-1 if spelling.space is None else spelling.space)
    begins = changes if spelling.units == WORDS else np.flatnonzero(spaces)
    for places in np.split(np.arange(len(tokens)), begins):
        spoken = places[(tokens[places] != BLANK) & ~spaces[places]]
        if len(spoken):
            yield places, spoken


def _votes(words: Sequence[str], sure: Sequence[float]) -> Votes:
    shares = np.clip([sure, 1 - np.array(sure)], np.finfo(np.float32).eps, 1.0)  # (2, words)
    agreed = np.repeat([[True], [False]], len(words), axis=1)
    return Votes(tuple(words), agreed, -np.log(shares))


def aligned_words(heard: np.ndarray, spelling: Spelling, text: str) -> list[Spoken]:
    """Natural log-probabilities (rows, 1 + tokens) and a text -> its words, in the rows where they fit best.

    Words for which there are too few rows share them evenly.
    """
    words, spelt = text.split(), spelling.spell(text)
    if len(heard) < rows_needed(spelt):
        ends = np.arange(len(words) + 1) * len(heard) // max(1, len(words))
        return [(word, int(ends[i]), int(ends[i + 1])) for i, word in enumerate(words)]
    word_of_row = _words_of(spelt, words, spelling)[_tokens_of_rows(heard, spelt)]
    spans = [np.flatnonzero(word_of_row == place)[[0, -1]].tolist() for place in range(len(words))]
    return [(word, first, last + 1) for word, (first, last) in zip(words, spans, strict=True)]


def _words_of(spelt: np.ndarray, words: Sequence[str], spelling: Spelling) -> np.ndarray:
    """Which word each token belongs to; -1 for spaces, and for one token more, which is none."""
    if spelling.space is None:
        places = np.repeat(np.arange(len(words)), [len(spelling.spell(word)) for word in words])
    else:
        places = np.where(spelt == spelling.space, -1, np.cumsum(spelt == spelling.space))
    return np.append(places, -1)


def _tokens_of_rows(heard: np.ndarray, spelt: np.ndarray) -> np.ndarray:
    """The place in the spelling that each row says on the likeliest path, -1 for blanks: (rows,)."""
    if not len(spelt):
        return np.full(len(heard), -1)
    path = forced_align(torch.from_numpy(heard)[None], torch.from_numpy(spelt)[None], blank=BLANK)[0][
        0
    ].numpy()
    begins = (path != BLANK) & (path != np.append(BLANK, path[:-1]))
    return np.where(path == BLANK, -1, np.cumsum(begins) - 1)


def usual_sureness(search: SpellingSearch | None) -> ConfidenceCalibrator:
    """How the tokens are searched (None: greedily) -> how sure words are, to learn from held-out clips."""
    if search is None:
        return ConfidenceCalibrator(GREEDY_TEMPERATURE, SPREAD)
    usual = SINGLE_TEMPERATURE if search.single else USUAL_TEMPERATURE
    return ConfidenceCalibrator(usual / search.lm_scale, SPREAD)
