"""Recordings that cannot be used, and why: each is set aside by name, the others are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.study.checks import CheckResult

MIN_SECONDS = 0.1
KEPT_FIRST = ("test", "dev", "train", "")
ALTERED_COPY = "an altered copy"
COPY, TWO_TEXTS = "sounds exactly like", "the same sound has two texts:"
SILENCE = 1e-4  # -80 dB of full scale: three steps of 16 bits


@dataclass(frozen=True)
class SetAside:
    """One recording that was left out: its name and why, in words."""

    name: str
    reason: str


def too_long(seconds: float, max_seconds: float) -> str | None:
    """A length in seconds and the limit -> the reason to set the recording aside, or None."""
    return f"{seconds:.1f} s long, the limit is {max_seconds:g} s" if seconds > max_seconds else None


def why_unusable(samples: np.ndarray, rate: int, max_seconds: float) -> str | None:
    """Samples (samples,) at `rate` Hz -> the reason to set them aside, or None when they are fine."""
    seconds = len(samples) / rate
    if not len(samples):
        return "empty: no samples"
    if not np.isfinite(samples).all():
        return f"not finite: {int((~np.isfinite(samples)).sum())} samples are NaN or infinite"
    if seconds < MIN_SECONDS:
        return f"{seconds:.3f} s long, at least {MIN_SECONDS:g} s expected"
    if float(np.ptp(samples)) < 2 * SILENCE:
        return "silent: nothing above -80 dB of full scale"
    return too_long(seconds, max_seconds)


def listed_twice(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Recordings by name and text -> why each is to be set aside, as it stands in the list before; "" if not.

    Of those with different texts none is used.
    """
    texts_by_name: dict[str, list[str]] = defaultdict(list)
    for name, text in zip(names, texts, strict=True):
        texts_by_name[name].append(text)
    seen: set[str] = set()
    return [
        _twice(text, texts_by_name[name], name in seen or bool(seen.add(name)))
        for name, text in zip(names, texts, strict=True)
    ]


def _twice(text: str, texts: Sequence[str], again: bool) -> str:
    if other := next((one for one in texts if one != text), ""):
        return f"{TWO_TEXTS} {text!r}, and {other!r}; it is listed {len(texts)} times"
    return "another recording has this name" if again else ""


def copies(
    names: Sequence[str], texts: Sequence[str], parts: Sequence[str], digests: Sequence[str]
) -> dict[str, str]:
    """Recordings by name, text, part and digest of their samples -> those to set aside, and why.

    Of recordings that sound exactly alike one is kept, one that tests before one that trains; of such with
    different texts none is, as nobody knows which is right.
    """
    alike: dict[str, list[int]] = defaultdict(list)
    for position, digest in enumerate(digests):
        alike[digest].append(position)
    reasons = {}
    for positions in alike.values():
        different = {texts[position] for position in positions}
        first = min(positions, key=lambda position: (KEPT_FIRST.index(parts[position]), position))
        for position in positions:
            if len(different) > 1:
                reasons[names[position]] = two_texts(names, texts, positions, position)
            elif position != first:
                reasons[names[position]] = f"{COPY} {names[first]}"
    return reasons


def two_texts(names: Sequence[str], texts: Sequence[str], positions: Sequence[int], position: int) -> str:
    """The reason to set a recording aside that another one of the same sound gives another text."""
    other = next(i for i in positions if texts[i] != texts[position])
    return f"{TWO_TEXTS} {texts[position]!r}, and {texts[other]!r} in {names[other]}"


def lost_parts(declared: Sequence[str], kept: Sequence[str]) -> list[CheckResult]:
    """Parts of all recordings and of those that are used -> a result if nothing of a part is left."""
    counts = Counter(filter(None, declared))
    lost = [part for part in counts if part not in kept]
    if not lost:
        return []
    shown = ", ".join(f"{part} ({counts[part]:,})" for part in lost)
    message = (
        f"Nothing is left of parts that the corpus declares: {shown}; all of their recordings were set "
        "aside. "
        "The report of what was set aside says why; mend that, or leave the part out."
    )
    return [CheckResult("part-lost", "look" if lost == ["dev"] else "stop", message)]


def none_usable(corpus: str, set_aside: Sequence[SetAside]) -> ValueError:
    """The error when no recording of a corpus can be used: how many there are, and the commonest reasons."""
    if not set_aside:
        return ValueError(
            f"The corpus {corpus!r} has no recordings; give a folder or manifest that lists some."
        )
    reasons = Counter(recording.reason for recording in set_aside).most_common(3)
    listed = "; ".join(f"{reason} ({count})" for reason, count in reasons)
    return ValueError(
        f"All {len(set_aside)} recordings of the corpus {corpus!r} had to be set aside: {listed}; "
        f"first {set_aside[0].name[:200]!r}. Mend these files or give other ones."
    )
