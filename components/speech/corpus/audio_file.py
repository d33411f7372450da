"""Samples of an audio file, or of a segment of one: WAV, FLAC, Ogg, Opus, MP3, whatever libsndfile reads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from pathlib import Path

import numpy as np
import soundfile

from components.speech.corpus.check import too_long


@dataclass(frozen=True)
class AudioFile:
    """A segment of an audio file: from `start` for `seconds` (None: to its end), channels mixed down."""

    path: str
    start: float = 0.0
    seconds: float | None = None

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz. Raises ValueError where it is not whole."""
        _check_exists(self.path)
        try:
            with soundfile.SoundFile(self.path) as file:
                return self._segment(file, max_seconds), file.samplerate
        except soundfile.LibsndfileError as error:
            why = str(error.error_string).removeprefix("Error : ")
            raise ValueError(f"unreadable or cut off: {why}") from error

    def _segment(self, file: soundfile.SoundFile, max_seconds: float) -> np.ndarray:
        _check_complete(file)
        first = round(self.start * file.samplerate)
        length = file.frames - first if self.seconds is None else round(self.seconds * file.samplerate)
        if reason := too_long(length / file.samplerate, max_seconds):
            raise ValueError(reason)
        if length < 0 or first + length > file.frames + file.samplerate // 100:  # manifests round to 10 ms
            end = self.start + (self.seconds or 0)
            raise ValueError(f"truncated: {file.frames / file.samplerate:.2f} s where {end:.2f} s are needed")
        length = min(length, file.frames - first)
        file.seek(first)
        samples = file.read(length, dtype="float32", always_2d=True)  # (samples, channels)
        if len(samples) < length:
            raise ValueError(f"truncated: {len(samples)} of {length} samples")
        return samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]

    def key(self) -> str:
        """File name, size, time of change and segment; of a missing file the name."""
        try:
            status = os.stat(self.path)
        except OSError:
            return f"{self.path} missing"
        return f"{self.path} {status.st_size} {status.st_mtime_ns} {self.start} {self.seconds}"

    def rate(self) -> int | None:
        """The rate in the file's header in Hz, None when it has none that can be read."""
        try:
            return soundfile.info(self.path).samplerate
        except (OSError, RuntimeError):
            return None


def _check_exists(path: str) -> None:
    if not Path(path).is_file():
        raise ValueError(f"no such file: {path}")
    if not os.path.getsize(path):
        raise ValueError("empty: the file has no bytes")


def _check_complete(file: soundfile.SoundFile) -> None:
    """libsndfile shortens a WAV whose data ends early without a word, but notes it in its log."""
    for line in file.extra_info.splitlines():
        if line.startswith("data") and "should be" in line:
            raise ValueError(f"truncated: {' '.join(line.split())} bytes")


def resample(samples: np.ndarray, source_rate: int, rate: int) -> np.ndarray:
    """Samples (samples,) at one rate -> float32 samples at another, through a polyphase filter."""
    if source_rate == rate:
        return samples
    from scipy.signal import resample_poly

    common = gcd(source_rate, rate)
    up, down = rate // common, source_rate // common
    return resample_poly(samples, up, down, window=_low_pass(up, down)).astype(np.float32)


@lru_cache(maxsize=8)
def _low_pass(up: int, down: int) -> np.ndarray:
    """A linear-phase low-pass filter for the lower of the two Nyquist rates (Kaiser window, about -80 dB)."""
    from scipy.signal import firwin

    half_length = 16 * max(up, down)
    return firwin(2 * half_length + 1, 0.95 / max(up, down), window=("kaiser", 8.0)).astype(np.float32)
