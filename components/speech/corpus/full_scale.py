"""Samples that are floating-point numbers in the units of integers -> the same between -1 and 1."""

from __future__ import annotations

import numpy as np

INTEGERS = (2.0**15, 2.0**31)  # full scale of 16 and 32 bits
BEYOND = 100.0  # times full scale, 40 dB: no recording of floating-point numbers between -1 and 1 is so loud


def in_full_scale(samples: np.ndarray) -> np.ndarray:
    """float32 samples (samples, ...) -> the same between -1 and 1, where they are of 16 or 32 bits.

    They are, where all are whole numbers and some above 1, or some are far above; all others stay as they
    are, also those that are a little too loud.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    if not np.isfinite(peak) or peak <= 1 or not (peak > BEYOND or _are_whole(samples)):
        return samples
    scale = next((scale for scale in INTEGERS if peak <= scale), None)
    return samples if scale is None else (samples / scale).astype(np.float32)


def _are_whole(samples: np.ndarray) -> bool:
    return bool(np.all(samples == np.rint(samples)))
