"""Recordings in containers that libsndfile does not read, such as a phone's .m4a: through PyAV, an extra."""

from __future__ import annotations

import numpy as np

ENDINGS = frozenset((".m4a", ".mp4", ".aac", ".webm", ".amr", ".3gp", ".wma", ".mkv", ".mka"))

BEGINS = (b"\x1aE\xdf\xa3", b"#!AMR", b"\x30\x26\xb2\x75", b"\xff\xf1", b"\xff\xf9")  # WebM, AMR, WMA, AAC


def is_one(path: str) -> bool:
    """Whether a file begins as one of these containers does, whatever its name ends with."""
    with open(path, "rb") as file:
        start = file.read(8)
    return start.startswith(BEGINS) or start[4:8] == b"ftyp"


def read(path: str) -> tuple[np.ndarray, int]:
    """A file -> float32 samples (samples, channels) and their rate in Hz.

    Raises ValueError if PyAV is not installed, or finds no sound.
    """
    av = _av(path)
    try:
        with av.open(path, metadata_errors="ignore") as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                raise ValueError("no sound in it: the file has no audio stream")
            return _decoded(av, container, stream)
    except av.error.FFmpegError as error:
        raise ValueError(f"unreadable or cut off: {error.strerror or error}") from error


def _decoded(av, container, stream) -> tuple[np.ndarray, int]:
    rate = stream.rate
    to_float = av.AudioResampler(format="fltp", rate=rate)
    frames = [out for frame in container.decode(stream) for out in to_float.resample(frame)]
    frames += to_float.resample(None)
    if not frames:
        raise ValueError("no sound in it: the audio stream is empty")
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T, rate


def _av(path: str):
    try:
        import av
    except ImportError:
        ending = path.rpartition(".")[2]
        raise ValueError(
            f"a .{ending} file, which needs PyAV: pip install 'crossover[containers]' (or convert it to .wav "
            "or .flac, as with ffmpeg)"
        ) from None
    return av
