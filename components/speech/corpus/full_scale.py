"""Samples that are floating-point numbers in the units of integers -> the same between -1 and 1."""

from __future__ import annotations

import numpy as np

INTEGERS = (2.0**15, 2.0**31)  # full scale of 16 and 32 bits
BEYOND = 100.0  # times full scale, 40 dB: no recording of floating-point numbers between -1 and 1 is so loud


def full_scale(samples: np.ndarray) -> float:
    """float32 samples (samples, ...) -> 1, or the greatest number of 16 or 32 bits if they are in its units.

    They are, where all are whole numbers and some above 1, or some are far above; not those that are a
    little too loud.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    if not np.isfinite(peak) or peak <= 1 or not (peak > BEYOND or _are_whole(samples)):
        return 1.0
    return next((scale for scale in INTEGERS if peak <= scale), 1.0)


def in_full_scale(samples: np.ndarray) -> np.ndarray:
    """float32 samples (samples, ...) -> the same between -1 and 1, where they are in units of integers."""
    scale = full_scale(samples)
    return samples if scale == 1 else samples / np.float32(scale)


def _are_whole(samples: np.ndarray) -> bool:
    return bool(np.all(samples == np.rint(samples)))
