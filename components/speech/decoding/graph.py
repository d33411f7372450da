"""States or tokens, a lexicon and a language model -> a search graph, composed into one transducer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import kaldifst
import numpy as np

from components.errors import unknown
from components.speech.decoding.fst import EPSILON, Arcs, add_self_loops
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.lexicon_graph import (
    Gap,
    VariantCosts,
    lexicon_graph,
    mark_labels,
    with_marks_as_output,
)
from components.speech.decoding.search import Graph, search_graph


def hmm_graph(
    states: Mapping[str, Sequence[int]],
    stay: np.ndarray,
    pronunciations: Mapping[str, Sequence[Sequence[str]]],
    lm: NgramModel,
    silence: str | None = "sil",
    silence_probability: float = 0.5,
    word_cost: float = 0.0,
    transition_scale: float = 1.0,
    variant_costs: VariantCosts | None = None,
) -> Graph:
    """Phone HMMs, pronunciations and a language model -> one search graph, H o L o G.

    Phones are replaced by their states before determinisation, so that words whose phones share all their
    states are homophones like any others.

    Parameters
    ----------
    states : left-to-right state ids of each phone, columns of the scores; ids may be shared.
    stay : (states,) log probability of the self-loop; leaving, also at the end, has log(1 - exp(stay)).
    pronunciations : of each word of the language model, all variants.
    lm : the language model.
    silence : the phone that is optional before, between and after words; None for none.
    silence_probability : of that silence.
    word_cost : added for each word.
    transition_scale : weight of the log probabilities of staying and leaving.
    variant_costs : of the pronunciations of words that are in it; None: all at no cost.

    Raises ValueError for words without pronunciation, unknown phones, or settings out of range.
    Source: Mohri, Pereira and Riley (2008), Speech recognition with weighted finite-state transducers.
    """
    stay = _checked_stay(stay, states)
    gap = None
    if silence is not None:
        gap = _silence(_state_ids([silence], states), silence_probability)
    spellings = {
        word: [_state_ids(variant, states) for variant in variants]
        for word, variants in pronunciations.items()
    }
    graph, words = lexicon_graph(spellings, lm, len(stay), gap, word_cost, variant_costs)
    arcs, weights, finals = with_marks_as_output(graph, len(stay), len(words))
    entered = arcs[:, 2] > 0
    weights[entered] -= transition_scale * np.log1p(-np.exp(stay))[arcs[entered, 2] - 1]
    arcs, weights, finals = add_self_loops(arcs, weights, finals, -transition_scale * stay)
    return search_graph(arcs, weights, finals, words, len(stay))


def ctc_graph(
    spellings: Mapping[str, Sequence[Sequence[int]]],
    lm: NgramModel,
    blank: int = 0,
    space: int | None = None,
    word_cost: float = 0.0,
    variant_costs: VariantCosts | None = None,
) -> Graph:
    """CTC tokens, spellings and a language model -> one search graph, T o L o G.

    Parameters
    ----------
    spellings : token ids, columns of the scores, of each word of the language model, all variants;
        the scores may have more columns than these.
    lm : the language model.
    blank : column of the blank.
    space : the token that is optional between words at no cost; None for none.
    word_cost : added for each word.
    variant_costs : as of hmm_graph.

    Raises ValueError for words without spelling, or a blank inside a spelling.
    Source: Miao, Gowayyed and Metze (2015), EESEN: end-to-end speech recognition using deep RNN models and
    WFST-based decoding.
    """
    used = {token for variants in spellings.values() for variant in variants for token in variant}
    tokens = sorted(used | ({space} if space is not None else set()))
    if blank in tokens:
        raise ValueError(
            f"ctc_graph expected spellings and a space without the blank, token {blank}, got it in one; "
            "leave it out."
        )
    columns = max([blank, *tokens]) + 1
    gap = Gap((space,)) if space is not None else None
    graph, words = lexicon_graph(spellings, lm, columns, gap, word_cost, variant_costs)
    searched = kaldifst.compose(_topology(tokens, blank, mark_labels(spellings, columns)), graph)
    return search_graph(*with_marks_as_output(searched, columns, len(words)), words, columns, blank)


def _checked_stay(stay: np.ndarray, states: Mapping[str, Sequence[int]]) -> np.ndarray:
    stay = np.asarray(stay, dtype=np.float64)
    if stay.ndim != 1 or not (np.isfinite(stay) & (stay < 0)).all():
        raise ValueError(
            "hmm_graph expected stay of shape (states,) with log probabilities below 0, "
            f"got shape {stay.shape} with values from {stay.min(initial=0)} to {stay.max(initial=-np.inf)}; "
            "keep the self-loop probability between 0 and 1, both excluded."
        )
    highest = max((state for ids in states.values() for state in ids), default=-1)
    if highest >= len(stay):
        raise ValueError(
            f"hmm_graph expected a stay for each state, up to {highest}, got {len(stay)}; "
            "give it one per column."
        )
    return stay


def _silence(columns: tuple[int, ...], probability: float) -> Gap:
    if not 0 < probability < 1:
        raise ValueError(
            f"hmm_graph expected silence_probability between 0 and 1, both excluded, got {probability}; "
            "for speech without silence set silence=None."
        )
    return Gap(columns, -math.log(probability), -math.log1p(-probability), at_ends=True)


def _state_ids(phones: Sequence[str], states: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    for phone in phones:
        if phone not in states:
            raise unknown("phone", phone, states)
    return tuple(state for phone in phones for state in states[phone])


def _topology(tokens: Sequence[int], blank: int, passed: Sequence[int]) -> kaldifst.StdVectorFst:
    """Token topology T: frames -> tokens, repeats merged, then blanks dropped.

    passed: marks that go through unchanged, after the last frame of a token and before any blank, so that
    each path through the graph has one place for them.
    """
    start, after_blank = 0, 1
    inside = {token: place for place, token in enumerate(tokens, after_blank + 1)}
    marked = {token: place + len(tokens) for token, place in inside.items()}
    arcs = Arcs()
    for token, state in [(None, start), (None, after_blank), *inside.items(), *marked.items()]:
        arcs.final(state)
        arcs.add(state, blank + 1, EPSILON, 0.0, after_blank)
        for other, place in inside.items():
            if other != token:
                arcs.add(state, other + 1, other + 1, 0.0, place)
        if state != after_blank:
            for mark in passed:
                arcs.add(state, mark, mark, 0.0, marked.get(token, start))
    for token, state in inside.items():
        arcs.add(state, token + 1, EPSILON, 0.0, state)
    fst = arcs.fst()
    kaldifst.arcsort(fst, "olabel")
    return fst
