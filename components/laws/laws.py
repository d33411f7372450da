"""The laws of parts and stages: nothing if a part keeps its promise, else a sentence that says what to do.

A law that rests on another one, which is broken, raises unittest's SkipTest, as pytest knows it.
"""

from __future__ import annotations

import inspect
from typing import NoReturn, get_type_hints
from unittest import SkipTest

import joblib
import numpy as np
import skops.io
from sklearn.base import BaseEstimator, clone

from components.contract import is_learned
from components.laws.examples import items_of, labels_of


class BrokenLaw(AssertionError):
    """One sentence: which part broke which promise, and what to do."""


def broke(part, promise, way_out) -> NoReturn:
    """Raises BrokenLaw."""
    __tracebackhide__ = True  # of pytest
    kind = part if isinstance(part, type) else type(part)
    raise BrokenLaw(f"{kind.__module__}.{kind.__qualname__} broke the promise that {promise}; {way_out}.")


def built(kind):
    """A part with no arguments; SkipTest where the law itself is broken."""
    try:
        return kind()
    except Exception as error:
        raise SkipTest(
            f"{kind.__qualname__} does not build with no arguments ({error}), which this rests on"
        ) from None


def fitted(kind, items):
    """A stage that has learned; SkipTest where it cannot be built or fitted."""
    stage = built(kind)
    try:
        return learn(stage, items)
    except Exception as error:
        raise SkipTest(
            f"{kind.__qualname__} does not fit ({type(error).__name__}: {error}), which this rests on"
        ) from None


def learn(part, items):
    """A part learns from items, and from their labels if it takes any, as the last argument in a Pipeline."""
    return part.fit(items, *labels_of(type(part), items).values())


def outputs(part, items):
    """What a part makes of items: a stage by transform, a classifier by predict."""
    return part.transform(items) if hasattr(part, "transform") else part.predict(items)


def numbers(item):
    """The numbers of a clip, frames or a vector; a label itself."""
    return np.asarray(getattr(item, "samples", item))


def state(part):
    """A hash of all that would be saved of a part: its settings and what it learned."""
    return joblib.hash(part.__getstate__() if isinstance(part, BaseEstimator) else vars(part))


def builds_and_only_stores(kind):
    try:
        made = kind()
    except Exception as error:
        broke(
            kind,
            "it builds with no arguments",
            f"give every setting a default ({type(error).__name__}: {error})",
        )
    given = dict(inspect.signature(kind.__init__).parameters)
    given.pop("self", None)
    if vars(made).keys() != given.keys():
        odd = ", ".join(sorted(vars(made).keys() ^ given.keys()))
        broke(
            kind,
            f"its constructor only stores its settings ({odd})",
            "store each under its own name, compute in fit",
        )
    for name, parameter in given.items():
        if parameter.default is not parameter.empty and getattr(made, name) is not parameter.default:
            broke(
                kind, f"its constructor stores {name} as it is given", "leave checks and conversions to fit"
            )


def says_what_becomes_what(kind):
    if not (inspect.getdoc(kind) and inspect.getdoc(kind.fit)):
        broke(kind, "it says what becomes what", "write a docstring for the class and for fit")


def types_its_settings(kind, make=built):
    untyped = make(kind).get_params(deep=False).keys() - get_type_hints(kind.__init__).keys()
    if untyped:
        broke(kind, f"its settings have types ({', '.join(sorted(untyped))})", "annotate the constructor")


def clones(kind):
    made = built(kind)
    params, again = made.get_params(), clone(made).get_params()
    if {k: repr(v) for k, v in params.items()} != {k: repr(v) for k, v in again.items()}:
        broke(kind, "clone gives equal settings", "store settings in the constructor as they are given")


def gives_one_for_each(kind):
    items = items_of(kind)
    stage = fitted(kind, items)
    got = outputs(stage, items)
    if len(got) != len(items):
        broke(kind, f"it gives one item for each, {len(items)} (it gave {len(got)})", "leave no item out")
    if len(outputs(stage, [])):
        broke(kind, "it gives nothing for nothing", "return [] for no items")


def minds_no_neighbours(kind):
    items = items_of(kind)
    stage = fitted(kind, items)
    together = outputs(stage, items)
    backwards = outputs(stage, items[::-1])[::-1]
    for place, (item, whole, back) in enumerate(zip(items, together, backwards, strict=True)):
        (alone,) = outputs(stage, [item])
        if not (
            np.array_equal(numbers(alone), numbers(whole)) and np.array_equal(numbers(back), numbers(whole))
        ):
            broke(
                kind,
                f"an item's output depends on no other item (item {place} differs alone)",
                "compute each item by itself, and matrix products in blocks of one size (batched_rows)",
            )


def changes_no_input(kind):
    items = items_of(kind)
    before = [numbers(item).copy() for item in items]
    outputs(fitted(kind, items), items)
    for place, (item, old) in enumerate(zip(items, before, strict=True)):
        if not np.array_equal(numbers(item), old):
            broke(
                kind,
                f"its inputs are unchanged (item {place} is not)",
                "work on a copy; a clip's samples are changed by Clip.with_samples alone",
            )


def changes_not_itself(kind):
    items = items_of(kind)
    stage = fitted(kind, items)
    before = state(stage)
    outputs(stage, items)
    if state(stage) != before:
        broke(kind, "using it changes nothing of it", "set attributes in fit alone")


def gives_float32(kind):
    items = items_of(kind)
    for item in fitted(kind, items).transform(items):
        if numbers(item).dtype != np.float32:
            broke(
                kind, f"its output is float32 (it is {numbers(item).dtype})", "end with .astype(np.float32)"
            )


def names_what_it_learned(kind):
    stage = built(kind)
    settings = set(vars(stage))
    got = fitted(kind, items_of(kind))
    odd = [name for name in vars(got) if name not in settings and not is_learned(name) and name[0] != "_"]
    if odd:
        broke(
            kind,
            f"what fit learns ends with _ ({', '.join(odd)})",
            "rename it, so that it is saved and cloned right",
        )


def fit_gives_itself(kind):
    stage = built(kind)
    if learn(stage, items_of(kind)) is not stage:
        broke(kind, "fit returns self", "end fit with return self")


def forgets(kind):
    items = items_of(kind)
    fewer = items[:2] if labels_of(kind, items) else items[:1]  # of one class there is nothing to learn
    twice = learn(fitted(kind, fewer), items)
    if state(twice) != state(fitted(kind, items)):
        broke(kind, "a second fit forgets the first", "set every learned attribute anew in fit")


def saves(kind):
    items = items_of(kind)
    stage = fitted(kind, items)
    try:
        kept = skops.io.dumps(stage)
    except Exception as error:
        broke(kind, f"it is saved with our own classes alone ({error!r})", "learn arrays and numbers")
    names = skops.io.get_untrusted_types(data=kept)
    ours = ("components.", "numpy.", f"{kind.__module__}.")
    theirs = [name for name in names if not name.startswith(ours)]
    if theirs:
        broke(
            kind, f"it is saved with our own classes alone ({', '.join(theirs)})", "learn arrays and numbers"
        )
    again = skops.io.loads(kept, trusted=names)
    for one, other in zip(outputs(stage, items), outputs(again, items), strict=True):
        if not np.array_equal(numbers(one), numbers(other)):
            broke(
                kind,
                "saved and loaded it answers the same",
                "keep all it needs in settings and in name_ attributes",
            )


STAGE_LAWS = [
    fit_gives_itself,
    gives_one_for_each,
    minds_no_neighbours,
    changes_no_input,
    changes_not_itself,
    gives_float32,
    names_what_it_learned,
    forgets,
    saves,
]
CLASSIFIER_LAWS = [law for law in STAGE_LAWS if law is not gives_float32]
