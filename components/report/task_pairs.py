"""Pairs of recognisers of tasks or a source -> where the one errs less than the other beyond luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from components.speech.several_tasks import APART, APART_LARGE, SOFT, SOFT_LARGE, TOGETHER
from components.speech.transfer import ALL_LAYERS, LAST_LAYER, LAST_THEN_ALL, TWO_HEADS
from components.study.curves import LearningCurves, change
from components.study.curves.answer import listed
from components.study.recipe import base_name, named_settings

RIVALS = {
    TOGETHER: (APART, APART_LARGE),
    SOFT: (APART,),
    SOFT_LARGE: (APART_LARGE,),
    TWO_HEADS: (LAST_LAYER, LAST_THEN_ALL, ALL_LAYERS),
}
MEANING = {
    TOGETHER: "one network for all tasks",
    APART: "a network each",
    APART_LARGE: "a full-size network each",
    SOFT: "a network each, pulled towards each other,",
    SOFT_LARGE: "a full-size network each, pulled towards each other,",
    TWO_HEADS: "one network for both corpora at once",
    LAST_LAYER: "the source first, then the last layer alone",
    LAST_THEN_ALL: "the source first, then the last layer, then all",
    ALL_LAYERS: "the source first, then all layers",
}
SIDES = {"learns", "start", "norms"}  # which other tasks, in which order, what is shared: what is compared
Words = Callable[[float], str]  # a difference of two rates in words, with its sign


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Names of recognisers -> (before, after): networks apart and together, of the same settings otherwise; a
    recogniser, and the first before it that one setting sets apart from it.
    """
    apart = [
        (rival, name)
        for name in names
        for rival in names
        if base_name(rival) in RIVALS.get(base_name(name), ()) and not _settings_apart(rival, name) - SIDES
    ]
    variants = []
    for place, name in enumerate(names):
        alike = [one for one in names[:place] if base_name(one) == base_name(name) in MEANING]
        nearest = [one for one in alike if len(_settings_apart(one, name)) == 1]
        variants += [(one, name) for one in nearest[:1] if _settings_apart(one, name) != {"learns"}]
    return apart + variants


def _settings_apart(one: str, other: str) -> set[str]:
    """Two names -> the settings in them that differ."""
    first, second = named_settings(one), named_settings(other)
    return {knob for knob in first.keys() | second.keys() if first.get(knob) != second.get(knob)}


def compared(
    curves: LearningCurves | None, what: str, labelled: str, words: Words, names: Sequence[str]
) -> list[str]:
    """Curves of one task's errors -> a sentence for each of the pairs."""
    if curves is None:
        return []
    known = [name for name in names if name in curves.curves]
    return [_sentence(curves, *pair, what, labelled, words) for pair in pairs(known)]


def _sentence(curves: LearningCurves, before: str, after: str, what: str, labelled: str, words: Words) -> str:
    """Where `after` errs less or more than `before`, beyond luck, and by how much with most labels."""
    both = change(curves, before, after)
    if not len(both.sizes):
        return ""
    parts = [
        f"{how} at {listed([f'{size:,}' for size in sizes.tolist()])} {labelled}"
        for how, sizes in (("less", both.significantly_lower), ("more", both.significantly_higher))
        if len(sizes)
    ]
    begin, other = f"Asked for {what}, {_named(after)}", _named(before)
    difference, low, high = (words(values[-1]) for values in (both.difference, both.low, both.high))
    much = f"{difference} at {both.sizes[-1]:,}, 95 % interval {low} to {high}"
    if not parts:
        return f"{begin} and {other} differ by no more than luck at any size tried ({much})."
    return f"{begin} errs {' and '.join(parts)} than {other}, by a test of the 5 % level ({much})."


def _named(name: str) -> str:
    meaning = MEANING.get(base_name(name))
    return f"{meaning} ({name})" if meaning else name
