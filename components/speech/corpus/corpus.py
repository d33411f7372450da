"""A corpus that has been read: clips and their texts, with a declared split and a fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from components.clip import Attested, Clip
from components.speech.corpus.check import SetAside
from components.study.checks import CheckResult, data_check

TABLE = "corpus.json"
LABELS = "labels.json"
SAMPLES = "samples.f32"
SOUND, PRINTS = "sound.npy", "sound_prints.npy"


class Clips(Sequence[Clip]):
    """The clips of a prepared folder, made when asked for over one memory-mapped file of float32 samples.

    float32, because a clip is then a view: any number of clips in any number of worker processes share
    one copy of the pages, and nothing is rounded. Read only: whoever would write into a clip gets numpy's
    ValueError; Clip.with_samples is the way. Pickled, it is the name of the folder.
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def __len__(self) -> int:
        return len(self._table["names"])

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        table, position = self._table, range(len(self))[index]
        start, length = table["starts"][position], table["lengths"][position]
        samples = self._samples[start : start + length]
        return Clip(
            name=table["names"][position],
            speaker=table["speakers"][position],
            samples=samples,
            rate=table["rate"],
            tags=table["tags"][position],
            attested=Attested(table["digests"][position], samples),
        )

    def __iter__(self) -> Iterator[Clip]:
        return (self[position] for position in range(len(self)))

    @property
    def names(self) -> list[str]:
        """Of each clip; without making clips, as `speakers` and `seconds`."""
        return self._table["names"]

    @property
    def speakers(self) -> list[str]:
        """Of each clip, "" where it is not known."""
        return self._table["speakers"]

    @property
    def tags(self) -> list[dict[str, str]]:
        """Of each clip."""
        return self._table["tags"]

    @property
    def seconds(self) -> list[float]:
        """How long each clip is."""
        return [length / self._table["rate"] for length in self._table["lengths"]]

    @cached_property
    def _table(self) -> dict:
        return json.loads((self.folder / TABLE).read_text(encoding="utf-8"))

    @cached_property
    def _samples(self) -> np.ndarray:
        return np.asarray(np.memmap(self.folder / SAMPLES, dtype=np.float32, mode="r"))

    def __getstate__(self) -> dict:
        return {"folder": self.folder}

    def __repr__(self) -> str:
        return f"<Clips: {len(self):,} in {self.folder}>"


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """Clips, and their texts and parts in lists of the same order, never in the clips.

    Attributes
    ----------
    name
        The spec by which it was read.
    title, notice
        Its name and one sentence with licence and credit, for reports.
    synthetic
        Whether a synthesiser speaks.
    language
        An eSpeak NG code.
    rate
        Hz, of all clips.
    clips, texts
        Recordings and their normalised transcripts.
    phonemes
        Phones between spaces for each clip. None: the corpus gives none.
    parts
        "train", "dev" or "test" for each clip, "" where the corpus declares no split.
    set_aside
        The recordings that could not be used.
    fingerprint
        A hash of everything that can change a result.
    folder
        Where it lies prepared.
    unit
        What errors are counted in: "word"; "character" where a script has no spaces; "mixed" for both.
    reading
        What was read as what, in words.
    checks
        What is worth knowing of the way it was read.
    sound, sound_prints
        Memory maps of what `sound_facts` measured, (clips, FACTS) and (clips, PRINT). None: never measured.
    """

    name: str
    title: str
    notice: str
    synthetic: bool
    language: str
    rate: int
    clips: Clips
    texts: list[str]
    phonemes: list[str] | None
    parts: list[str]
    set_aside: list[SetAside]
    fingerprint: str
    folder: Path
    unit: str = "word"
    reading: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[CheckResult] = ()
    sound: np.ndarray | None = None
    sound_prints: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        speakers = len({*self.clips.speakers} - {""})
        facts = [
            f"{len(self):,} clips",
            f"{sum(self.clips.seconds) / 60:.1f} minutes at {self.rate:,} Hz",
            f"{len(set(self.texts)):,} different texts in {self.language}",
            f"{speakers:,} speakers" if speakers else "speakers not known",
            *([f"{len(self.set_aside):,} recordings set aside"] if self.set_aside else []),
        ]
        return f"<Corpus {self.name}: {', '.join(facts)}>"

    @cached_property
    def labels(self) -> list[dict[str, str]]:
        """What is known of each clip besides, by name, and never in it; read when it is first asked for."""
        return json.loads((self.folder / LABELS).read_text(encoding="utf-8"))


def open_corpus(folder: Path | str, name: str | None = None) -> Corpus:
    """A prepared folder (`Corpus.folder`) -> its corpus, without looking at the recordings."""
    clips = Clips(Path(folder))
    table = clips._table
    names = ("title", "notice", "synthetic", "language", "rate", "texts", "phonemes", "parts", "fingerprint")
    names += ("unit", "reading")
    return Corpus(
        name=name or table["name"],
        clips=clips,
        set_aside=[SetAside(*row) for row in table["set_aside"]],
        folder=Path(folder),
        checks=data_check({"results": table["checks"]}).results,
        sound=_mapped(Path(folder) / SOUND),
        sound_prints=_mapped(Path(folder) / PRINTS),
        **{name: table[name] for name in names},
    )


def _mapped(path: Path) -> np.ndarray | None:
    return np.load(path, mmap_mode="r") if path.exists() else None
