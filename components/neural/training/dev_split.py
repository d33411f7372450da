"""Which of the labelled clips are held out as dev clips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SHARE = 0.1
MIN_CLIPS, MAX_DEV = 50, 200  # to hold out any, and held out
MIN_SPEAKERS = 10


def dev_mask(speakers: Sequence[str], rng: np.random.Generator) -> np.ndarray:
    """Speaker of each clip -> bool (clips,), True for the tenth that is held out; none below 50 clips.

    Whole speakers where there are ten or more, so that they are as new as those of the test.
    """
    speakers = np.asarray(speakers)
    count = min(MAX_DEV, round(len(speakers) * SHARE))
    if len(speakers) < MIN_CLIPS:
        return np.zeros(len(speakers), dtype=bool)
    names = rng.permutation(np.unique(speakers))
    if len(names) < MIN_SPEAKERS:
        mask = np.zeros(len(speakers), dtype=bool)
        mask[rng.choice(len(speakers), count, replace=False)] = True
        return mask
    counts = np.array([(speakers == name).sum() for name in names])
    return np.isin(speakers, names[: max(1, int((np.cumsum(counts) <= 1.5 * count).sum()))])
