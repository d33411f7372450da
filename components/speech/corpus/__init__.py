"""Corpora: the name of one, or the path of a manifest, -> clips and texts, every recording checked.

corpus.py is what comes out. fsdd, speech_commands, speechocean762, spoken, spoken_commands, strings and
readers each make the manifest of one kind of corpus; prepared.py reads its recordings once and keeps them on
disk; check.py says which are set aside and why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from components.cache import cache_folder
from components.errors import did_you_mean
from components.speech.corpus import fsdd, speech_commands, speechocean762, spoken, spoken_commands, strings
from components.speech.corpus.check import SetAside
from components.speech.corpus.corpus import Clips, Corpus, open_corpus
from components.speech.corpus.language import find_language
from components.speech.corpus.manifest import Manifest
from components.speech.corpus.pooled import JOIN, pool
from components.speech.corpus.prepared import Progress, prepare
from components.speech.corpus.readers import FORMATS, read_manifest
from components.speech.corpus.text import normalise
from components.study.plugins import CORPORA as plugin_group
from components.study.plugins import load_plugin, plugins

__all__ = [
    "CORPORA",
    "JOIN",
    "Clips",
    "Corpus",
    "NamedCorpus",
    "SetAside",
    "normalise",
    "open_corpus",
    "read_corpus",
]


@dataclass(frozen=True)
class NamedCorpus:
    """A line about a corpus, and what makes its manifest (None: it is made of another corpus)."""

    summary: str
    build_manifest: Callable[..., Manifest] | None = None


CORPORA: dict[str, NamedCorpus] = {
    "spoken-commands": NamedCorpus(spoken_commands.SUMMARY, spoken_commands.build_manifest),
    "spoken": NamedCorpus(spoken.SUMMARY, spoken.build_manifest),
    "fsdd": NamedCorpus(fsdd.SUMMARY, fsdd.build_manifest),
    "speech-commands": NamedCorpus(speech_commands.SUMMARY, speech_commands.build_manifest),
    "speechocean762": NamedCorpus(speechocean762.SUMMARY, speechocean762.build_manifest),
    "strings": NamedCorpus(strings.SUMMARY),
}


def read_corpus(
    spec: str,
    *,
    data: Path | None = None,
    rate: int | None = None,
    max_seconds: float = 20.0,
    seed: int = 0,
    language: str = "",
    speaker_pattern: str = "",
    cache: Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """A corpus's name, or the path of a manifest -> the corpus.

    Raises ValueError for an unknown name and when no recording is usable.

    Parameters
    ----------
    spec
        A key of CORPORA, perhaps with options behind a colon, or a path; several with " + " between them.
    data
        Folder of its recordings. None: CROSSOVER_DATA, else they are downloaded.
    rate
        Hz. None: the corpus's own.
    max_seconds
        Longer recordings are set aside.
    seed
        Of the corpora that are made up (spoken-commands, strings).
    language
        A code such as "de", or "none" for words read letter by letter. Empty: the corpus's own.
    speaker_pattern
        A regular expression whose group is the person in a speaker's name of a manifest. Empty: names that
        differ in a session, date or number are one person.
    cache
        Where the prepared corpus is kept. None: `cache_folder`.
    workers
        Processes that read it the first time.
    progress
        Called with how much is done, how much there is, and what is being done.
    """
    cache = Path(cache) if cache else cache_folder()
    reading = {"workers": workers, "progress": progress}
    settings = {"data": data, "cache": cache, "seed": seed, "rate": rate, "max_seconds": max_seconds}
    manifest = _manifest(spec, settings | {"language": language, "speaker_pattern": speaker_pattern}, reading)
    return prepare(spec, manifest, cache, rate=rate, max_seconds=max_seconds, **reading)


def is_named(spec: str) -> bool:
    """Whether a corpus is called by a name, and not by a path; joined strings by that of their words."""
    if JOIN in spec:
        return all(map(is_named, spec.split(JOIN)))
    name, _, options = spec.partition(":")
    if name == "spoken":  # with a file of sentences
        return not options
    return is_named(options) if name == "strings" else _named(name) is not None


def named_corpora() -> dict[str, NamedCorpus]:
    """Every corpus by its name, those of packages last; ValueError for one that cannot be imported."""
    return CORPORA | {name: _named(name) for name in plugins(plugin_group)}


def _named(name: str) -> NamedCorpus | None:
    """The corpus of a name, of this project or of a package; None for none."""
    if name not in CORPORA and name in plugins(plugin_group):
        return load_plugin(plugin_group, name, NamedCorpus)
    return CORPORA.get(name)


def _manifest(spec: str, settings: dict, reading: dict) -> Manifest:
    """A named corpus's manifest, else that at the path; of several corpora, all in one."""
    if JOIN in spec and not Path(spec).exists():
        return pool({one: _manifest(one, settings, reading) for one in spec.split(JOIN)})
    name = spec.partition(":")[0]
    language = settings["language"]
    if Path(spec).exists() and _named(name) is None:
        return read_manifest(Path(spec), language, settings["speaker_pattern"])
    if settings["speaker_pattern"] and name != "strings":
        raise ValueError(f"speaker_pattern is for a manifest of your own, not for {spec}; leave it out.")
    manifest = _named_manifest(spec, settings, reading)
    return replace(manifest, language=find_language((), (), language).code) if language else manifest


def _named_manifest(spec: str, settings: dict, reading: dict) -> Manifest:
    name, _, options = spec.partition(":")
    if name == "strings":
        if not options:
            raise ValueError("strings expected a corpus whose words it joins, got none; take strings:fsdd.")
        words = read_corpus(options, **settings, **reading)
        return strings.build_manifest(words, settings["seed"])
    if (corpus := _named(name)) and (build := corpus.build_manifest):
        own_settings = {key: settings[key] for key in ("data", "cache", "seed")}
        return build(options, **own_settings, progress=reading["progress"])
    raise _unknown(spec, name)


def _unknown(spec: str, name: str) -> ValueError:
    """The error for a spec that is neither a name nor a path: the nearest name, and all of them."""
    known = [*CORPORA, *plugins(plugin_group)]
    nearest = did_you_mean(name, known)
    hint = f"{nearest} Known:" if nearest else "known:"
    return ValueError(
        f"There is no corpus {spec!r}; {hint} {', '.join(known)} (as strings:fsdd). "
        f"A path to a manifest works too: {FORMATS}."
    )
