"""Augmentation policy: which kinds there are, in which ranges, and how a recogniser's name asks for them.

The same budget on both sides: the same kinds, of the labelled clips alone, in the same ranges; how many
altered passes over the training clips a recogniser took is recorded with its trial. The modular side trains
on copies, the end-to-end side alters its clips anew in each epoch, and as that may be a hundred times and not
four, all its ranges but noise's are wider (see strength_for in components.neural.augmentation).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from components.contract import CountsAugmentation
from components.errors import unknown

USUAL = ("speed", "vtlp", "noise", "gain", "masking")
KINDS = (*USUAL, "room")  # rooms where they are named: most recordings are made close by, and stay so
SPEED = 0.1  # slower or faster by up to this share
VTLP = 0.06  # formants moved by up to this share
SNR_DB = (15.0, 40.0)  # of noise over a whole clip
GAIN_DB = 6.0  # louder or softer by up to this
MASKED_TIME = 0.08  # longest mask, as a share of a clip's length
MASKED_BANDS = 0.12  # widest mask, as a share of the mel scale
MASKS = 2  # of time, and as many of bands
RT60_SECONDS = (0.1, 0.5)  # in which reverberation falls by 60 dB
MAX_WET = 0.5  # energy of reverberation as a share of the direct sound's; every other clip has none

PLAIN, AUGMENTED = "plain", "augmented"


def split_variant(recogniser: str) -> tuple[str, str]:
    """A recogniser's name -> it without how it is augmented, and that; "" where the name does not say.

    mel-ctc:plain -> mel-ctc, plain; mel-ctc:wide:plain -> mel-ctc:wide, plain; mel-ctc:wide -> itself, "".
    """
    name, _, variant = recogniser.rpartition(":")
    return (name, variant) if name and is_augmentation(variant) else (recogniser, "")


def is_augmentation(variant: str) -> bool:
    """Whether a variant's name says how a recogniser is augmented."""
    return variant in (PLAIN, AUGMENTED) or set(variant.split("+")) <= set(KINDS)


def expand_variants(recogniser: str, augmentation: str) -> list[str]:
    """A recogniser's name and a study's setting -> the names to compare.

    augmentation: "usual", each as the catalogue has it; "plain", without; "augmented", as USUAL; kinds
    joined by "+", with these; "both", plain and augmented. A name that says how it is augmented keeps it.
    Raises ValueError for anything else.
    """
    if augmentation == "usual":
        return [recogniser]
    variants = [PLAIN, AUGMENTED] if augmentation == "both" else [augmentation]
    for variant in variants:
        parse_variant(variant, ("usual", "both"))  # raises for an unknown one
    own_variant = split_variant(recogniser)[1]
    return [recogniser] if own_variant else [f"{recogniser}:{variant}" for variant in variants]


def parse_variant(variant: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """A variant's name -> its kinds: plain -> none; augmented -> USUAL; speed+noise -> these two.

    Raises ValueError, with the nearest of these names and of `more`, for any other.
    """
    if variant in (PLAIN, AUGMENTED):
        return USUAL if variant == AUGMENTED else ()
    kinds = check_kinds(variant.split("+"), (*more, PLAIN, AUGMENTED))
    return tuple(kind for kind in KINDS if kind in kinds)


def check_kinds(kinds: Iterable[str], more: Iterable[str] = ()) -> frozenset[str]:
    """Kinds -> the same as a set.

    Raises ValueError, with the nearest of KINDS and of `more`, for one that is none of KINDS.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise unknown("augmentation", kind, (*more, *KINDS))
    return frozenset(kinds)


def draw_rooms(clips: int, rng: np.random.Generator, strength: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """How many clips -> decay time in seconds and wet share of each one's room, (clips,) each.

    As `reverberate` takes them; half of the clips are in no room (wet 0).
    """
    wet = strength * rng.uniform(0, MAX_WET, clips) * rng.integers(0, 2, clips)
    return rng.uniform(*RT60_SECONDS, clips), wet


def draw_masks(clips: int, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """How many clips -> masks for each, (clips, MASKS, 4), as `spec_mask` takes them."""
    widest = strength * np.array([MASKED_TIME, MASKED_BANDS])
    width = rng.uniform(0, widest, (clips, MASKS, 2))
    begin = rng.uniform(0, 1 - width)
    return np.stack([begin, begin + width], axis=-1).reshape(clips, MASKS, 4)


def augmented_passes(recogniser: Any) -> float:
    """A trained recogniser -> altered passes over its training clips; 0 for one that never alters any."""
    return float(recogniser.augmented_passes) if isinstance(recogniser, CountsAugmentation) else 0.0
