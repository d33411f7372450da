"""Label worth: how many labelled examples one system needs to err as little as another with few of them."""

from __future__ import annotations

from dataclasses import dataclass

from components.study.curves.crossing import interval, last_crossing, shared_sizes
from components.study.curves.lead import curve_parts, lead_of
from components.study.curves.learning import LearningCurves


@dataclass(frozen=True)
class LabelWorth:
    """With `size` labelled examples `name` errs as little as `other` with `labels` of them.

    Attributes
    ----------
    name, other
        Names of the two.
    size
        Labelled examples of `name`.
    labels
        From so many on `other` stays below its error; 0 where the fewest tried are enough, infinity where the
        most are too few.
    low, high
        95 % interval; 0 and infinity as above.
    """

    name: str
    other: str
    size: int
    labels: float
    low: float
    high: float


def label_worth(curves: LearningCurves, name: str, other: str) -> list[LabelWorth]:
    """Two curves by name -> the worth of the first one's labels at each size that both were measured at.

    The interval is that of a crossover: of the second curve and the level of the first at that size.
    """
    sizes = shared_sizes(curves, name, other)
    parts = curve_parts(curves, (name, other), sizes) if len(sizes) else []
    worths = []
    for place, size in enumerate(sizes.tolist()):
        lead = lead_of(curves, sizes, [(rates[:, 0, [place]], rates[:, 1]) for rates in parts])
        worths.append(LabelWorth(name, other, int(size), last_crossing(sizes, lead.at), *interval(lead)))
    return worths
