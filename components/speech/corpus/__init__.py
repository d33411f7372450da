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

from components.speech.corpus import fsdd, manifest, speech_commands, spoken_commands, strings
from components.speech.corpus.check import SetAside
from components.speech.corpus.corpus import Clips, Corpus, open_corpus
from components.speech.corpus.entry import Listing
from components.speech.corpus.prepared import Progress, prepare
from components.speech.corpus.strings import strings_of
from components.speech.corpus.text import normalise

__all__ = ["CORPORA", "Clips", "Corpus", "SetAside", "normalise", "open_corpus", "read_corpus"]


@dataclass(frozen=True)
class Known:
    """A corpus with a name: one line about it, and what lists it (None: it needs another one)."""

    summary: str
    listing: Callable[..., Listing] | None = None


CORPORA: dict[str, Known] = {
    "spoken-commands": Known(spoken_commands.SUMMARY, spoken_commands.listing),
    "fsdd": Known(fsdd.SUMMARY, fsdd.listing),
    "speech-commands": Known(speech_commands.SUMMARY, speech_commands.listing),
    "strings": Known(strings.SUMMARY),
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
    reading = {"workers": workers, "progress": progress}
    settings = {"data": data, "cache": cache, "seed": seed, "rate": rate, "max_seconds": max_seconds}
    listing = _listing(spec, settings, reading)
    return prepare(spec, listing, cache, rate=rate, max_seconds=max_seconds, **reading)


def default_cache() -> Path:
    """Where prepared and downloaded corpora are kept: CROSSOVER_CACHE, else the user's cache folder."""
    if folder := os.environ.get("CROSSOVER_CACHE"):
        return Path(folder)
    import pooch

    return Path(pooch.os_cache("crossover"))


def _listing(spec: str, settings: dict, reading: dict) -> Listing:
    """The name before the colon, or else the path, decides who lists the recordings."""
    name, _, options = spec.partition(":")
    if name == "strings" and options:
        return strings_of(read_corpus(options, **settings, **reading), settings["seed"])
    if name in CORPORA and (list_it := CORPORA[name].listing):
        chosen = {key: settings[key] for key in ("data", "cache", "seed")}
        return list_it(options, **chosen, progress=reading["progress"])
    if Path(spec).exists():
        return manifest.listing(Path(spec))
    raise ValueError(_unknown(spec, name))


def _unknown(spec: str, name: str) -> str:
    """The sentence for a spec that is neither a name nor a path: the nearest name, and all of them."""
    near = difflib.get_close_matches(name, CORPORA, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return (
        f"There is no corpus {spec!r}; {hint}Known: {', '.join(CORPORA)} (as strings:fsdd). "
        f"A path to a manifest works too: {manifest.KINDS}."
    )
