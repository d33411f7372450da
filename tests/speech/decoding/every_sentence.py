"""The cost of a sentence from every alignment of it, spelled out."""

import math
from itertools import combinations, product

import kaldifst
import numpy as np
from hypothesis import strategies as st

from components.speech.decoding.fst import Arcs
from components.speech.decoding.language_model import NgramModel

WORDS = ("a", "b", "c")
STATES = {"p": [0, 1], "q": [2], "r": [3, 1], "s": [2], "sil": [4]}  # 1 and 2 are shared, q and s are alike
TOLERANCE = 2e-3


def sentences(longest):
    return [words for length in range(longest + 1) for words in product(WORDS, repeat=length)]


def cheapest(model, sentence):
    """Weight of the best path of a sentence in the acceptor of a language model."""
    ids = {word: label for label, word in enumerate(model.vocabulary_, 1)}
    line = Arcs()
    for place, word in enumerate(sentence.split()):
        line.add(place, ids[word], ids[word], 0.0, place + 1)
    line.final(len(sentence.split()))
    acceptor = model.fst(ids)
    kaldifst.arcsort(acceptor, "ilabel")
    best = kaldifst.shortest_path(kaldifst.compose(line.fst(), acceptor))
    return kaldifst.get_linear_symbol_sequence(best)[3].value


def random_model(rng, order):
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 4))) for _ in range(4)]
    return NgramModel(order, vocabulary=WORDS).fit(texts)


def run_cost(scores, states, stay):
    """Cost of the best alignment of a state sequence: every way to cut the frames into runs."""
    leave, frames = np.log1p(-np.exp(stay)), len(scores)
    best = math.inf
    for cuts in combinations(range(1, frames), len(states) - 1):
        runs = zip((0, *cuts), (*cuts, frames), states, strict=True)
        gain = sum(scores[a:b, s].sum() + (b - a - 1) * stay[s] + leave[s] for a, b, s in runs)
        best = min(best, -gain)
    return best


def acoustic_cost(words, scores, stay, lexicon, silence):
    """Cost of a sentence without grammar: every choice of variants and silences, best aligned."""
    best = math.inf
    choices = [(False,) if silence is None else (False, True)] * (len(words) + 1)
    for variants in product(*(lexicon[word] for word in words)):
        for taken in product(*choices):
            states = []
            for gap, phones in zip(taken, [*variants, ()], strict=True):
                states += STATES["sil"] * gap + [s for phone in phones for s in STATES[phone]]
            if 0 < len(states) <= len(scores):
                gaps = (
                    0 if silence is None else sum(math.log(silence if gap else 1 - silence) for gap in taken)
                )
                best = min(best, run_cost(scores, states, stay) - gaps)
    return best


pronunciation = st.lists(st.sampled_from("pqrs"), min_size=1, max_size=2).map(tuple)
lexicons = st.fixed_dictionaries({word: st.lists(pronunciation, min_size=1, max_size=2) for word in WORDS})
