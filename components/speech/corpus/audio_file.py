"""Samples of an audio file, or of a segment of one: WAV, FLAC, Ogg, Opus, MP3, whatever libsndfile reads."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile

from components.speech.corpus import container_file
from components.speech.corpus.channels import check_together, mix_down
from components.speech.corpus.check import too_long
from components.speech.corpus.completeness import check_complete
from components.speech.corpus.full_scale import full_scale
from components.speech.corpus.wav_header import with_size

FLOATING = ("FLOAT", "DOUBLE")
HEADERLESS = frozenset((".raw", ".pcm"))
NOT_SEEKABLE = frozenset((".mp3",))  # libsndfile seeks in MP3 to the nearest frame, up to 50 ms away
BLOCK = 1 << 16
LFS = b"version https://git-lfs"
LONGEST_LOOK = 120  # seconds of a long file by which its channels are compared, and its full scale is told
UNKNOWN_FRAMES = 1 << 62  # libsndfile takes FLAC's 0 as the most there can be


@dataclass(frozen=True)
class AudioFile:
    """A segment of an audio file: from `start` for `seconds` (None: to its end).

    channel: the one to take, 0 the first; None: all of them, mixed down as in `mix_down`.
    """

    path: str
    start: float = 0.0
    seconds: float | None = None
    channel: int | None = None

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz. Raises ValueError where it is not whole."""
        _check_exists(self.path)
        self._check_segment()
        if Path(self.path).suffix.lower() in container_file.ENDINGS or container_file.is_one(self.path):
            samples, rate = container_file.read(self.path)
            return self._cut(samples, rate, max_seconds), rate
        with _opened(self.path) as file:
            if Path(self.path).suffix.lower() in NOT_SEEKABLE and self.start:
                return self._cut(_whole(self.path), file.samplerate, max_seconds), file.samplerate
            return self._segment(file, max_seconds), file.samplerate

    def _check_segment(self) -> None:
        """Raises ValueError for a segment that is none."""
        end = self.start + (self.seconds or 0)
        if not math.isfinite(end):
            raise ValueError(f"a segment without a beginning and an end: {self.start:.2f} to {end:.2f} s")
        if self.start < 0:
            raise ValueError(f"a segment that begins before the file: {self.start:.2f} to {end:.2f} s")
        if self.seconds is not None and self.seconds <= 0:
            raise ValueError(f"a segment that ends before it begins: {self.start:.2f} to {end:.2f} s")

    def _segment(self, file: soundfile.SoundFile, max_seconds: float) -> np.ndarray:
        """The segment of an open file, read alone unless the header does not say how long the file is."""
        if _is_streamed(file):
            return self._cut(_read_stream(self.path), file.samplerate, max_seconds)
        check_complete(file, self.path)
        first, length = self._bounds(file.frames, file.samplerate, max_seconds)
        if first:
            file.seek(first)
        if file.channels > 1 and self.channel is None and length < file.frames:
            _check_channels(self.path)
        samples = file.read(length, dtype="float32", always_2d=True)  # (samples, channels)
        if len(samples) < length:
            raise ValueError(f"truncated: {len(samples)} of {length} samples")
        if file.subtype in FLOATING:
            scale = full_scale(samples) if length == file.frames else _full_scale_of(self.path)
            samples = samples / np.float32(scale)
        return mix_down(samples, self.channel)

    def _cut(self, samples: np.ndarray, rate: int, max_seconds: float) -> np.ndarray:
        """All samples (samples, channels) -> those of the segment, mixed down."""
        first, length = self._bounds(len(samples), rate, max_seconds)
        return mix_down(samples[first : first + length], self.channel)

    def _bounds(self, frames: int, rate: int, max_seconds: float) -> tuple[int, int]:
        """Length of the file in samples -> the segment's first sample and its length; ValueError outside."""
        first = round(self.start * rate)
        length = frames - first if self.seconds is None else round(self.seconds * rate)
        if reason := too_long(length / rate, max_seconds):
            raise ValueError(reason)
        if length < 0 or first > frames or first + length > frames + rate // 100:  # manifests round to 10 ms
            end = self.start + (self.seconds or 0)
            raise ValueError(f"truncated: {frames / rate:.2f} s where {end:.2f} s are needed")
        return first, min(length, frames - first)

    def key(self) -> str:
        """File name, size, time of change, segment and channel; of a missing file the name."""
        try:
            status = os.stat(self.path)
        except OSError:
            return f"{self.path} missing"
        segment = f"{self.start} {self.seconds}" + ("" if self.channel is None else f" {self.channel}")
        return f"{self.path} {status.st_size} {status.st_mtime_ns} {segment}"

    def rate(self) -> int | None:
        """The rate in the file's header in Hz, None when it has none that can be read."""
        length_and_rate = length_of(self.path)
        return length_and_rate[1] if length_and_rate else None


def length_of(path: str) -> tuple[int, int] | None:
    """A file -> its samples and their rate in Hz by its header, None when it has none that can be read."""
    try:
        info = soundfile.info(path)
    except (OSError, RuntimeError, TypeError):
        return None
    return info.frames, info.samplerate


@lru_cache(maxsize=64)
def channels_of(path: str) -> int:
    """A file -> how many channels it has by its header, 1 when it has none that can be read."""
    try:
        return soundfile.info(path).channels
    except (OSError, RuntimeError, TypeError):
        return 1


@contextmanager
def _opened(path: str) -> Iterator[soundfile.SoundFile]:
    """The open file; ValueError says what libsndfile could not read."""
    if Path(path).suffix.lower() in HEADERLESS:
        raise ValueError(
            f"headerless ({Path(path).suffix}): its rate is not known; convert it, as with "
            "sox -t raw -r 16000 -e signed -b 16 -c 1 x.raw x.wav"
        )
    try:
        with soundfile.SoundFile(with_size(path) or path) as file:
            yield file
    except soundfile.LibsndfileError as error:
        why = str(error.error_string).removeprefix("Error : ").rstrip(".")
        raise ValueError(_text_instead(path) or f"unreadable or cut off: {why}") from error


def _text_instead(path: str) -> str:
    """What to say of a file that holds text and no sound, "" for others."""
    with open(path, "rb") as file:
        start = file.read(200)
    if start.startswith(LFS):
        return "a pointer of Git LFS, not the recording: git lfs pull fetches it"
    try:
        line = start.decode("ascii").split("\n")[0]
    except UnicodeDecodeError:
        return ""
    return f"text, not sound; it begins {line[:40]!r}" if line.isprintable() and line else ""


@lru_cache(maxsize=64)
def _check_channels(path: str) -> None:
    """Raises ValueError where the channels are of two people, which short segments may not show."""
    with _opened(path) as file:
        check_together(file.read(LONGEST_LOOK * file.samplerate, dtype="float32", always_2d=True))


@lru_cache(maxsize=64)
def _full_scale_of(path: str) -> float:
    """As `full_scale` of a file: one segment of it may be too soft to tell."""
    with _opened(path) as file:
        return full_scale(file.read(LONGEST_LOOK * file.samplerate, dtype="float32", always_2d=True))


@lru_cache(maxsize=1)
def _whole(path: str) -> np.ndarray:
    """All samples (samples, channels) of a file; the segments of one file are asked for together."""
    with _opened(path) as file:
        return _read_to_end(file)


def _read_to_end(file: soundfile.SoundFile) -> np.ndarray:
    """An open file -> its samples (samples, channels) up to where they end, whatever its header says."""
    blocks = []
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.empty((0, file.channels), np.float32)


class _Unseekable(soundfile.SoundFile):
    """A file read from its beginning to wherever it ends: libsndfile cannot seek without a length."""

    def seekable(self) -> bool:
        return False


def _read_stream(path: str) -> np.ndarray:
    """All samples (samples, channels) of a file that does not say how many it has."""
    with _Unseekable(path) as file:
        return _read_to_end(file)


def _check_exists(path: str) -> None:
    if not Path(path).is_file():
        raise ValueError(f"no such file: {path}")
    if not os.path.getsize(path):
        raise ValueError("empty: the file has no bytes")


def _is_streamed(file: soundfile.SoundFile) -> bool:
    """Whether the header of an open FLAC file says nothing on its length, as that of a recorder's pipe."""
    return file.frames >= UNKNOWN_FRAMES


def resample(samples: np.ndarray, source_rate: int, rate: int) -> np.ndarray:
    """Samples (samples,) at one rate -> float32 samples at another, through a polyphase filter."""
    if source_rate == rate:
        return samples
    from scipy.signal import resample_poly

    common = math.gcd(source_rate, rate)
    up, down = rate // common, source_rate // common
    return resample_poly(samples, up, down, window=_low_pass(up, down)).astype(np.float32)


@lru_cache(maxsize=8)
def _low_pass(up: int, down: int) -> np.ndarray:
    """A linear-phase low-pass filter for the lower of the two Nyquist rates (Kaiser window, about -80 dB)."""
    from scipy.signal import firwin

    half_length = 16 * max(up, down)
    return firwin(2 * half_length + 1, 0.95 / max(up, down), window=("kaiser", 8.0)).astype(np.float32)
