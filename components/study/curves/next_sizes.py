"""Next sizes: the crossover's interval so far -> the training sizes and draws that narrow it most, or enough.

Coarse first: the smallest, the middle and the largest size, two draws each. Then, round by round, a size in
the widest gap that the interval leaves; and where no gap is wider than GAP, another draw at the sizes within
the interval and beside it, which decide where its ends lie.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.study.curves.crossing import Crossover, leader
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import BEST

GAP = 4.0  # between sizes as near as that, another draw narrows the interval more than another size
DRAWS = 2  # the fewest that say how much another draw would change


@dataclass(frozen=True)
class Wanted:
    """What to run next. draws: size -> draws it is to have in all; empty where nothing is left to do.

    why: what the round is for, or why none follows, as the end of a sentence.
    """

    draws: dict[int, int]
    why: str


def first_sizes(allowed: Sequence[int]) -> dict[int, int]:
    """Allowed sizes, smallest first -> the first round: size -> draws."""
    return dict.fromkeys((allowed[0], allowed[(len(allowed) - 1) // 2], allowed[-1]), DRAWS)


def next_sizes(
    found: Crossover, asked: Mapping[int, int], allowed: Sequence[int], draws: int, width: float
) -> Wanted:
    """A crossover and what was asked for so far -> what to ask for next.

    asked: size -> draws, whether or not their trials finished. allowed: sizes of the full grid; draws: of
    each of them there. width: how many times apart the interval's ends may be.
    """
    low, high = narrowed(found)
    anywhere = found.low == 0 and math.isinf(found.high)
    if high / low <= width and not anywhere:
        return Wanted({}, _enough(found, width))
    size = _in_the_widest_gap(found, asked, allowed)
    if size is not None:
        return Wanted({size: DRAWS}, f"the crossing lies between {low:,.0f} and {high:,.0f}")
    open_ = [size for size in sizes_that_matter(found) if asked[size] < draws]
    if not open_:
        return Wanted({}, "all draws were spent at every size that matters; more --draws would help")
    fewest = min(asked[size] for size in open_)
    more = {size: fewest + 1 for size in open_ if asked[size] == fewest}
    return Wanted(more, f"the curves are too close to tell apart between {low:,.0f} and {high:,.0f}")


def _enough(found: Crossover, width: float) -> str:
    if math.isinf(found.low):
        return f"end-to-end is surely behind at {found.sizes[-1]:,} utterances, the most tried"
    if found.high == 0:
        return f"end-to-end is surely ahead from {found.sizes[0]:,} utterances on, the fewest tried"
    low, high = narrowed(found)
    ends = f"the interval's ends are {high / low:.2g} times apart within the sizes tried"
    return f"{ends}, and {width:g} were expected"


def narrowed(found: Crossover) -> tuple[float, float]:
    """A crossover -> the part of its interval that lies within the sizes measured.

    Both ends are the largest size where it surely never comes, the smallest where it surely came before.
    """
    first, last = found.sizes[0], found.sizes[-1]
    return min(max(found.low, first), last), min(max(found.high, first), last)


def sizes_that_matter(found: Crossover) -> list[int]:
    """A crossover -> the measured sizes within its interval, and the nearest one on either side."""
    low, high = narrowed(found)
    left = max(size for size in found.sizes if size <= low)
    right = min(size for size in found.sizes if size >= high)
    return [size for size in found.sizes if left <= size <= right]


def in_the_running(curves: LearningCurves, found: Crossover) -> set[str]:
    """Learning curves and a crossover -> those that are the best of their family where it matters."""
    return {leader(curves, best, size) for best in BEST.values() for size in sizes_that_matter(found)}


def _in_the_widest_gap(found: Crossover, asked: Mapping[int, int], allowed: Sequence[int]) -> int | None:
    """The allowed size that halves, by ratio, the widest part of the interval between measured sizes.

    None where no gap of more than GAP has an allowed size in it.
    """
    low, high = narrowed(found)
    parts = {(left, right): (max(left, low), min(right, high)) for left, right in pairwise(found.sizes)}
    inner = {gap: [size for size in allowed if gap[0] < size < gap[1] and size not in asked] for gap in parts}
    wide = [
        gap for gap, (start, end) in parts.items() if inner[gap] and start < end and gap[1] / gap[0] > GAP
    ]
    if not wide:
        return None
    gap = max(wide, key=lambda one: parts[one][1] / parts[one][0])
    middle = math.sqrt(math.prod(parts[gap]))
    return min(inner[gap], key=lambda size: abs(math.log(size / middle)))
