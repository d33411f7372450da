"""The laws of the hooks that a part may offer besides, see contract.py; in the form of `laws`."""

from __future__ import annotations

import inspect
from copy import deepcopy
from unittest import SkipTest

import numpy as np

from components.contract import Clip
from components.laws.examples import RATE, fit_arguments, items_of
from components.laws.laws import broke, built, fitted, numbers, state
from components.study.check_settings import check_settings
from components.study.unlabelled import Unlabelled


def learns_nothing(kind):
    """StatelessStage."""
    items = items_of(kind)
    untouched, learned = built(kind).transform(items), fitted(kind, items[::-1][:2]).transform(items)
    if not all(np.array_equal(numbers(a), numbers(b)) for a, b in zip(untouched, learned, strict=True)):
        broke(kind, "stateless: its output depends on clip and settings alone", "drop stateless = True")


def can_be_shared(kind):
    """StatelessStage."""
    if any(isinstance(output, Clip) for output in built(kind).transform(items_of(kind))):
        broke(kind, "stateless: its output is arrays, which trials share", "drop stateless = True")


def makes_frames_so_often(kind):
    """Framed."""
    items = items_of(kind)
    stage = fitted(kind, items)
    for clip, rows in zip(items, stage.transform(items), strict=True):
        expected = 1000 * len(clip.samples) / RATE / stage.hop_ms
        if abs(len(rows) - expected) > 3:
            broke(
                kind,
                f"a frame is hop_ms long ({len(rows)} frames, about {expected:.0f} expected)",
                "mend hop_ms",
            )


def learns_from_copies(kind, make=built):
    """LearnsFromCopies. make: a class -> an untrained part of it."""
    arguments = _arguments(kind)
    if "n_originals" not in inspect.signature(kind.fit).parameters:
        broke(kind, "learns_from_copies = True: fit takes n_originals", "add it to fit, None for all")
    items = next(iter(arguments.values()))
    plain = make(kind).fit(**arguments)
    told = make(kind).fit(**arguments, n_originals=len(items))
    if state(plain) != state(told):
        broke(kind, "with n_originals of all items it learns what it learns without", "treat it as None")


def learns_from_unlabelled(kind, make=built):
    """LearnsFromUnlabelled. make: as above."""
    items = _items(_arguments(kind))
    further = Unlabelled([(items, place) for place in range(0, len(items), 3)], bare=deepcopy)
    _learns_from(kind, "unlabelled", further, make)


def learns_from_source(kind, make=built):
    """LearnsFromSource. make: as above."""
    arguments = _arguments(kind)
    _learns_from(kind, "source", (_items(arguments)[::2], arguments["texts"][::2]), make)


def _learns_from(kind, what, further, make):
    """A part whose class says learns_from_<what>: fit takes it, and learns something else without."""
    arguments, hook = _arguments(kind), f"learns_from_{what}"
    if what not in inspect.signature(kind.fit).parameters:
        broke(kind, f"{hook} = True: fit takes {what}", "add it to fit, with none by default")
    alone, told = make(kind).fit(**arguments), make(kind).fit(**arguments, **{what: further})
    if state(alone) == state(told):
        broke(kind, f"what it learns depends on {what}", f"learn from that, or drop {hook}")


def _items(arguments):
    return next(arguments[name] for name in ("clips", "frames", "vectors") if name in arguments)


def refused_or_accepted(kind, setting, value, make=built):
    """ChecksSettings: a wrong value is refused before fit, or fit can do with it. make: as above."""
    part = make(kind).set_params(**{setting: value})
    try:
        check_settings(part)
    except ValueError:
        return
    arguments = _arguments(kind)
    if failure := _failure(part, arguments):
        broke(
            kind,
            f"{setting}={value!r} is refused before fit or works (fit said {failure})",
            "annotate the setting, or name its range in check_settings (components.ranges)",
        )


def _arguments(kind):
    """What a class is fitted with; SkipTest where there is no example of it."""
    if (arguments := fit_arguments(kind)) is None:
        raise SkipTest(f"components/laws/examples.py has nothing to fit {kind.__qualname__} with")
    return arguments


def _failure(part, arguments):
    """What came when the part was fitted and used, "" if nothing."""
    try:
        with np.errstate(all="ignore"):
            part.fit(**arguments)
            _ = part.transform(items_of(type(part))) if hasattr(part, "transform") else None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""
