"""The spotter: recordings of the keyword and a background -> a detector with a threshold, for streams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.keywords.detector import Groups, Span, scores_of
from components.keywords.frames import FRAME_MS, HOP_MS, FrameStream, StreamFrames
from components.keywords.hmm import KeywordHmm
from components.keywords.stream import Said, Stream, halves, in_rooms
from components.keywords.track import REFRACTORY, Track, threshold_for
from components.ranges import above, at_least, check_ranges

MOST_FRAMES = 400_000  # of streams that are scored at once
SNR_DB = (5.0, 30.0)  # of the streams that are learned from
HOP = HOP_MS / 1000


class KeywordSpotter(BaseEstimator):
    """Streams -> scores over time, 0 or more where the keyword is heard.

    Half of the background is learned from; on the other half, in rooms as the test's, the threshold is set so
    that there are no more than so many false alarms an hour. So no recording of the keyword is spent on it.
    Each recording is heard in several rooms, or the room of the one oddest sound would set it: these are more
    hours of rooms and noise, and no more of speech.

    Parameters
    ----------
    frames, detector : its parts; the latter keeps the promise of a Detector.
    copies : how often each recording of the keyword is learned from, each time in another room and noise.
    false_alarms : an hour, at most, in the held-out background.
    rooms : in which each recording of the held-out background is heard.
    snr_db : of speech above noise in the held-out background.
    seed : draws what the detector draws; rooms are drawn by what is in them.

    Attributes
    ----------
    rate_ : Hz.
    frames_, detector_ : trained.
    threshold_ : already taken off the scores that predict gives.
    calibration_hours_ : of background that the threshold was set on, however many rooms it was heard in.
    """

    learns_from_background = True

    def __init__(
        self,
        frames: StreamFrames | None = None,
        detector: BaseEstimator | None = None,
        copies: int = 4,
        false_alarms: float = 0.5,
        rooms: int = 4,
        snr_db: float = 10.0,
        seed: int = 0,
    ) -> None:
        self.frames = frames
        self.detector = detector
        self.copies = copies
        self.false_alarms = false_alarms
        self.rooms = rooms
        self.snr_db = snr_db
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for counts or rates out of range."""
        counts = dict(copies=at_least(1), rooms=at_least(1), seed=at_least(0))
        check_ranges(self, **counts, false_alarms=above(0), snr_db=above(-100))

    def fit(
        self, streams: Sequence[Stream], said: Sequence[Said], background: Sequence[Stream]
    ) -> KeywordSpotter:
        """Streams with the keyword, when it is said, streams without it -> a trained spotter."""
        learned, held_out = halves(background)
        self.rate_ = streams[0].rate
        learned = in_rooms(learned, 1, *SNR_DB)
        self.frames_ = clone(self.frames or StreamFrames()).learn(learned)
        copies = in_rooms(streams, self.copies, *SNR_DB)
        spans = [_span(when) for when in said for _ in range(self.copies)]
        groups = Groups(
            [stream.name for stream in copies], [stream.speaker or stream.name for stream in learned]
        )
        self.detector_ = clone(self.detector or KeywordHmm()).train(
            self.frames_.of(copies), spans, self.frames_.of(learned), self.seed, groups
        )
        heard = in_rooms(held_out, self.rooms, self.snr_db)
        hours = sum(stream.seconds for stream in heard) / 3600
        self.threshold_ = threshold_for(self.tracks(heard), int(self.false_alarms * hours + 1e-9))
        self.calibration_hours_ = hours / self.rooms
        return self

    def predict(self, streams: Sequence[Stream]) -> list[Track]:
        """Streams -> their scores above the threshold, in order."""
        return [track.minus(self.threshold_) for track in self.tracks(streams)]

    def tracks(self, streams: Sequence[Stream]) -> list[Track]:
        """Streams -> their scores, in order; streams of like length side by side."""
        order = np.argsort([-stream.seconds for stream in streams], kind="stable")
        scores: dict[int, np.ndarray] = {}
        for rows in _batches(order, [stream.seconds / HOP for stream in streams]):
            frames = self.frames_.of([streams[row] for row in rows])
            scores.update(zip(rows, scores_of(self.detector_, frames), strict=True))
        first, step = self._times()
        return [Track(scores[row], first, step) for row in range(len(streams))]

    def listen(self) -> Listener:
        """A listener to one stream, piece by piece."""
        return Listener(self)

    def _times(self) -> tuple[float, float]:
        """When the first score can be known, and from one to the next, seconds."""
        before = self.detector_.step + self.detector_.lookahead - 1
        return before * HOP + FRAME_MS / 1000, self.detector_.step * HOP


class Listener:
    """A trained spotter on one stream that comes in pieces."""

    def __init__(self, spotter: KeywordSpotter) -> None:
        self.threshold = spotter.threshold_
        self.frames, self.session = FrameStream(spotter.frames_), spotter.detector_.listen()
        self.first, self.step = spotter._times()
        self.known, self.deaf_until = 0, 0.0

    def scores(self, samples: np.ndarray) -> np.ndarray:
        """The next samples (samples,) -> the scores above the threshold that they complete (scores,)."""
        frames = self.frames.push(samples)
        if not len(frames):
            return np.zeros(0, np.float32)
        return self.session.push(frames[:, None])[:, 0] - np.float32(self.threshold)

    def push(self, samples: np.ndarray) -> list[tuple[float, float]]:
        """The next samples (samples,) -> seconds into the stream and score of each time it is heard."""
        heard = []
        for score in self.scores(samples):
            when = self.first + self.known * self.step
            self.known += 1
            if score >= 0 and when >= self.deaf_until:
                heard.append((when, float(score)))
                self.deaf_until = when + REFRACTORY
        return heard


def _span(said: Said) -> Span:
    return round(said.begin / HOP), max(round(said.begin / HOP) + 3, round(said.end / HOP))


def _batches(order: np.ndarray, frames: Sequence[float]) -> Iterator[list[int]]:
    """Streams, longest first, and their frames -> groups of about MOST_FRAMES with what fills them up."""
    group: list[int] = []
    for row in order.tolist():
        if group and (len(group) + 1) * frames[group[0]] > MOST_FRAMES:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
