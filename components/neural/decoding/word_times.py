"""Log-probabilities of tokens -> words with their rows, and the votes on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torchaudio.functional import forced_align

from components.neural.hypothesis import Hypothesis
from components.neural.tokenizer import BLANK, WORDS, Tokenizer, ctc_rows_needed
from components.speech.decoding.confidence import Votes
from components.speech.decoding.greedy import collapse

WordSpan = tuple[str, int, int]  # a word, its first row and the last + 1


def greedy_words(log_probs: np.ndarray, tokenizer: Tokenizer) -> tuple[list[WordSpan], Votes]:
    """Natural log-probabilities (rows, 1 + tokens) -> the words of the best path, and votes on them.

    The posterior of a word is the mean probability of its tokens.
    """
    best = log_probs.argmax(1)
    words, posteriors = [], []
    for rows, token_rows in _split_words(best, np.flatnonzero(np.diff(best)) + 1, tokenizer):
        text = tokenizer.decode(collapse(best[rows]))
        words.append((text, int(token_rows[0]), int(token_rows[-1]) + 1))
        posteriors.append(float(np.exp(log_probs[token_rows, best[token_rows]]).mean()))
    return words, _votes([word for word, *_ in words], posteriors)


def hypothesis_votes(hypothesis: Hypothesis, tokenizer: Tokenizer) -> Votes:
    """A decoder's hypothesis -> the votes on its words, as of greedy_words."""
    tokens = hypothesis.tokens
    words = [places for _, places in _split_words(tokens, np.arange(1, len(tokens)), tokenizer)]
    posteriors = [float(np.exp(hypothesis.log_probs[places]).mean()) for places in words]
    return _votes([tokenizer.decode(tokens[places]) for places in words], posteriors)


def _split_words(
    tokens: np.ndarray, changes: np.ndarray, tokenizer: Tokenizer
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Tokens -> of each word the places of its tokens, and of those that are neither blank nor space.

    changes: where one token may end and another begin, which is where one word does if words are tokens.
    """
    spaces = tokens == (-1 if tokenizer.space is None else tokenizer.space)
    begins = changes if tokenizer.units == WORDS else np.flatnonzero(spaces)
    for places in np.split(np.arange(len(tokens)), begins):
        token_places = places[(tokens[places] != BLANK) & ~spaces[places]]
        if len(token_places):
            yield places, token_places


def _votes(words: Sequence[str], posteriors: Sequence[float]) -> Votes:
    shares = np.clip([posteriors, 1 - np.array(posteriors)], np.finfo(np.float32).eps, 1.0)  # (2, words)
    agreed = np.repeat([[True], [False]], len(words), axis=1)
    return Votes(tuple(words), agreed, -np.log(shares))


def align_words(log_probs: np.ndarray, tokenizer: Tokenizer, text: str) -> list[WordSpan]:
    """Natural log-probabilities (rows, 1 + tokens) and a text -> its words and rows, by forced alignment.

    Words for which there are too few rows share them evenly.
    """
    words, ids = text.split(), tokenizer.encode(text)
    if len(log_probs) < ctc_rows_needed(ids):
        ends = np.arange(len(words) + 1) * len(log_probs) // max(1, len(words))
        return [(word, int(ends[i]), int(ends[i + 1])) for i, word in enumerate(words)]
    word_of_row = _word_of_token(ids, words, tokenizer)[_token_of_row(log_probs, ids)]
    spans = [np.flatnonzero(word_of_row == place)[[0, -1]].tolist() for place in range(len(words))]
    return [(word, first, last + 1) for word, (first, last) in zip(words, spans, strict=True)]


def _word_of_token(ids: np.ndarray, words: Sequence[str], tokenizer: Tokenizer) -> np.ndarray:
    """Which word each token belongs to; -1 for spaces, and for one token more, which is none."""
    if tokenizer.space is None:
        places = np.repeat(np.arange(len(words)), [len(tokenizer.encode(word)) for word in words])
    else:
        places = np.where(ids == tokenizer.space, -1, np.cumsum(ids == tokenizer.space))
    return np.append(places, -1)


def _token_of_row(log_probs: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The place in ids of each row's token on the likeliest path, -1 for blanks: (rows,)."""
    if not len(ids):
        return np.full(len(log_probs), -1)
    paths = forced_align(torch.from_numpy(log_probs)[None], torch.from_numpy(ids)[None], blank=BLANK)[0]
    path = paths[0].numpy()
    begins = (path != BLANK) & (path != np.append(BLANK, path[:-1]))
    return np.where(path == BLANK, -1, np.cumsum(begins) - 1)
