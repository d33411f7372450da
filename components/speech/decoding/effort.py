"""The most work that each clip can be -> how many clips a choice may take.

Work is counted, not timed, so that a choice takes the same clips on every machine and after every resume.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

TUNING_ACTIVE = 2000  # max_active of searches that only compare settings
MOST_TOKENS = 40_000_000  # of the searches with one setting: about a minute on one core
MOST_LINKS = 5_000_000  # of the lattices that a calibrator is fitted to: some 5 s on one core


def affordable(work: Iterable[int], most: int) -> int:
    """The most work that each clip can be -> how many of the first clips are within `most`, at least one."""
    return max(1, int(np.searchsorted(np.cumsum([*work]), most, side="right")))
