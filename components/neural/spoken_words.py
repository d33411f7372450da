"""Log-probabilities of characters -> words with their rows, the votes on them, and how sure those make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from components.decoding.greedy import collapse
from components.decoding.sureness import NEAR, SENTENCES, Sureness, Votes, right_words, sentence_votes
from components.neural.alphabet import BLANK, unspell
from components.neural.spelling_search import SpellingSearch

USUAL_TEMPERATURE = 1.0  # FIXME
USUAL_GREEDY = 1.0  # FIXME

Spoken = tuple[str, int, int]  # a word, its first row and the last + 1


def greedy_words(heard: np.ndarray, alphabet: Sequence[str]) -> tuple[list[Spoken], Votes]:
    """Natural log-probabilities (rows, 1 + characters) -> the words of the best characters, the votes on them.

    For a word speaks the mean probability of its characters, against it the rest.
    """
    best = heard.argmax(1)
    spaces = best == alphabet.index(" ") + 1 if " " in alphabet else np.zeros(len(best), dtype=bool)
    words, sure = [], []
    for rows in np.split(np.arange(len(best)), np.flatnonzero(spaces)):
        spoken = rows[(best[rows] != BLANK) & ~spaces[rows]]
        if len(spoken):
            words.append((unspell(collapse(best[rows]), alphabet), int(spoken[0]), int(spoken[-1]) + 1))
            sure.append(float(np.exp(heard[spoken, best[spoken]]).mean()))
    shares = np.clip([sure, 1 - np.array(sure)], np.finfo(np.float32).eps, 1.0)  # (2, words)
    return words, Votes(np.repeat([[True], [False]], len(words), axis=1), -np.log(shares))


def usual_sureness(search: SpellingSearch | None) -> Sureness:
    """How the characters are searched (None: greedily) -> how sure words are where no clips were held out."""
    usual = USUAL_GREEDY if search is None else USUAL_TEMPERATURE / search.lm_scale
    return Sureness(usual=usual).fit([], [])


def learned_sureness(
    way: Mapping[str, float] | None,
    known: SpellingSearch,
    heard: Sequence[np.ndarray],
    texts: Sequence[str],
) -> Sureness:
    """What the network hears in held-out clips, and their texts -> how sure the words of such clips are.

    way: the settings of the search, None for greedy decoding. known: a search fitted without these clips.
    """
    search = None if way is None else known.with_settings(**way)
    votes, right = [], []
    for one, text in zip(heard, texts, strict=True):
        if search is None:
            words, found = greedy_words(one, known.alphabet_)
            answer = " ".join(word for word, *_ in words)
        else:
            sentences = search.n_best(one, SENTENCES, NEAR)
            answer, found = sentences[0].text, sentence_votes(sentences)
        votes.append(found)
        right.append(right_words(text, answer))
    return usual_sureness(search).fit(votes, right)
