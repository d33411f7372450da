"""Users' own recordings: one reader for each kind of manifest, behind one door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from components.speech.corpus.check import ALTERED_COPY
from components.speech.corpus.codes import NO_TEXT
from components.speech.corpus.language import find_language
from components.speech.corpus.manifest import Entry, Manifest, UnreadableSource
from components.speech.corpus.naming import name_recordings
from components.speech.corpus.readers import filelist, json_file, kaldi_folder, prompts, table_file
from components.speech.corpus.readers.files import first_files, is_audio, part_of
from components.speech.corpus.readers.folders import layouts, reader_of
from components.speech.corpus.readers.lhotse_supervisions import without_recordings
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.moved_files import find_moved
from components.speech.corpus.readers.parts import find_part, part_in
from components.speech.corpus.readers.segments import check_units
from components.speech.corpus.speaker_spellings import original_of
from components.speech.corpus.speakers import name_speakers
from components.speech.corpus.transcripts import unit_reading, write_alike

MANIFESTS = (kaldi_folder, table_file, json_file)
VALIDATED = "validated"  # Common Voice's list of what was checked, where its parts are not there
MOST_FOLDERS = 20  # looked into for what to give in place of the folder above
SEGMENTS = "write a CSV with columns path,start,end,text,speaker"
EXPORTS = {  # what is no manifest -> the way to one
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "in Excel or LibreOffice save it as CSV UTF-8"),
    ".numbers": "in Numbers export it as CSV",
    **dict.fromkeys((".yaml", ".yml"), "if it is Lhotse's, write it with to_file as .jsonl.gz"),
    **dict.fromkeys((".eaf", ".etf"), "in ELAN export them as Praat TextGrids, a tier a speaker"),
    **dict.fromkeys((".srt", ".vtt", ".ctm", ".rttm", ".trs", ".cha"), SEGMENTS),
    **dict.fromkeys(
        (".pkl", ".pickle", ".npy", ".npz", ".mat"), "write a CSV with columns path,text,speaker"
    ),
}
NAMES = "if it is a table, put a line of names above it, such as path,text,speaker"
FORMATS = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz), CSV, TSV, or a Kaldi or Common Voice folder"


def read_manifest(path: Path, language: str = "", speaker_pattern: str = "") -> Manifest:
    """A manifest file or a folder -> its manifest; relative paths start from its folder.

    language: asked for by the user, "" for what the recordings name. speaker_pattern: as `name_speakers`
    takes it. Raises ValueError for a format that is none of FORMATS, with file and line for what cannot be
    read, when a column is missing, or when some recordings name their part and others do not.
    """
    return to_manifest(path, _listings(path), language, speaker_pattern)


def _listings(path: Path) -> list[Listing]:
    """A path -> what is listed there: by manifests named after parts, by a layout, by a single manifest."""
    if path.is_file():
        return [_read_file(path)]
    if kaldi_folder.matches(path):
        return [kaldi_folder.read(path)]
    files = _manifests(path)
    if by_part := _by_part(path, files):
        return [*(_manifest_reader(file).read(file, part) for file, part in by_part), *_rest(files, by_part)]
    if reader := reader_of(path):
        return [reader.read(path)]
    validated = [(file, "") for file in files if _stem(file) == VALIDATED]
    if chosen := validated or [(file, "") for file in files]:
        ((file, _), *others) = chosen
        if not others:
            return [_manifest_reader(file).read(file), *_rest(files, chosen)]
    raise _unreadable(path, files)


def _rest(files: Sequence[Path], read: Sequence[tuple[Path, str]]) -> list[Listing]:
    """Manifests of a folder, and those that are read -> a listing of nothing that names the others."""
    rest = [file.name for file in files if file not in dict(read)]
    return [Listing((), {"files not read": ", ".join(rest[:5])})] if rest else []


def _read_file(path: Path) -> Listing:
    """A file -> its listing; one of Kaldi's stands for its folder, others count by what is in them."""
    if path.name in kaldi_folder.FILES and kaldi_folder.matches(path.parent):
        return kaldi_folder.read(path.parent)
    own = next((reader for reader in (prompts, filelist, *MANIFESTS) if reader.matches(path)), None)
    by_content = [(json_file.begins_object, json_file), (table_file.has_header, table_file)]
    reader = own or reader_of(path) or next((read for holds, read in by_content if holds(path)), None)
    if reader is None:
        raise _unreadable(path, ())
    return reader.read(path)


def to_manifest(
    path: Path, listings: Sequence[Listing], language: str = "", speaker_pattern: str = ""
) -> Manifest:
    """What was listed below a path -> its manifest: names, speakers and texts in one form."""
    listings = list(map(find_moved, listings))
    recordings = list(chain.from_iterable(listing.recordings for listing in listings))
    _check_parts(recordings, path)
    check_units(recordings, path)
    names, name_checks = name_recordings(recordings)
    speakers, speaker_checks = name_speakers(recordings, speaker_pattern)
    written = [recording.text for recording in recordings]
    spoken = find_language([recording.language for recording in recordings], written, language)
    transcripts = write_alike(written, spoken.code, speakers)
    known = dict(zip(names, transcripts.texts, strict=True))
    entries = [
        _entry(*one, known) for one in zip(recordings, names, speakers, transcripts.texts, strict=True)
    ]
    reading = {key: text for listing in listings for key, text in listing.reading.items()}
    read_checks = [check for listing in listings for check in listing.checks]
    return Manifest(
        title=path.resolve().name,
        notice=f"Recordings listed in {path.resolve().name}; their licence is their owner's to state.",
        language=spoken.code,
        rate=None,
        entries=entries,
        published=False,
        unit=transcripts.unit,
        reading=reading | {"language": spoken.how} | unit_reading(transcripts.unit),
        checks=[*read_checks, *name_checks, *speaker_checks, *spoken.checks, *transcripts.checks],
    )


def _entry(recording: Listed, name: str, speaker: str, text: str, known: Mapping[str, str]) -> Entry:
    """What was listed -> an entry; one that is not to be used gets a source that says why."""
    source = recording.source
    if not text and recording.text.strip() not in ("", *NO_TEXT):
        source = UnreadableSource(f"no word in its text: {recording.text!r}")
    if (original := original_of(name)) != name and known.get(original) == text:
        source = UnreadableSource(f"{ALTERED_COPY} of {original} (at another speed or in noise)")
    if len(recording.speakers) > 1:
        people = ", ".join(sorted(recording.speakers))
        source = UnreadableSource(
            f"{len(recording.speakers)} speakers ({people}); lhotse cut trim-to-supervisions"
        )
    return Entry(name, speaker, text, recording.part, source, recording.tags, labels=recording.labels)


def _manifest_reader(path: Path):
    return next(reader for reader in (filelist, *MANIFESTS) if reader.matches(path))


def _manifests(path: Path) -> list[Path]:
    """A folder -> the manifests in it, Lhotse's supervisions for their recordings; none for a file."""
    files = sorted(file for file in path.iterdir() if file.name[0] != ".") if path.is_dir() else []
    return without_recordings([file for file in files if _is_manifest(file)])


def _by_part(path: Path, files: Sequence[Path]) -> list[tuple[Path, str]]:
    """A folder and its manifests -> those of parts, by their names or by those of the folders they lie in.

    train.csv and test.csv; else my_train.csv, train-clean-100.json or test/manifest.csv, of two parts.
    """
    if exact := [(file, part) for file in files if (part := find_part(_stem(file)))]:
        return exact
    named = [(file, part) for file in files if (part := part_in(_stem(file)))]
    if not files and path.is_dir():
        folders = [(folder, part) for folder in sorted(path.iterdir()) if (part := part_of(folder.name))]
        inside = [(_manifests(folder), part) for folder, part in folders]
        named = [(manifests[0], part) for manifests, part in inside if len(manifests) == 1]
        named = named if len(named) == len(folders) and not reader_of(path) else []
    return named if len({part for _, part in named}) > 1 else []


def _unreadable(path: Path, manifests: Sequence[Path]) -> ValueError:
    if path.is_file():
        got = f"a file with {path.suffix or 'no ending'!r}"
        way_out = EXPORTS.get(path.suffix.lower(), NAMES)
        if is_audio(path):
            got, way_out = "a recording", "give the folder of the recordings, or a table of them"
        return ValueError(f"{path} is no manifest that is known: expected {FORMATS}, got {got}; {way_out}.")
    if not manifests and (inside := _readable_inside(path)):
        names = ", ".join(f"{folder.name}/" for folder in inside[:5])
        return ValueError(f"{path} has no manifest itself, but in {names}: give the path of that folder.")
    names = ", ".join(file.name for file in manifests[:5]) or "none"
    return ValueError(
        f"{path} has {len(manifests)} manifests ({names}); expected one, or train, dev and test: {FORMATS}; "
        f"or a known layout: {layouts()}. {_way_out(path)}"
    )


def _way_out(folder: Path) -> str:
    """What to do about a folder that nothing reads: export what annotates it, if that can be exported."""
    endings = {file.suffix.lower() for file in first_files(folder)}
    exports = [f"It has {ending} files: {EXPORTS[ending]}" for ending in sorted(endings & EXPORTS.keys())]
    rest = "Give the path of the file itself, or write a CSV with columns path,text,speaker."
    return " ".join([*(f"{export}." for export in exports[:1]), rest])


def _readable_inside(folder: Path) -> list[Path]:
    """A folder -> those in it that could be given in its place."""
    inside = sorted(one for one in folder.iterdir() if one.is_dir() and one.name[0] != ".")[:MOST_FOLDERS]
    return [one for one in inside if _manifests(one) or _by_part(one, ()) or reader_of(one)]


def _is_manifest(path: Path) -> bool:
    return any(reader.matches(path) for reader in MANIFESTS)


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
