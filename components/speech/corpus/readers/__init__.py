"""Users' own recordings: one reader for each kind of manifest, behind one door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from components.speech.corpus.language import find_language
from components.speech.corpus.manifest import Entry, Manifest, UnreadableSource
from components.speech.corpus.naming import name_recordings
from components.speech.corpus.readers import json_file, kaldi_folder, table_file
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.parts import find_part
from components.speech.corpus.speakers import name_speakers
from components.speech.corpus.transcripts import unit_reading, write_alike

READERS = (kaldi_folder, table_file, json_file)
FORMATS = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz), CSV, TSV, or a Kaldi or Common Voice folder"


def read_manifest(path: Path, language: str = "") -> Manifest:
    """A manifest file or a folder -> its manifest; relative paths start from its folder.

    language: asked for by the user, "" for what the recordings name. Raises ValueError for a format that is
    none of FORMATS, with file and line for what cannot be read, when a column is missing, or when some
    recordings name their part and others do not.
    """
    listings = [_reader(file).read(file, part) for file, part in _files(path)]
    return to_manifest(path, listings, language)


def to_manifest(path: Path, listings: Sequence[Listing], language: str = "") -> Manifest:
    """What was listed below a path -> its manifest: names, speakers and texts in one form."""
    recordings = list(chain.from_iterable(listing.recordings for listing in listings))
    _check_parts(recordings, path)
    names, name_checks = name_recordings(recordings)
    speakers, speaker_checks = name_speakers(recordings)
    written = [recording.text for recording in recordings]
    spoken = find_language([recording.language for recording in recordings], written, language)
    transcripts = write_alike(written, spoken.code)
    entries = [_entry(*one) for one in zip(recordings, names, speakers, transcripts.texts, strict=True)]
    reading = {key: text for listing in listings for key, text in listing.reading.items()}
    read_checks = [check for listing in listings for check in listing.checks]
    return Manifest(
        title=path.resolve().name,
        notice=f"Recordings listed in {path.resolve().name}; their licence is their owner's to state.",
        language=spoken.code,
        rate=None,
        entries=entries,
        unit=transcripts.unit,
        reading=reading | {"language": spoken.how} | unit_reading(transcripts.unit),
        checks=[*read_checks, *name_checks, *speaker_checks, *spoken.checks, *transcripts.checks],
    )


def _entry(recording: Listed, name: str, speaker: str, text: str) -> Entry:
    source = recording.source
    if len(recording.speakers) > 1:
        people = ", ".join(sorted(recording.speakers))
        source = UnreadableSource(
            f"{len(recording.speakers)} speakers ({people}); lhotse cut trim-to-supervisions"
        )
    return Entry(name, speaker, text, recording.part, source, recording.tags)


def _reader(path: Path):
    """The reader of a file or folder; ValueError where there is none."""
    reader = next((reader for reader in READERS if reader.matches(path)), None)
    if reader is None:
        ending = path.suffix or "no ending"
        raise ValueError(
            f"{path} is no manifest that is known: expected {FORMATS}, got a file with {ending!r}."
        )
    return reader


def _files(path: Path) -> list[tuple[Path, str]]:
    """A path -> manifests and the part each stands for: train.tsv and its like, else a single one."""
    if path.is_file() or kaldi_folder.matches(path):
        return [(path, "")]
    files = [file for file in sorted(path.iterdir()) if _is_manifest(file)]
    if by_part := [(file, part) for file in files if (part := find_part(_stem(file)))]:
        return by_part
    if len(files) == 1:
        return [(files[0], "")]
    raise ValueError(
        f"{path} has {len(files)} manifests ({', '.join(file.name for file in files[:5]) or 'none'}); "
        f"expected one, or train, dev and test: {FORMATS}. Give the path of the file itself."
    )


def _is_manifest(path: Path) -> bool:
    return any(reader.matches(path) for reader in READERS)


def _stem(path: Path) -> str:
    return path.name.split(".")[0].lower()


def _check_parts(recordings: Sequence[Listed], path: Path) -> None:
    counts = Counter(recording.part for recording in recordings)
    if counts[""] and len(counts) > 1:
        first = next(recording.where for recording in recordings if not recording.part)
        raise ValueError(
            f"{path}: {counts['']:,} of {len(recordings):,} recordings name no part (first {first}) though "
            "the others do; fill in train, dev or test for all of them, or for none."
        )
