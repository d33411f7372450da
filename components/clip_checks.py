"""Clips that a part cannot use are refused, with the way out, before anything is computed from them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from components.contract import Clip
from components.mapped import sweep


def unusable(who: object, clip: Clip, expected: str, got: str, way_out: str) -> ValueError:
    """The one sentence for a clip that a part cannot use; raise what it returns."""
    name = who if isinstance(who, str) else type(who).__name__
    return ValueError(f"{name} cannot use clip {clip.name!r}: expected {expected}, got {got}; {way_out}.")


def check_clips(who: object, clips: Iterable[Clip], *, rate: int | None = None, min_samples: int = 1) -> None:
    """Raise ValueError for the first clip of another rate, too short, not 1-d, or not finite."""
    for clip in sweep(clips):
        if rate is not None and clip.rate != rate:
            raise unusable(who, clip, f"{rate} Hz", f"{clip.rate} Hz", f"resample it to {rate} Hz")
        if clip.samples.ndim != 1:
            expected, got = "one channel, shape (samples,)", f"shape {clip.samples.shape}"
            raise unusable(who, clip, expected, got, "mix it down")
        if len(clip.samples) < min_samples:
            expected = f"at least {min_samples} samples ({1000 * min_samples / clip.rate:.0f} ms)"
            raise unusable(who, clip, expected, f"{len(clip.samples)}", "leave it out or pad it with silence")
        if not _finite(clip.samples):
            bad = int((~np.isfinite(clip.samples)).sum())
            raise unusable(who, clip, "finite samples", f"{bad} that are not", "record or convert it again")


@np.errstate(over="ignore", invalid="ignore")
def _finite(samples: np.ndarray) -> bool:
    """Whether all are: so they are if their squares' sum is, which is much the faster to see."""
    return math.isfinite(np.dot(samples, samples)) or bool(np.isfinite(samples).all())
