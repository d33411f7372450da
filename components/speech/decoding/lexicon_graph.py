"""Spellings in score columns and a language model -> one deterministic transducer, L o G."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import kaldifst
import numpy as np

from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.language_model import NgramModel

EXACT = 1e-5  # weights closer than this count as equal; kaldifst's own 1e-3 would add up over a sentence
START, HUB, AFTER_WORD, LAST = range(4)
BACKOFF, GAP_END, WORD_END = (
    1,
    2,
    3,
)  # marks (disambiguation symbols), read above the columns; homophone n ends with WORD_END + n

Spellings = Mapping[str, Sequence[Sequence[int]]]
VariantCosts = Mapping[str, Sequence[float]]  # of words whose variants are not equally likely
Priced = Mapping[str, Mapping[tuple[int, ...], float]]  # {word: {variant: its cost}}


@dataclass(frozen=True)
class Gap:
    """Optional silence or space between words, and at both ends if at_ends: columns, costs of yes and no."""

    columns: tuple[int, ...]
    taken: float = 0.0
    skipped: float = 0.0
    at_ends: bool = False


def lexicon_graph(
    spellings: Spellings,
    lm: NgramModel,
    columns: int,
    gap: Gap | None,
    word_cost: float,
    variant_costs: VariantCosts | None = None,
) -> tuple[kaldifst.StdVectorFst, tuple[str, ...]]:
    """Spellings and language model -> transducer from columns (+ 1) to word labels; the word of each label.

    Each state of a word is read once. Disambiguation symbols, here "marks", are read at columns + BACKOFF and
    so on: they make the graph determinisable in spite of homophones and of words that begin other words, and
    show afterwards where words and gaps end.

    Parameters
    ----------
    spellings : score columns of each word, all variants.
    lm : the language model.
    columns : number of score columns.
    gap : optional silence or space between words; None for none.
    word_cost : added for each word.
    variant_costs : added for each variant of words that are in it; None: no costs.

    Raises ValueError for a word of the language model without spelling, an empty spelling, or a spelled
    word that is not in the language model.
    """
    words = ("", *lm.vocabulary_)
    _check_spellings(spellings, words[1:])
    ids = {word: label for label, word in enumerate(words) if label}
    lexicon = _lexicon(_priced(spellings, variant_costs or {}, word_cost), ids, columns, gap)
    kaldifst.arcsort(lexicon, "olabel")
    grammar = lm.fst(ids, backoff=len(words))
    kaldifst.arcsort(grammar, "ilabel")
    graph = kaldifst.compose(lexicon, grammar)
    kaldifst.determinize_star(graph, delta=EXACT)
    kaldifst.minimize_encoded(graph, delta=EXACT)
    return graph, words


def mark_labels(spellings: Spellings, columns: int) -> list[int]:
    """Spellings and number of columns -> the labels of all marks that lexicon_graph reads for them."""
    most = max(Counter(_distinct(spellings)).values(), default=1)
    return [columns + mark for mark in range(BACKOFF, WORD_END + most)]


def with_marks_as_output(
    fst: kaldifst.StdVectorFst, columns: int, words: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transducer -> its arcs, weights and finals, with marks moved from the input to the output labels.

    A word's end adds `words` to the output label, a gap's end adds twice that, a back-off adds nothing.
    """
    arcs, weights, finals = read_fst(fst)
    mark = arcs[:, 2] - columns
    arcs[mark >= WORD_END, 3] += words
    arcs[mark == GAP_END, 3] += 2 * words
    arcs[mark > 0, 2] = EPSILON
    return arcs, weights, finals


def _check_spellings(spellings: Spellings, known: Sequence[str]) -> None:
    checks = (
        (
            "a spelling for each word of the language model",
            [word for word in known if not spellings.get(word)],
        ),
        (
            "units in every spelling",
            [word for word, variants in spellings.items() if not all(map(len, variants))],
        ),
        ("no word outside the language model's vocabulary", sorted(set(spellings) - set(known))),
    )
    for expected, words in checks:
        if words:
            more = f" and {len(words) - 5} more" if len(words) > 5 else ""
            raise ValueError(
                f"the search graph expected {expected}, got otherwise for {', '.join(words[:5])}{more}; "
                "make lexicon and language model from the same words."
            )


def _distinct(spellings: Spellings) -> list[tuple[int, ...]]:
    """Spellings -> all of them in a list, none twice for the same word."""
    return [variant for variants in spellings.values() for variant in dict.fromkeys(map(tuple, variants))]


def _priced(spellings: Spellings, costs: VariantCosts, word_cost: float) -> Priced:
    """Spellings and costs of some variants -> cost of each variant, none twice for the same word."""
    priced: dict[str, dict[tuple[int, ...], float]] = {}
    for word, variants in spellings.items():
        own = priced.setdefault(word, {})
        for variant, cost in zip(map(tuple, variants), costs.get(word, [0.0] * len(variants)), strict=True):
            own[variant] = min(own.get(variant, inf), word_cost + cost)
    return priced


def _lexicon(
    spellings: Priced, ids: Mapping[str, int], columns: int, gap: Gap | None
) -> kaldifst.StdVectorFst:
    """Spellings -> the transducer L from sequences of spellings to their words."""
    arcs, state = _between_words(columns, gap, len(ids) + 1)
    homophones: Counter[tuple[int, ...]] = Counter()
    for word, variants in spellings.items():
        for variant, cost in variants.items():
            source = HUB
            for i, column in enumerate(variant):
                state += 1
                arcs.add(source, column + 1, EPSILON if i else ids[word], 0.0 if i else cost, state)
                source = state
            arcs.add(source, columns + WORD_END + homophones[variant], EPSILON, 0.0, AFTER_WORD)
            homophones[variant] += 1
    return arcs.fst()


def _between_words(columns: int, gap: Gap | None, backoff_word: int) -> tuple[Arcs, int]:
    """Number of columns and gap -> the arcs that start, join and end words, and the highest state used.

    The back-off mark is read only where words begin and where the sentence ends: one place on each path.
    """
    arcs, last = Arcs(), LAST
    at_ends = gap is None or gap.at_ends
    for state in (START, AFTER_WORD):
        has_gap = gap is not None and (at_ends or state == AFTER_WORD)
        arcs.add(state, EPSILON, EPSILON, gap.skipped if has_gap else 0.0, HUB)
        if has_gap:
            last = _add_gap(arcs, gap, state, last, columns)
        if not at_ends:
            arcs.add(state, EPSILON, EPSILON, 0.0, LAST)
    arcs.final(HUB if at_ends else LAST)
    for state in (HUB,) if at_ends else (HUB, LAST):
        arcs.add(state, columns + BACKOFF, backoff_word, 0.0, state)
    return arcs, last


def _add_gap(arcs: Arcs, gap: Gap, source: int, last: int, columns: int) -> int:
    """Add the gap's columns, one after another, from source to the hub -> the highest state used."""
    for i, column in enumerate(gap.columns):
        arcs.add(source, column + 1, EPSILON, 0.0 if i else gap.taken, last + 1)
        source = last = last + 1
    arcs.add(source, columns + GAP_END, EPSILON, 0.0, HUB)
    return last
