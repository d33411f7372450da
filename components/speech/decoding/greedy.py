"""Greedy CTC decoding: the best token of each frame -> a token sequence."""

from __future__ import annotations

import numpy as np


def collapse(best_ids: np.ndarray, blank: int = 0) -> list[int]:
    """Best token ids int (frames,) -> token sequence: repeats are merged, then blanks dropped.

    Source: Graves et al. (2006), Connectionist temporal classification.
    """
    ids = np.asarray(best_ids)
    first = np.ones(len(ids), dtype=bool)
    first[1:] = ids[1:] != ids[:-1]
    return ids[first & (ids != blank)].tolist()
