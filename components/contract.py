"""What every part promises: clip, stage, recogniser, names of what is learned, and the sentence of errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording. It never carries its transcript, so no stage can peek.

    name: unique in its corpus. speaker: who spoke ("" if unknown).
    samples: float32 (samples,) in [-1, 1]. rate: samples per second, Hz.
    tags: optional facts about the recording, e.g. {"accent": "en-us"}.
    digest: content key given by the corpus ("" for clips made on the fly), by which stateless
    features are found again.
    """

    name: str
    speaker: str
    samples: np.ndarray
    rate: int
    tags: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@runtime_checkable
class Stage(Protocol):
    """Turns each item into one item, in order."""

    def fit(self, X: Sequence[Any], y: Sequence[Any] | None = None) -> Stage: ...

    def transform(self, X: Sequence[Any]) -> list[Any]: ...


@runtime_checkable
class Recogniser(Protocol):
    """Turns each clip into one transcript, in order."""

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> Recogniser: ...

    def predict(self, clips: Sequence[Clip]) -> list[str]: ...


@runtime_checkable
class Inspectable(Protocol):
    """A recogniser that shows what it made of one clip; `Pipeline`s need no such method."""

    def inspect(self, clip: Clip, n: int = 10) -> Any: ...


def is_learned(attribute: str) -> bool:
    """The name of an attribute -> whether fit learned it: `name_`, as scikit-learn writes it."""
    return attribute.endswith("_") and not attribute.startswith("_")


def unusable(who: object, clip: Clip, wanted: str, came: str, way_out: str) -> ValueError:
    """The one sentence for a clip that a part cannot use; raise what it returns."""
    name = who if isinstance(who, str) else type(who).__name__
    return ValueError(f"{name} cannot use clip {clip.name!r}: expected {wanted}, got {came}; {way_out}.")


def check_clips(who: object, clips: Iterable[Clip], *, rate: int | None = None, min_samples: int = 1) -> None:
    """Raise ValueError for the first clip of another rate, too short, not 1-d, or not finite."""
    for clip in clips:
        if rate is not None and clip.rate != rate:
            raise unusable(who, clip, f"{rate} Hz", f"{clip.rate} Hz", f"resample it to {rate} Hz")
        if clip.samples.ndim != 1:
            raise unusable(
                who, clip, "one channel, shape (samples,)", f"shape {clip.samples.shape}", "mix it down"
            )
        if len(clip.samples) < min_samples:
            wanted = f"at least {min_samples} samples ({1000 * min_samples / clip.rate:.0f} ms)"
            raise unusable(who, clip, wanted, f"{len(clip.samples)}", "leave it out or pad it with silence")
        if not _finite(clip.samples):
            bad = int((~np.isfinite(clip.samples)).sum())
            raise unusable(who, clip, "finite samples", f"{bad} that are not", "record or convert it again")


@np.errstate(over="ignore", invalid="ignore")
def _finite(samples: np.ndarray) -> bool:
    """Whether all are: so they are if their squares' sum is, which is much the faster to see."""
    return math.isfinite(np.dot(samples, samples)) or bool(np.isfinite(samples).all())
