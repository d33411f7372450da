"""Fits: error rates at some sizes -> formulas that say them at any size.

Each formula is floor + scale * shape(size) (Viering and Loog, 2023, table 1). Given the shape, floor and
scale are linear: for every shape of a grid they are found by weighted least squares, and the best shape is
taken (variable projection: Golub and Pereyra, 1973). Nothing has to converge, and thousands of replications
are fitted at once.
"""

from __future__ import annotations

from itertools import product

import numpy as np

SLOPES = np.geomspace(0.05, 3.0, 40)
FRACTIONS = np.geomspace(0.02, 50.0, 30)
FORMS = ("pow3", "pow4", "mmf4", "wbl4")


def shapes(form: str, sizes: np.ndarray, scale: float) -> np.ndarray:
    """A form of FORMS and sizes (sizes,) -> its shape at them for the whole grid, (grid, sizes).

    pow3: n^-b; pow4: (n + d)^-b; mmf4 (Morgan, Mercer and Flodin): 1 / (1 + (n / s)^d); wbl4 (Weibull):
    exp(-(n / s)^d). scale: the size about which d of pow4 and s of the others are sought.
    """
    relative = np.asarray(sizes, float) / scale
    if form == "pow3":
        return relative ** -SLOPES[:, None]
    far, slope = np.array(list(product(FRACTIONS, SLOPES))).T[:, :, None]
    if form == "pow4":
        return (relative + far) ** -slope
    inner = (relative / far) ** slope
    return 1 / (1 + inner) if form == "mmf4" else np.exp(-inner)


def fitted(
    form: str, sizes: np.ndarray, rates: np.ndarray, errors: np.ndarray, targets: np.ndarray
) -> np.ndarray:
    """Rates (rows, sizes) with standard errors (sizes,) -> rates of the fits at targets (rows, targets).

    Floor and scale are never below zero: more data never harms.
    """
    scale = float(np.exp(np.log(sizes).mean()))
    known, unknown = shapes(form, sizes, scale), shapes(form, targets, scale)
    weight = errors**-2 / (errors**-2).sum()
    flat, square = known @ weight, known**2 @ weight  # (grid,)
    middle, along = rates @ weight, (rates * weight) @ known.T  # (rows,), (rows, grid)
    slope = (along - middle[:, None] * flat) / np.maximum(square - flat**2, 1e-12)
    floor = middle[:, None] - slope * flat
    slope = np.where(floor < 0, along / np.maximum(square, 1e-300), np.maximum(slope, 0.0))
    floor = np.where(floor < 0, 0.0, middle[:, None] - slope * flat)
    misfit = (
        floor**2 + slope**2 * square + 2 * (floor * slope * flat - floor * middle[:, None] - slope * along)
    )
    best = misfit.argmin(axis=1)
    rows = np.arange(len(rates))
    return floor[rows, best][:, None] + slope[rows, best][:, None] * unknown[best]
