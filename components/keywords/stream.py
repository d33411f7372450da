"""A stream: recordings one after the other, in one room and its noise, with or without the keyword."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from components.contract import Clip
from components.keywords.mixing import HOP_MS, Room, at_level, in_room, quiet, speech_hops
from components.study.fingerprint import digest

FEWEST_SPEAKERS = 6  # of a background that is halved by them
GAP, TAIL = 0.3, 1.0  # seconds of quiet before the keyword and after it


class Said(NamedTuple):
    """When the keyword begins and ends in a stream, seconds."""

    begin: float
    end: float


@dataclass(frozen=True, eq=False)
class Stream:
    """Recordings of one speaker or situation, joined when their samples are asked for.

    Attributes
    ----------
    name
        Unique in its study.
    speaker
        Whose it is, "" if that is not known.
    pieces
        The recordings, one after the other, each brought to the same level.
    rate
        Hz.
    keyword
        Index of the piece that is the keyword, -1 for none.
    room
        Whose echoes and noise are added; None for none.
    """

    name: str
    speaker: str
    pieces: Sequence[Clip]
    rate: int
    keyword: int = -1
    room: Room | None = None

    @property
    def samples(self) -> np.ndarray:
        """float32 (samples,)."""
        dry = np.concatenate([self._piece(place) for place in range(len(self.pieces))])
        return in_room(dry, self.rate, self.room) if self.room else dry

    @property
    def digest(self) -> str:
        """The content key, by which its energies are found again."""
        return digest([[piece.digest for piece in self.pieces], self.keyword, str(self.room)])

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return sum(map(self._length, range(len(self.pieces)))) / self.rate

    @property
    def said(self) -> Said | None:
        """When the keyword is said; None where it is not."""
        if self.keyword < 0:
            return None
        first, last, _ = speech_hops(self.pieces[self.keyword].samples, self.rate)
        before = sum(map(self._length, range(self.keyword))) / self.rate + GAP
        return Said(before + first * HOP_MS / 1000, before + last * HOP_MS / 1000)

    def _length(self, place: int) -> int:
        around = round(GAP * self.rate) + round(TAIL * self.rate) if place == self.keyword else 0
        return len(self.pieces[place].samples) + around

    def _piece(self, place: int) -> np.ndarray:
        samples = at_level(self.pieces[place].samples, self.rate)
        if place != self.keyword:
            return samples
        return np.concatenate([quiet(round(GAP * self.rate)), samples, quiet(round(TAIL * self.rate))])


def joined(clips: Sequence[Clip], seconds: float) -> list[list[Clip]]:
    """Clips, those of a speaker together -> groups of one speaker, each about so many seconds at most."""
    groups: list[list[Clip]] = []
    length = 0.0
    for clip in clips:
        if not groups or clip.speaker != groups[-1][-1].speaker or length + clip.seconds > seconds:
            groups.append([])
            length = 0.0
        groups[-1].append(clip)
        length += clip.seconds
    return groups


def in_rooms(
    streams: Sequence[Stream], rooms: int, snr_db: float, most_snr_db: float | None = None
) -> list[Stream]:
    """Streams -> each in so many rooms, at this SNR or from it up to another; a stream's stand side by side.

    A name has its rooms: all trials of a study are in the same, and what is heard in them is computed once.
    """
    most = snr_db if most_snr_db is None else most_snr_db
    return [
        replace(stream, room=_room(stream.name + f" {room}" * (room > 0), snr_db, most))
        for stream in streams
        for room in range(rooms)
    ]


def _room(name: str, snr_db: float, most_snr_db: float) -> Room:
    seed = zlib.crc32(name.encode())
    return Room(float(np.random.default_rng([seed, 1]).uniform(snr_db, most_snr_db)), seed)


def halves(streams: Sequence[Stream]) -> tuple[list[Stream], list[Stream]]:
    """Streams -> two halves, no speaker in both, unless there are too few speakers for that."""
    numbers: dict[str, int] = {}
    for stream in streams:
        numbers.setdefault(stream.speaker or stream.name, len(numbers))
    few = len(numbers) < FEWEST_SPEAKERS
    side = [
        (place if few else numbers[stream.speaker or stream.name]) % 2 for place, stream in enumerate(streams)
    ]
    first, second = (
        [stream for stream, own in zip(streams, side, strict=True) if own == half] for half in (0, 1)
    )
    return first, second
