"""Which of the labelled clips are kept back to see how training goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SHARE = 0.1
FEWEST, MOST = 50, 200  # clips to carve from, and clips in the part
FEWEST_SPEAKERS = 10


def dev_part(speakers: Sequence[str], rng: np.random.Generator) -> np.ndarray:
    """Speaker of each clip -> True for the tenth that is kept back, none of fewer than 50 clips.

    Whole speakers where there are ten or more, so that the part is as strange as the test will be.
    """
    speakers = np.asarray(speakers)
    wanted = min(MOST, round(len(speakers) * SHARE))
    if len(speakers) < FEWEST:
        return np.zeros(len(speakers), dtype=bool)
    names = rng.permutation(np.unique(speakers))
    if len(names) < FEWEST_SPEAKERS:
        chosen = np.zeros(len(speakers), dtype=bool)
        chosen[rng.choice(len(speakers), wanted, replace=False)] = True
        return chosen
    counts = np.array([(speakers == name).sum() for name in names])
    return np.isin(speakers, names[: max(1, int((np.cumsum(counts) <= 1.5 * wanted).sum()))])
