"""DET: keywords missed against false alarms an hour; and what so many hours of background can show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.keywords.track import Track, threshold_for

RATES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # false alarms an hour
SHOWN_RATES = (0.5, 0.1)  # those that a report tells the misses at
NONE_HEARD = 3.0  # with no alarm in so many expected, chance is below 5 %: exp(-3)


def poisson_interval(count: float, hours: float, level: float = 0.95) -> tuple[float, float]:
    """Alarms in so many hours -> both ends of the interval of their rate an hour (Garwood, 1936).

    count: also a mean of several counts over the same hours.
    """
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = gammaincinv(count, tail) if count > 0 else 0.0
    return float(low / hours), float(gammaincinv(count + 1, 1 - tail) / hours)


def hours_to_show(rate: float) -> float:
    """False alarms an hour -> hours of background that can show a rate as low: none in them bounds it."""
    return NONE_HEARD / rate


def can_show(rate: float, hours: float) -> bool:
    """Whether so many hours of background can tell that there are no more false alarms an hour."""
    return hours >= hours_to_show(rate)


def det_curve(
    peaks: Sequence[float], background: Sequence[Track], hours: float, rates: Sequence[float] = RATES
) -> dict[float, float]:
    """Greatest scores of the keywords, tracks of the background -> false alarms an hour -> share missed.

    Only rates of which the hours hold at least one alarm: below, a threshold would rest on no alarm at all.
    """
    missed = {}
    for rate in rates:
        if allowed := int(rate * hours + 1e-9):
            threshold = threshold_for(background, allowed)
            missed[rate] = float(np.mean(np.asarray(peaks) < threshold))
    return missed
