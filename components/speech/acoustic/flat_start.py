"""Where training begins: a transcript's states spread evenly over the part of a clip that is not silent."""

from __future__ import annotations

import numpy as np

LOUD = 0.25  # of the way from the softest to the loudest frames


def equal_alignment(level: np.ndarray, states: np.ndarray, silence: int) -> np.ndarray:
    """Levels (frames,) and the states to pass -> a state for each frame, int (frames,).

    Soft frames at the edges are silence, the rest has the states in equal shares. A clip whose loud part
    is too short for that is taken whole; one without words is silence.
    """
    spread = np.full(len(level), silence)
    if not len(states):
        return spread
    # as np.percentile, at a tenth of its time
    last = len(level) - 1
    softest, loudest = np.interp([0.05 * last, 0.95 * last], np.arange(last + 1), np.sort(level))
    loud = np.flatnonzero(level > softest + LOUD * (loudest - softest))
    begin, end = (loud[0], loud[-1] + 1) if len(loud) else (0, len(level))
    if end - begin < len(states):
        begin, end = 0, len(level)
    spread[begin:end] = states[(np.arange(end - begin) * len(states)) // (end - begin)]
    return spread
