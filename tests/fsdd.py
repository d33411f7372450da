"""Clips of the Free Spoken Digit Dataset: chosen, read, joined in pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from components.contract import Clip

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SPEAKERS = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]
PAUSE = np.zeros(800, np.float32)
Labelled = tuple[list[Clip], list[str]]


def folder(recordings: Path) -> Path:
    """The folder of recordings -> that of the FLAC files of the corpus."""
    return recordings / "fsdd" / "recordings"


def paths_of(recordings: Path, pattern: str = "*") -> list[Path]:
    """The corpus's files whose names (digit_speaker_take) match, in order."""
    return sorted(folder(recordings).glob(f"{pattern}.flac"))


def read(paths: Iterable[Path]) -> Labelled:
    """Files -> clips and texts."""
    paths = list(paths)
    clips = [Clip(p.stem, p.stem.split("_")[1], *soundfile.read(p, dtype="float32")) for p in paths]
    return clips, [DIGITS[int(path.stem[0])] for path in paths]


def digits(
    recordings: Path,
    takes: Iterable[int],
    speakers: Sequence[str] = ("jackson", "nicolas", "theo"),
    words: Iterable[int] = range(10),
) -> Labelled:
    """Takes, speakers and digits -> clips and texts, take by take."""
    names = [f"{word}_{who}_{take}" for take in takes for who in speakers for word in words]
    return read(folder(recordings) / f"{name}.flac" for name in names)


def train_and_test(recordings: Path, seed: int = 0) -> tuple[Labelled, Labelled]:
    """The training clips and the test clips (takes below 5) of the official split, each shuffled."""
    paths, draw = paths_of(recordings), np.random.default_rng(seed)
    is_test = np.array([int(path.stem.split("_")[2]) < 5 for path in paths])
    train, test = (draw.permutation(np.array(paths)[mask]) for mask in (~is_test, is_test))
    return read(train), read(test)


def in_pairs(clips: Sequence[Clip], texts: Sequence[str]) -> Labelled:
    """Every second clip with the one after it, a tenth of a second apart, as one clip of two words."""
    pairs = [joined(a, PAUSE, b) for a, b in zip(clips[::2], clips[1::2], strict=True)]
    return pairs, [f"{a} {b}" for a, b in zip(texts[::2], texts[1::2], strict=True)]


def in_random_pairs(clips: Sequence[Clip], texts: Sequence[str]) -> Labelled:
    """Each clip with another, drawn by chance so that every word follows every other."""
    others = np.random.default_rng(0).permutation(len(clips)).tolist()
    pairs = [joined(clip, PAUSE[:0], clips[other]) for clip, other in zip(clips, others, strict=True)]
    return pairs, [f"{text} {texts[other]}" for text, other in zip(texts, others, strict=True)]


def joined(first: Clip, pause: np.ndarray, second: Clip) -> Clip:
    """Two clips -> one of the first one's speaker."""
    samples = np.concatenate([first.samples, pause, second.samples])
    return replace(first, name=f"{first.name}+{second.name}", samples=samples)
