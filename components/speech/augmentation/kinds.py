"""Augmentation: in what ways training clips may be altered, and how far: the same for every recogniser.

The same budget on both sides: the same kinds of alteration, of the labelled clips alone, in the same ranges;
how many altered hearings of each clip a recogniser took is recorded with its trial. The modular side takes
copies of its clips, the end-to-end side alters them anew each time that it hears them, and as it hears some a
hundred times and not four, all ranges but noise's are wider for these (see strength_for in
components.neural.augmentation).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from components.contract import CountsAugmentation
from components.errors import unknown

USUAL = ("speed", "vtlp", "noise", "gain", "masking")
KINDS = (*USUAL, "room")  # rooms where they are named: most recordings are made close by, and stay so
SPEED = 0.1  # played up to this share slower or faster
VTLP = 0.06  # resonances of the vocal tract moved up to this share
NOISE_DB = (15.0, 40.0)  # noise so far below the clip's mean power
GAIN_DB = 6.0  # louder or softer up to this
MASKED_TIME = 0.08  # share of a clip's length that a mask hides at most
MASKED_BANDS = 0.12  # share of the mel bands, likewise
MASKS = 2  # of time, and as many of bands
ROOM_SECONDS = (0.1, 0.5)  # in which a room's echo falls by 60 dB
ROOM_WET = 0.5  # energy of the echo against that of the direct sound at most; every other clip has none

PLAIN, AUGMENTED = "plain", "augmented"


def named(recogniser: str) -> tuple[str, str]:
    """A recogniser's name -> the one in the catalogue, and its variant: mel-ctc:plain -> mel-ctc, plain."""
    name, _, variant = recogniser.partition(":")
    return name, variant


def variants(recogniser: str, augmentation: str) -> list[str]:
    """A recogniser's name and what a study asks for -> the names to compare.

    augmentation: "usual", each as the catalogue has it; "plain", without; "augmented", as USUAL; kinds
    joined by "+", with these; "both", plain and augmented. A name with a variant of its own keeps it.
    Raises ValueError for anything else.
    """
    asked = {"usual": [""], "both": [PLAIN, AUGMENTED]}.get(augmentation, [augmentation])
    if asked == [""]:
        return [recogniser]
    for one in asked:
        kinds_of(one, ("usual", "both"))  # raises for one that nobody knows
    name, variant = named(recogniser)
    return [recogniser] if variant else [f"{name}:{one}" for one in asked]


def kinds_of(variant: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """A variant's name -> its kinds: plain -> none; augmented -> USUAL; speed+noise -> these two.

    Raises ValueError, with the nearest of these names and of `more`, for any other.
    """
    if variant in (PLAIN, AUGMENTED):
        return USUAL if variant == AUGMENTED else ()
    asked = check_kinds(variant.split("+"), (*more, PLAIN, AUGMENTED))
    return tuple(kind for kind in KINDS if kind in asked)


def drawn_rooms(clips: int, rng: np.random.Generator, strength: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """How many clips -> seconds in which each one's echo falls by 60 dB, and its energy against the direct
    sound's, (clips,) each; half of the clips have none."""
    wet = strength * rng.uniform(0, ROOM_WET, clips) * rng.integers(0, 2, clips)
    return rng.uniform(*ROOM_SECONDS, clips), wet


def check_kinds(kinds: Iterable[str], more: Iterable[str] = ()) -> frozenset[str]:
    """Kinds -> the same as a set.

    Raises ValueError, with the nearest of KINDS and of `more`, for one that is none of KINDS.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise unknown("augmentation", kind, (*more, *KINDS))
    return frozenset(kinds)


def augmented_passes(recogniser: Any) -> float:
    """A trained recogniser -> how often it took each training clip altered; 0 for one that never does."""
    return float(recogniser.augmented_passes) if isinstance(recogniser, CountsAugmentation) else 0.0
