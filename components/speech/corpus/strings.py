"""Strings of words: single-word clips of one speaker concatenated, with gaps and changes of level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from components.speech.corpus.corpus import Clips, Corpus
from components.speech.corpus.manifest import Entry, Manifest

SUMMARY = "1 to 7 words joined from one speaker's clips, as strings:fsdd or strings:speech-commands:zero,one"
MAX_WORDS = 7
GAP_SECONDS = (0.02, 0.35)
LEVEL_DB = (-6.0, 6.0)
FRAME_SECONDS = 0.01


@dataclass(frozen=True)
class ConcatenatedClips:
    """An AudioSource of some clips of a prepared corpus, one after the other.

    Attributes
    ----------
    folder, indices
        The prepared corpus, and which of its clips.
    digests
        Theirs, so that the key changes with the samples.
    gaps
        Seconds after each.
    levels_db
        Gain of each.
    seed
        Of the noise in the gaps.
    """

    folder: str
    indices: tuple[int, ...]
    digests: tuple[str, ...]
    gaps: tuple[float, ...]
    levels_db: tuple[float, ...]
    seed: tuple[int, int]

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz; gaps hold noise as loud as the pauses before."""
        rng = np.random.default_rng(self.seed)
        pieces: list[np.ndarray] = []
        for index, gap, level in zip(self.indices, self.gaps, self.levels_db, strict=True):
            clip = _clips(self.folder)[index]
            word = clip.samples * np.float32(10 ** (level / 20))
            pieces += [word, _gap_noise(word, clip.rate, round(gap * clip.rate), rng)]
        samples = np.concatenate(pieces)
        return samples / max(1.0, float(np.abs(samples).max())), clip.rate

    def key(self) -> str:
        """Everything but the folder."""
        return str(astuple(self)[1:])

    def rate(self) -> int:
        """The rate of the corpus of single words, in Hz."""
        return _clips(self.folder)[self.indices[0]].rate


@lru_cache(maxsize=2)
def _clips(folder: str) -> Clips:
    return Clips(Path(folder))


def _gap_noise(word: np.ndarray, rate: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """Noise (length,) as loud as the word's quietest tenth of 10 ms frames: no dead silence in a gap."""
    frame = max(1, round(FRAME_SECONDS * rate))
    frames = word[: len(word) // frame * frame].reshape(-1, frame)  # (frames, samples)
    level = np.quantile(np.sqrt(np.mean(frames**2, axis=1)), 0.1)
    return (rng.standard_normal(length) * level).astype(np.float32)


def build_manifest(corpus: Corpus, seed: int = 0) -> Manifest:
    """A corpus of single words -> a manifest of strings; each clip is in one string, and in its own part.

    Raises ValueError when a text has more than one word.
    """
    if phrase := next((text for text in corpus.texts if " " in text), None):
        raise ValueError(
            f"strings: joins a corpus of single words, but {corpus.name!r} has the text {phrase!r}; "
            "use that corpus as it is, or join fsdd or speech-commands."
        )
    rng = np.random.default_rng(seed)
    strings = enumerate(_draw_strings(corpus, rng))
    entries = [_entry(corpus, indices, number, seed, rng) for number, indices in strings]
    notice = f"Strings joined from single recorded words, not spoken in one breath. {corpus.notice}"
    return Manifest(
        f"Strings of {corpus.title}", notice, corpus.language, corpus.rate, entries, corpus.synthetic
    )


def _draw_strings(corpus: Corpus, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The clips of each speaker in each part, in random order -> their indices, 1 to 7 at a time."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, (clip, part) in enumerate(zip(corpus.clips, corpus.parts, strict=True)):
        groups[part, clip.speaker].append(index)
    for _, indices in sorted(groups.items()):
        rest = rng.permutation(indices)
        while len(rest):
            length = int(rng.integers(1, MAX_WORDS + 1))
            yield rest[:length]
            rest = rest[length:]


def _entry(corpus: Corpus, indices: Sequence[int], number: int, seed: int, rng: np.random.Generator) -> Entry:
    clips = [corpus.clips[int(index)] for index in indices]
    source = ConcatenatedClips(
        folder=str(corpus.folder),
        indices=tuple(int(index) for index in indices),
        digests=tuple(clip.digest for clip in clips),
        gaps=tuple(float(gap) for gap in rng.uniform(*GAP_SECONDS, len(clips)).round(4)),
        levels_db=tuple(float(level) for level in rng.uniform(*LEVEL_DB, len(clips)).round(2)),
        seed=(seed, number),
    )
    return Entry(
        name=f"string-{number:05d}",
        speaker=clips[0].speaker,
        text=" ".join(corpus.texts[int(index)] for index in indices),
        part=corpus.parts[int(indices[0])],
        source=source,
        tags={"clips": " ".join(clip.name for clip in clips)},
    )
