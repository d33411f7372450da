"""Query by example: how near the last sounds are to recordings of the keyword, under time warping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator

from components.keywords.detector import Groups, Span
from components.ranges import at_least, check_ranges

FARTHEST = -100.0  # score before anything was heard
COSTED_STREAMS, PIECE = 30, 1000  # of background that usual costs are taken of; frames of it in a row


class QueryDtw(BaseEstimator):
    """Frames (frames, dims) -> every second frame the nearness of the sounds up to it to the keyword.

    A path through a template may begin at any frame, and goes at least half and at most twice as fast as the
    stream; weights of its steps sum to the frames of both (Sakoe and Chiba, 1978; slope constraint 1/2). The
    score is how many deviations less than in the background the templates cost on average: a noisy template
    is as far from all sounds, so its plain cost says little. Implemented here, as libraries align two whole
    recordings, and this one goes on where the stream stopped.
    Source: Zhang and Glass (2009), Unsupervised spoken keyword spotting via segmental DTW; normalised by
    query as Szöke et al. (2014), Calibration and fusion of query-by-example systems.

    Parameters
    ----------
    templates : recordings that are kept; if there are more, they are drawn.

    Attributes
    ----------
    templates_ : float32 (templates, length, dims), all stretched to the median length.
    usual_, spread_ : (templates,), mean and deviation of each one's cost in the background.
    """

    step, lookahead = 2, 0

    def __init__(self, templates: int = 16) -> None:
        self.templates = templates

    def check_settings(self) -> None:
        """Raises ValueError for a count out of range."""
        check_ranges(self, templates=at_least(1))

    def train(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        seed: int = 0,
        groups: Groups | None = None,
    ) -> QueryDtw:
        """As of every Detector. Raises ValueError for a background that is no longer than the keyword."""
        length = max(3, round(np.median([last - first for first, last in spans]) / self.step))
        rows = np.random.default_rng(seed).permutation(len(keywords))[: self.templates]
        self.templates_ = np.stack([stretched(keywords[row][slice(*spans[row])], length) for row in rows])
        pieces = _pieces(np.concatenate(background[:COSTED_STREAMS]))
        costs = DtwSession(self).costs(pieces)[length:]
        if not len(costs):
            raise ValueError(
                f"QueryDtw expected more background than {length * self.step} frames, as long as the "
                f"keyword, got {len(pieces)}; give it more, or mark the keyword's beginning and end."
            )
        self.usual_ = costs.mean(axis=(0, 1), dtype=np.float64)
        self.spread_ = np.maximum(costs.std(axis=(0, 1), dtype=np.float64), 1e-3)
        return self

    def listen(self) -> DtwSession:
        """As of every Detector."""
        return DtwSession(self)


def _pieces(frames: np.ndarray) -> np.ndarray:
    """Frames (frames, dims) -> pieces of them, to go side by side (PIECE or less, pieces, dims)."""
    length = min(PIECE, len(frames))
    count = len(frames) // length
    return frames[: count * length].reshape(count, length, -1).swapaxes(0, 1)


def stretched(frames: np.ndarray, length: int) -> np.ndarray:
    """Frames (frames, dims) -> as many as asked for (length, dims), interpolated between neighbours."""
    places = np.linspace(0, len(frames) - 1, length)
    below = places.astype(int)
    share = (places - below)[:, None].astype(np.float32)
    return frames[below] * (1 - share) + frames[np.minimum(below + 1, len(frames) - 1)] * share


class DtwSession:
    """For each stream, template and template frame: the best path to it, now and one frame before.

    A path is the sum of its weighted costs and its weight, float32 (2, streams, templates, length).
    """

    def __init__(self, detector: QueryDtw) -> None:
        self.detector = detector
        self.templates, self.step = detector.templates_, detector.step
        self.pending = self.last = self.earlier = self.last_costs = None

    def push(self, frames: np.ndarray) -> np.ndarray:
        """(frames, streams, dims) -> (frames / 2, streams)."""
        less = (self.detector.usual_ - self.costs(frames)) / self.detector.spread_
        return np.maximum(less.mean(axis=2), FARTHEST).astype(np.float32)

    def costs(self, frames: np.ndarray) -> np.ndarray:
        """(frames, streams, dims) -> the mean cost of the best path to each template's end.

        float32 (frames / 2, streams, templates).
        """
        if self.pending is None:
            self._begin(frames)
        frames = np.concatenate([self.pending, frames])
        whole = len(frames) // self.step * self.step
        self.pending = frames[whole:]
        used = frames[self.step - 1 : whole : self.step]
        shape = (len(used), frames.shape[1], len(self.templates))
        return np.array([self._advance(self._costs(frame)) for frame in used], np.float32).reshape(shape)

    def _begin(self, frames: np.ndarray) -> None:
        shape = (frames.shape[1], *self.templates.shape[:2])
        self.pending, self.last_costs = frames[:0], np.zeros(shape, np.float32)
        self.last = self.earlier = np.stack([np.full(shape, np.inf, np.float32), np.ones(shape, np.float32)])

    def _costs(self, frame: np.ndarray) -> np.ndarray:
        """A frame of each stream (streams, dims) -> costs (streams, templates, length).

        How much farther than from the mean template frame: what is far from all, or near to all as noise is,
        costs nothing anywhere.
        """
        flat = self.templates.reshape(-1, self.templates.shape[2])
        squares = (frame**2).sum(axis=1)[:, None] + (flat**2).sum(axis=1) - 2 * frame @ flat.T
        distances = np.sqrt(np.maximum(squares, 0) / flat.shape[1])
        distances -= distances.mean(axis=1, keepdims=True)
        return distances.reshape(len(frame), *self.templates.shape[:2])

    def _advance(self, costs: np.ndarray) -> np.ndarray:
        """Costs of a frame -> mean costs (streams, templates); of the ways to a place the best goes on."""
        ways = (
            _extended(self.last, 1, 2 * costs, 2),
            _extended(self.last, 2, 3 * costs, 3),
            _extended(self.earlier, 1, 2 * self.last_costs + costs, 3),
        )
        ways[0][0, ..., 0], ways[0][1, ..., 0] = 2 * costs[..., 0], 2  # a path begins
        self.earlier, self.last_costs = self.last, costs
        self.last = _best(_best(ways[0], ways[1]), ways[2])
        return self.last[0, ..., -1] / self.last[1, ..., -1]


def _best(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two ways to each place (2, ...) -> the one that costs less by its weight, the first of two equals."""
    return np.where(one[0] * other[1] <= other[0] * one[1], one, other)


def _extended(paths: np.ndarray, places: int, costs: np.ndarray, weight: float) -> np.ndarray:
    """Paths (2, ..., length) -> so many template frames later, with these costs and weight added."""
    later = np.empty_like(paths)
    later[0, ..., :places], later[1, ..., :places] = np.inf, 1
    later[..., places:] = paths[..., :-places]
    later[0] += costs
    later[1] += weight
    return later
