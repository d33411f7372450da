"""Log-probabilities of characters -> words with their rows, the votes on them, and how sure these are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.decoding.greedy import collapse
from components.decoding.sureness import Sureness, Votes
from components.neural.alphabet import BLANK, unspell
from components.neural.spelling_search import SpellingSearch

# Of log-probabilities. On training clips left over 5 to 14 were best for single words, of which a network
# taught little is far too sure, and 2 for connected ones.
SINGLE_TEMPERATURE, USUAL_TEMPERATURE, SPREAD = 8.0, 2.5, 0.5
GREEDY_TEMPERATURE = 1.5

Spoken = tuple[str, int, int]  # a word, its first row and the last + 1


def greedy_words(heard: np.ndarray, alphabet: Sequence[str]) -> tuple[list[Spoken], Votes]:
    """Natural log-probabilities (rows, 1 + characters) -> the words of the best characters, and votes.

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
    agreed = np.repeat([[True], [False]], len(words), axis=1)
    return words, Votes(tuple(word for word, *_ in words), agreed, -np.log(shares))


def usual_sureness(search: SpellingSearch | None) -> Sureness:
    """How the characters are searched (None: greedily) -> how sure words are where no clips were held out."""
    if search is None:
        return Sureness(GREEDY_TEMPERATURE, SPREAD).fit([], [])
    usual = SINGLE_TEMPERATURE if search.single else USUAL_TEMPERATURE
    return Sureness(usual / search.lm_scale, SPREAD).fit([], [])


def learned_sureness(
    search: SpellingSearch | None, alphabet: Sequence[str], heard: Sequence[np.ndarray], texts: Sequence[str]
) -> Sureness:
    """What the network hears in held-out clips, and their texts -> how sure the words of such clips are.

    search: fitted without these clips, None for greedy decoding.
    """
    if search is None:
        votes = [greedy_words(one, alphabet)[1] for one in heard]
    else:
        votes = [search.votes(one) for one in heard]
    return usual_sureness(search).fit(votes, texts)
