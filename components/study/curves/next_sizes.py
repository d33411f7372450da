"""Next sizes: the crossover's interval so far -> the training sizes and draws that narrow it most, or enough.

Coarse first: the smallest, the middle and the largest size, two draws each. Then, round by round, a size in
the widest gap that the interval leaves; and where no gap is wider than GAP, another draw at the sizes within
the interval and next to it, which decide where its ends lie.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.study.curves.crossing import Crossover, leader
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import BEST
from components.study.nouns import Nouns

GAP = 4.0  # between sizes as near as that, another draw narrows the interval more than another size
DRAWS = 2  # the fewest that tell how much another draw would change


@dataclass(frozen=True)
class NextRound:
    """What to run next. draws: size -> draws it is to have in all; empty where nothing is left to do.

    why: what the round is for, or why none follows, as the end of a sentence.
    """

    draws: dict[int, int]
    why: str


def first_sizes(allowed: Sequence[int]) -> dict[int, int]:
    """Allowed sizes, smallest first -> the first round: size -> draws."""
    return dict.fromkeys((allowed[0], allowed[(len(allowed) - 1) // 2], allowed[-1]), DRAWS)


def next_sizes(
    headline: Crossover,
    asked: Mapping[int, int],
    allowed: Sequence[int],
    draws: int,
    width: float,
    nouns: Nouns,
) -> NextRound:
    """A crossover and what was asked for so far -> what to ask for next.

    Parameters
    ----------
    headline
        Of the best of each family, from the trials so far.
    asked
        Size -> draws, whether or not their trials finished.
    allowed, draws
        Sizes of the full grid, and the draws of each of them there.
    width
        How many times apart the interval's ends may be.
    nouns
        For the reason given.
    """
    low, high = narrowed(headline)
    anywhere = headline.low == 0 and math.isinf(headline.high)
    if high / low <= width and not anywhere:
        return NextRound({}, _enough(headline, width, nouns))
    size = _in_the_widest_gap(headline, asked, allowed)
    if size is not None:
        return NextRound({size: DRAWS}, f"the crossing lies between {low:,.0f} and {high:,.0f}")
    open_ = [size for size in sizes_that_matter(headline) if asked[size] < draws]
    if not open_:
        return NextRound({}, "all draws were spent at every size that matters; more --draws would help")
    fewest = min(asked[size] for size in open_)
    more = {size: fewest + 1 for size in open_ if asked[size] == fewest}
    return NextRound(more, f"the curves are too close to tell apart between {low:,.0f} and {high:,.0f}")


def _enough(headline: Crossover, width: float, nouns: Nouns) -> str:
    first, last = (f"{size:,} {nouns.examples}" for size in (headline.sizes[0], headline.sizes[-1]))
    if math.isinf(headline.low):
        return f"end-to-end is surely behind at {last}, the most tried"
    if headline.high == 0:
        return f"end-to-end is surely ahead from {first} on, the fewest tried"
    low, high = narrowed(headline)
    ends = f"the interval's ends are {high / low:.2g} times apart within the sizes tried"
    return f"{ends}, and {width:g} were expected"


def narrowed(headline: Crossover) -> tuple[float, float]:
    """A crossover -> the part of its interval that lies within the sizes measured.

    Both ends are the largest size where it is never, the smallest where it is below.
    """
    first, last = headline.sizes[0], headline.sizes[-1]
    return min(max(headline.low, first), last), min(max(headline.high, first), last)


def sizes_that_matter(headline: Crossover) -> list[int]:
    """A crossover -> the measured sizes within its interval, and the nearest one on either side."""
    low, high = narrowed(headline)
    left = max(size for size in headline.sizes if size <= low)
    right = min(size for size in headline.sizes if size >= high)
    return [size for size in headline.sizes if left <= size <= right]


def in_the_running(curves: LearningCurves, headline: Crossover) -> set[str]:
    """Learning curves and a crossover -> those that are the best of their family where it matters."""
    return {leader(curves, best, size) for best in BEST.values() for size in sizes_that_matter(headline)}


def _in_the_widest_gap(headline: Crossover, asked: Mapping[int, int], allowed: Sequence[int]) -> int | None:
    """The allowed size that halves, by ratio, the widest part of the interval between measured sizes.

    None where no gap of more than GAP has an allowed size in it.
    """
    low, high = narrowed(headline)
    parts = {(left, right): (max(left, low), min(right, high)) for left, right in pairwise(headline.sizes)}
    inner = {gap: [size for size in allowed if gap[0] < size < gap[1] and size not in asked] for gap in parts}
    wide = [
        gap for gap, (start, end) in parts.items() if inner[gap] and start < end and gap[1] / gap[0] > GAP
    ]
    if not wide:
        return None
    gap = max(wide, key=lambda pair: parts[pair][1] / parts[pair][0])
    middle = math.sqrt(math.prod(parts[gap]))
    return min(inner[gap], key=lambda size: abs(math.log(size / middle)))
