"""Facts about the sound -> what to know before the recordings are believed: only what is worth reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from components.speech.corpus.sound_facts import column
from components.study.checks import SHOWN, CheckResult, percent

FEW = 0.01  # of the clips: fewer are not worth a line
NARROW = 0.56  # of half the corpus's rate: a file that has nothing above was recorded at half the rate
FEW_NARROW = 0.02  # of the clips: a vowel in a quiet room looks narrow, too
BEYOND = 1.5  # of full scale; resampling alone makes a little more than 1 of it
OFFSET = 0.01  # of full scale
CLIPPED = 0.005  # of a clip's samples
ZEROS = 0.3  # of a clip's samples
UNEVEN_DB = 30.0  # between the softest and the loudest twentieth of clips; FSDD has 26, Speech Commands 27


def sound_results(facts: np.ndarray, names: Sequence[str], rate: int) -> list[CheckResult]:
    """Facts (clips, FACTS), names of clips and the corpus's rate in Hz -> results, all "look"; often none."""
    results = (
        _rates(facts, names, rate),
        _narrow(facts, names, rate),
        _beyond(facts, names),
        _offsets(facts, names),
        _clipped(facts, names),
        _zeros(facts, names),
        _levels(facts, names),
    )
    return [result for result in results if result]


def _few(mask: np.ndarray, share: float = FEW) -> bool:
    return mask.sum() <= share * len(mask)


def _some(mask: np.ndarray, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[row] for row in np.flatnonzero(mask)[:SHOWN])


def _rates(facts: np.ndarray, names: Sequence[str], rate: int) -> CheckResult | None:
    """Files of rates below the corpus's."""
    rates = column(facts, "rate").astype(int)
    lower = rates < rate
    if not lower.any():
        return None
    counts = ", ".join(f"{count} of {hz} Hz" for hz, count in sorted(Counter(rates.tolist()).items()))
    return CheckResult(
        "mixed-rates",
        "look",
        f"Recordings come at different rates ({counts}) and were resampled to {rate} Hz: {lower.sum()} have "
        "nothing above half their own rate, and a system can tell them by that. If texts or sides of the "
        f"split fall together with rates, study all at --rate {rates.min()}.",
        _some(lower, names),
    )


def _narrow(facts: np.ndarray, names: Sequence[str], rate: int) -> CheckResult | None:
    """Files of the corpus's rate with nothing in the upper half of their band."""
    narrow = (column(facts, "bandwidth") < NARROW * rate / 2) & (column(facts, "rate") >= rate)
    if _few(narrow, FEW_NARROW):
        return None
    top = float(np.median(column(facts, "bandwidth")[narrow]))
    return CheckResult(
        "narrow-band",
        "look",
        f"{narrow.sum()} of {len(narrow)} recordings ({percent(narrow.mean())}) are files of {rate} Hz or "
        f"more with nothing above {top:.0f} Hz: telephone or 8 kHz speech, resampled. If texts or sides of "
        "the split fall together with that, study all at --rate 8000.",
        _some(narrow, names),
    )


def _beyond(facts: np.ndarray, names: Sequence[str]) -> CheckResult | None:
    """Files of floating-point samples that do not lie between -1 and 1."""
    peaks = column(facts, "peak")
    beyond = peaks > BEYOND
    if not beyond.any():
        return None
    return CheckResult(
        "beyond-full-scale",
        "look",
        f"{beyond.sum()} of {len(beyond)} recordings ({percent(beyond.mean())}) have floating-point samples "
        f"beyond 1, up to {peaks.max():.3g}: too loud, or in another unit. Levels are compared as they are; "
        "divide the samples by their greatest possible value.",
        _some(beyond, names),
    )


def _offsets(facts: np.ndarray, names: Sequence[str]) -> CheckResult | None:
    offsets = np.abs(column(facts, "offset"))
    offset = offsets > OFFSET
    if _few(offset):
        return None
    return CheckResult(
        "offset",
        "look",
        f"{offset.sum()} of {len(offset)} recordings ({percent(offset.mean())}) have a constant offset above "
        f"{percent(OFFSET)} of full scale, up to {percent(offsets.max())}: a cheap sound card. Features here "
        "take it off; take it off yourself before other tools measure loudness.",
        _some(offset, names),
    )


def _clipped(facts: np.ndarray, names: Sequence[str]) -> CheckResult | None:
    clipped = column(facts, "clipped") > CLIPPED
    if _few(clipped):
        return None
    return CheckResult(
        "clipping",
        "look",
        f"{clipped.sum()} of {len(clipped)} recordings ({percent(clipped.mean())}) are cut off at their "
        f"loudest, in more than {100 * CLIPPED:g} % of the samples: recorded too loud, which cannot be "
        "mended afterwards. Lower the input level for the next ones.",
        _some(clipped, names),
    )


def _zeros(facts: np.ndarray, names: Sequence[str]) -> CheckResult | None:
    silent = column(facts, "zeros") > ZEROS
    if _few(silent):
        return None
    return CheckResult(
        "digital-silence",
        "look",
        f"{silent.sum()} of {len(silent)} recordings ({percent(silent.mean())}) are digital zeros for more "
        f"than {percent(ZEROS)} of their length: padded, or a gate took the pauses away. Speech in use comes "
        "with noise; record without a gate, and cut the padding off.",
        _some(silent, names),
    )


def _levels(facts: np.ndarray, names: Sequence[str]) -> CheckResult | None:
    levels = column(facts, "rms_db")
    low, high = np.percentile(levels, [5, 95])
    if high - low < UNEVEN_DB:
        return None
    return CheckResult(
        "uneven-levels",
        "look",
        f"Levels differ by {high - low:.0f} dB between the softest and the loudest twentieth of recordings "
        f"({low:.0f} and {high:.0f} dB of full scale): the softest may be lost in noise. Listen to these, "
        "and record at one distance from the microphone.",
        _some(levels <= low, names),
    )
