"""Connected strings of real voices: single-word clips of one speaker joined, with gaps and level changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from components.speech.corpus.corpus import Clips, Corpus
from components.speech.corpus.entry import Entry, Listing

SUMMARY = "1 to 7 words joined from one speaker's clips, as strings:fsdd or strings:speech-commands:zero,one"
MAX_WORDS = 7
GAP_SECONDS = (0.02, 0.35)
LEVEL_DB = (-6.0, 6.0)
FRAME_SECONDS = 0.01


@dataclass(frozen=True)
class Joined:
    """Some clips of a prepared corpus, one after the other. digests: theirs, for the key to see a change."""

    folder: str
    indices: tuple[int, ...]
    digests: tuple[str, ...]
    gaps: tuple[float, ...]
    levels_db: tuple[float, ...]
    seed: tuple[int, int]

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz; gaps hold noise, quiet as the clip before."""
        rng = np.random.default_rng(self.seed)
        pieces: list[np.ndarray] = []
        for index, gap, level in zip(self.indices, self.gaps, self.levels_db, strict=True):
            clip = _clips(self.folder)[index]
            word = clip.samples * np.float32(10 ** (level / 20))
            pieces += [word, _hush(word, clip.rate, round(gap * clip.rate), rng)]
        joined = np.concatenate(pieces)
        return joined / max(1.0, float(np.abs(joined).max())), clip.rate

    def key(self) -> str:
        """All of it but where it lies."""
        return str(astuple(self)[1:])

    def rate(self) -> int:
        """The rate of the corpus it is joined from, in Hz."""
        return _clips(self.folder)[self.indices[0]].rate


@lru_cache(maxsize=2)
def _clips(folder: str) -> Clips:
    return Clips(Path(folder))


def _hush(word: np.ndarray, rate: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """Noise (length,) as loud as the word's quietest tenth of 10 ms frames: no dead silence in a gap."""
    frame = max(1, round(FRAME_SECONDS * rate))
    framed = word[: len(word) // frame * frame].reshape(-1, frame)  # (frames, samples)
    level = np.quantile(np.sqrt(np.mean(framed**2, axis=1)), 0.1)
    return (rng.standard_normal(length) * level).astype(np.float32)


def strings_of(corpus: Corpus, seed: int = 0) -> Listing:
    """A corpus of single words becomes a listing of strings; each clip is in one string, and in its own part.

    Raises ValueError when a text has more than one word.
    """
    if longer := next((text for text in corpus.texts if " " in text), None):
        raise ValueError(
            f"strings: joins a corpus of single words, but {corpus.name!r} has the text {longer!r}; "
            "use that corpus as it is, or join fsdd or speech-commands."
        )
    rng = np.random.default_rng(seed)
    entries = [
        _joined(corpus, chosen, number, seed, rng) for number, chosen in enumerate(_shared_out(corpus, rng))
    ]
    notice = f"Strings joined from single recorded words, not spoken in one breath. {corpus.notice}"
    return Listing(
        f"Strings of {corpus.title}", notice, corpus.language, corpus.rate, entries, corpus.synthetic
    )


def _shared_out(corpus: Corpus, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The clips of each speaker in each part, in random order, cut into runs of 1 to 7."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, (clip, part) in enumerate(zip(corpus.clips, corpus.parts, strict=True)):
        groups[part, clip.speaker].append(index)
    for _, indices in sorted(groups.items()):
        rest = rng.permutation(indices)
        while len(rest):
            length = int(rng.integers(1, MAX_WORDS + 1))
            yield rest[:length]
            rest = rest[length:]


def _joined(corpus: Corpus, chosen: Sequence[int], number: int, seed: int, rng: np.random.Generator) -> Entry:
    clips = [corpus.clips[int(index)] for index in chosen]
    source = Joined(
        folder=str(corpus.folder),
        indices=tuple(int(index) for index in chosen),
        digests=tuple(clip.digest for clip in clips),
        gaps=tuple(float(gap) for gap in rng.uniform(*GAP_SECONDS, len(clips)).round(4)),
        levels_db=tuple(float(level) for level in rng.uniform(*LEVEL_DB, len(clips)).round(2)),
        seed=(seed, number),
    )
    return Entry(
        name=f"string-{number:05d}",
        speaker=clips[0].speaker,
        text=" ".join(corpus.texts[int(index)] for index in chosen),
        part=corpus.parts[int(chosen[0])],
        source=source,
        tags={"clips": " ".join(clip.name for clip in clips)},
    )
