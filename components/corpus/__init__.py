"""The one door to corpora: a name or a path becomes clips and texts, every recording checked on the way in.

corpus.py is what comes out; fsdd, speech_commands, spoken_commands, strings and manifest each list one kind
of corpus; prepared.py reads a listing once and keeps it on disk; check.py says what is set aside and why.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.corpus import fsdd, speech_commands, spoken_commands
from components.corpus.check import SetAside
from components.corpus.corpus import Clips, Corpus, open_corpus
from components.corpus.entry import Listing
from components.corpus.prepared import Progress, prepare
from components.corpus.text import normalise

__all__ = ["CORPORA", "Clips", "Corpus", "SetAside", "normalise", "open_corpus", "read_corpus"]


@dataclass(frozen=True)
class Known:
    """A corpus with a name. listing: what stands after the colon becomes its listing."""

    summary: str
    listing: Callable[..., Listing]


CORPORA: dict[str, Known] = {
    "spoken-commands": Known(spoken_commands.SUMMARY, spoken_commands.listing),
    "fsdd": Known(fsdd.SUMMARY, fsdd.listing),
    "speech-commands": Known(speech_commands.SUMMARY, speech_commands.listing),
}


def read_corpus(
    spec: str,
    *,
    data: Path | None = None,
    rate: int | None = None,
    max_seconds: float = 20.0,
    seed: int = 0,
    cache: Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """A corpus's name, or the path of a manifest, becomes the corpus.

    data: the folder with its recordings (else CROSSOVER_DATA, else downloaded). rate: Hz (None: its own).
    seed: of what is made up (spoken-commands, strings). cache: where it is kept (else CROSSOVER_CACHE, else
    the user's cache folder). workers: processes that read it the first time. progress: called with done,
    total, and what is being done. Raises ValueError for an unknown name and when no recording is usable.
    """
    cache = Path(cache) if cache else default_cache()
    listing = _listing(spec, data=data, cache=cache, seed=seed, progress=progress)
    return prepare(
        spec, listing, cache, rate=rate, max_seconds=max_seconds, workers=workers, progress=progress
    )


def default_cache() -> Path:
    """Where prepared and downloaded corpora are kept: CROSSOVER_CACHE, else the user's cache folder."""
    if folder := os.environ.get("CROSSOVER_CACHE"):
        return Path(folder)
    import pooch

    return Path(pooch.os_cache("crossover"))


def _listing(spec: str, **settings) -> Listing:
    name, _, options = spec.partition(":")
    if name in CORPORA:
        return CORPORA[name].listing(options, **settings)
    near = difflib.get_close_matches(name, CORPORA, n=1, cutoff=0.4)
    raise ValueError(near)
