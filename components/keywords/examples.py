"""What a detector learns from, and a part of it held out: no recording and no speaker is on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.keywords.detector import Groups, Span

HELD_OUT = 0.25  # of the recordings of the keyword, and of the background


@dataclass(frozen=True)
class Examples:
    """Streams with the keyword, where it is in each, streams without it, each float32 (frames, dims)."""

    keywords: Sequence[np.ndarray]
    spans: Sequence[Span]
    background: Sequence[np.ndarray]
    groups: Groups

    @property
    def recordings(self) -> int:
        """Of the keyword, whatever their copies."""
        return len(set(self.groups.keywords))

    def some(self, keywords: Sequence[int], background: Sequence[int]) -> Examples:
        """Places of streams with the keyword and without it -> these alone."""
        return Examples(
            [self.keywords[place] for place in keywords],
            [self.spans[place] for place in keywords],
            [self.background[place] for place in background],
            Groups(
                [self.groups.keywords[place] for place in keywords],
                [self.groups.background[place] for place in background],
            ),
        )


def typical_length(spans: Sequence[Span]) -> int:
    """Where the keyword is in each stream -> its median length, frames."""
    return int(np.median([last - first for first, last in spans]))


def apart(keywords: Sequence[np.ndarray], background: Sequence[np.ndarray]) -> Groups:
    """Streams of which no two have anything in common."""
    return Groups([str(place) for place in range(len(keywords))], [str(p) for p in range(len(background))])


def hold_out(examples: Examples, rng: np.random.Generator) -> tuple[Examples, Examples]:
    """Examples -> those to learn from, and those that are held out, at least one recording and stream."""
    sides = [_sides(names, rng) for names in examples.groups]
    kept, held_out = zip(*sides, strict=True)
    return examples.some(*kept), examples.some(*held_out)


def _sides(names: Sequence[str], rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Name of the group of each -> places of those kept, and held out."""
    groups = rng.permutation(np.unique(names))
    out = set(groups[: max(1, round(HELD_OUT * len(groups)))].tolist())
    places = range(len(names))
    return [p for p in places if names[p] not in out], [p for p in places if names[p] in out]
