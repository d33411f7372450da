"""One file of prompts for many recordings: LJSpeech, MLS, VoxForge, Festvox, Sphinx, AISHELL and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    by_stem,
    count,
    first_files,
    folders_of,
    is_audio,
    lines_of,
    named_parts,
    parts_read,
    reading,
    speakers_read,
    stem,
    walk,
    with_parts_of_paths,
)
from components.speech.corpus.readers.listing import Listed, Listing

FindSpeaker = Callable[[str, Path, Path], str]  # id, file of prompts, audio file -> speaker, "" if unknown


@dataclass(frozen=True)
class Form:
    """One form of prompts.

    Attributes
    ----------
    corpus
        Whose form it is, for messages.
    file
        What the path of its file ends with, as a regular expression.
    line
        Groups "id", "text", and "speaker" where it is named, of the whole line.
    shown
        The line as a person would write it.
    speaker
        Who says an id where the line does not.
    who
        That rule in words.
    header
        What the first line may begin with, if it is none of the form.
    beside
        A folder that has to lie beside its file, "" for none.
    """

    corpus: str
    file: re.Pattern[str]
    line: re.Pattern[str]
    shown: str
    speaker: FindSpeaker
    who: str
    header: str = ""
    beside: str = ""


def _nobody(name: str, prompts: Path, audio: Path) -> str:
    return ""


def _of_id(pattern: str, name: str, prompts: Path, audio: Path) -> str:
    found = re.match(pattern, name)
    return found[1] if found else ""


def _folder_of_audio(name: str, prompts: Path, audio: Path) -> str:
    return audio.parent.name


def _of_voxforge(name: str, prompts: Path, audio: Path) -> str:
    """Aaron-20080318-kdl -> Aaron; anonymous-20080318-kdl is a person of its own."""
    folder = _base(prompts).name
    person = folder.split("-")[0]
    return folder if person.lower() == "anonymous" else person


def _of_voice(name: str, prompts: Path, audio: Path) -> str:
    """The voice's folder: cmu_us_bdl_arctic/etc/txt.done.data."""
    return _base(prompts).name


def _of_book(name: str, prompts: Path, audio: Path) -> str:
    """M-AILABS: by_book/female/SPEAKER/BOOK/metadata.csv; mix/BOOK names nobody."""
    folders = prompts.parts
    sexes = [index for index, folder in enumerate(folders) if folder in ("female", "male")]
    return folders[sexes[-1] + 1] if sexes and len(folders) - sexes[-1] > 3 else ""


def _of_jvs(name: str, prompts: Path, audio: Path) -> str:
    return next((folder for folder in reversed(prompts.parts) if re.fullmatch(r"jvs\d+", folder)), "")


LJSPEECH = "LJSpeech, M-AILABS"
FORMS = (
    Form(
        LJSPEECH,
        re.compile(r"metadata\.csv", re.I),
        re.compile(r"(?P<id>[^|]+)\|(?P<raw>[^|]*)(?:\|(?P<text>[^|]*))?"),
        "id|text|normalised text",
        _of_book,
        "the folder below female/ or male/",
    ),
    Form(
        "CSS10",
        re.compile(r"transcript\.txt"),
        re.compile(r"(?P<id>[^|]+)\|(?P<raw>[^|]*)\|(?P<text>[^|]*)\|[\d.]+"),
        "path|text|normalised text|seconds",
        _nobody,
        "",
    ),
    Form(
        "MLS",
        re.compile(r"transcripts\.txt"),
        re.compile(r"(?P<id>\d+_\d+_\d+)\t(?P<text>.*)"),
        "speaker_book_segment<TAB>text",
        partial(_of_id, r"(\d+)_"),
        "the first part of each id",
    ),
    Form(
        "VoxForge",
        re.compile(r"etc/(?:PROMPTS|prompts-original)"),
        re.compile(r"(?:\S*/)?(?P<id>[^/\s]+)(?:\s+(?P<text>.*))?"),
        "*/mfc/id TEXT, or id text",
        _of_voxforge,
        "the folder's name before its date",
    ),
    Form(
        "Festvox, CMU ARCTIC",
        re.compile(r"(?:txt\.done|prompts)\.data"),
        re.compile(r'\(\s*(?P<id>\S+)\s+"(?P<text>.*)"\s*\)'),
        '( id "text" )',
        _of_voice,
        "the folder of the voice",
    ),
    Form(
        "Sphinx, CMU AN4",
        re.compile(r"etc/\w+\.transcription"),
        re.compile(r"(?:<s>\s*)?(?P<text>.*?)(?:\s*</s>)?\s*\((?P<id>[^()\s]+)\)"),
        "<s> TEXT </s> (id)",
        _folder_of_audio,
        "the folder of the audio file",
    ),
    Form(
        "AISHELL-1, Aidatatang",
        re.compile(r"transcript/\w*transcript[\w.]*\.txt"),
        re.compile(r"(?P<id>\S+)(?:\s+(?P<text>.*))?"),
        "id text",
        _folder_of_audio,
        "the folder of the audio file",
    ),
    Form(
        "MUCS",
        re.compile(r"transcription\.txt"),
        re.compile(r"(?P<id>\S+)(?:\s+(?P<text>.*))?"),
        "id text",
        _nobody,
        "",
        beside="audio",
    ),
    Form(
        "MAGICDATA",
        re.compile(r"TRANS\.txt"),
        re.compile(r"(?P<id>\S+)\t(?P<speaker>\S+)\t(?P<text>.*)"),
        "file<TAB>speaker<TAB>text",
        _nobody,
        "the second column",
        header="UtteranceID",
    ),
    Form(
        "OpenSLR 35, 36, 52, 53, 54",
        re.compile(r"utt_spk_text\.tsv"),
        re.compile(r"(?P<id>\S+)\t(?P<speaker>\S+)\t(?P<text>.*)"),
        "id<TAB>speaker<TAB>text",
        _nobody,
        "the second column",
    ),
    Form(
        "OpenSLR's line_index.tsv",
        re.compile(r"line_index\w*\.tsv"),
        re.compile(r"(?P<id>\S+)\s*\t\s*(?P<text>[^\t]*)"),
        "id<TAB>text",
        partial(_of_id, r"([^_]+_[^_]+)_[^_]+$"),
        "the first two parts of each id",
    ),
    Form(
        "JSUT, JVS",
        re.compile(r"transcripts?_utf8\.txt"),
        re.compile(r"(?P<id>[^:]+):(?P<text>.*)"),
        "id:text",
        _of_jvs,
        "the folder jvs...",
    ),
)
IN_FOLDERS = ("etc", "transcript")  # prompts lie in these, audio beside them
LAYOUT = "one file of prompts for many recordings (" + "; ".join(form.corpus for form in FORMS) + ")"


def matches(path: Path) -> bool:
    """Whether a file among the first is named like prompts, and its first line is of that form."""
    return any(_form_of(file) for file in first_files(path))


def read(path: Path) -> Listing:
    """A folder -> the lines of its files of prompts; ValueError names the line that has another form."""
    found = [(file, form) for file in sorted(walk(path)) if (form := _form_of(file))]
    if not found:
        raise ValueError(f"{path} has no file of prompts; expected {LAYOUT}.")
    parts = named_parts([(*folders_of(file, path), *_part_of_file(file)) for file, _ in found])
    recordings = [
        recording
        for (file, form), part in zip(found, parts, strict=True)
        for recording in _recordings(file, form, path, part)
    ]
    recordings = with_parts_of_paths(recordings)
    speakers = [speaker for recording in recordings for speaker in recording.speakers]
    forms = list(dict.fromkeys(form for _, form in found))
    facts = reading(
        layout="; ".join(f"{form.corpus}: {form.shown}" for form in forms),
        text=f"the lines of {count(len(found), 'file')} ({', '.join(_names(found)[:3])})",
        speaker=speakers_read(speakers, "; ".join(form.who for form in forms if form.who)),
        part=parts_read([recording.part for recording in recordings]),
    )
    return Listing(recordings, facts)


def _names(found: Sequence[tuple[Path, Form]]) -> list[str]:
    return sorted({file.name for file, _ in found})


def _form_of(file: Path) -> Form | None:
    """A file -> the form that both its path and its first line that is no header have."""
    if file.name == "prompts-original" and file.with_name("PROMPTS").is_file():
        return None
    for form in FORMS:
        if _has_place(file, form):
            lines = [line for line in _first_lines(file) if not _is_header(line, form)]
            if lines and form.line.fullmatch(lines[0]):
                return form if form.corpus != LJSPEECH or _is_ljspeech(file, lines) else None
    return None


def _has_place(file: Path, form: Form) -> bool:
    """Whether a file's path is that of the form's prompts."""
    named = re.search(rf"(?:^|/)(?:{form.file.pattern})$", file.as_posix(), form.file.flags)
    return named is not None and (file.parent / form.beside).is_dir()


def _first_lines(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        lines = (opened.readline().strip() for _ in range(3))
        return [line for line in lines if line]


def _is_header(line: str, form: Form) -> bool:
    return bool(form.header) and line.startswith(form.header)


def _is_ljspeech(file: Path, lines: Sequence[str]) -> bool:
    """Whether an audio file has the name in the first column, and a third column says what the second does.

    metadata.csv is a name that many tables have: with a header, or with speakers in the third column.
    """
    rows = [line.split("|") for line in lines]
    names = {row[0] for row in rows}
    there = any(
        path.stem in names or path.name in names for path in first_files(file.parent) if is_audio(path)
    )
    return there and all(_alike(row[1], row[2]) for row in rows if len(row) > 2 and row[2])


def _alike(text: str, normalised: str) -> bool:
    words, others = set(text.lower().split()), set(normalised.lower().split())
    return 3 * len(words & others) >= min(len(words), len(others)) > 0


def _base(prompts: Path) -> Path:
    """A file of prompts -> the folder at and below which its recordings lie."""
    return prompts.parent.parent if prompts.parent.name in IN_FOLDERS else prompts.parent


def _part_of_file(file: Path) -> list[str]:
    """an4_train.transcription -> ["train"]: Sphinx says the part in the file's name, others in folders."""
    return [file.stem.rpartition("_")[2]] if file.suffix == ".transcription" else []


def _lines(file: Path, form: Form) -> list[tuple[int, str]]:
    return [(number, line) for number, line in lines_of(file) if not _is_header(line, form)]


def _recordings(file: Path, form: Form, root: Path, part: str) -> list[Listed]:
    audio = by_stem(walk(_base(file)))
    lines = _lines(file, form)
    found = [(number, form.line.fullmatch(line), line) for number, line in lines]
    for number, match, line in found:
        if not match:
            raise ValueError(
                f"{file}, line {number}: expected {form.shown!r} as in {form.corpus}, "
                f"got {line[:60]!r}; mend it."
            )
    return [_listed(match, audio, form, file, number, root, part) for number, match, _ in found if match]


def _listed(
    match: re.Match[str], audio: dict[str, Path], form: Form, file: Path, number: int, root: Path, part: str
) -> Listed:
    groups = match.groupdict()
    path = _audio(groups["id"].strip(), audio, file)
    text = (groups.get("text") or groups.get("raw") or "").replace('\\"', '"').strip()
    speaker = groups.get("speaker") or form.speaker(path.stem, file, path)
    return Listed(
        AudioFile(str(path)),
        text,
        path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path),
        f"{file}, line {number}",
        speakers=(speaker,) if speaker else (),
        part=part,
    )


def _audio(name: str, audio: dict[str, Path], file: Path) -> Path:
    """An id or path -> the audio file of that path beside the prompts, else of that name."""
    if is_audio(Path(name)) and (file.parent / name).is_file():
        return file.parent / name
    name = stem(Path(name).name)
    return audio.get(name, _base(file) / f"{name}.wav")
