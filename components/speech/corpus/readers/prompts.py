"""One file of prompts for many recordings: LJSpeech, MLS, VoxForge, Festvox, Sphinx, AISHELL and others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    by_stem,
    count,
    first_files,
    first_lines,
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
from components.speech.corpus.readers.prompt_forms import FORMS, LJSPEECH, PromptForm, folder_of_recordings

LAYOUT = "one file of prompts for many recordings (" + "; ".join(form.corpus for form in FORMS) + ")"


def matches(path: Path) -> bool:
    """Whether it, or a file among the first, is named like prompts, and its first line is of that form."""
    return any(_form_of(file) for file in ([path] if path.is_file() else first_files(path)))


def read(path: Path) -> Listing:
    """Prompts, or a folder -> the lines of its prompts; ValueError names the line that has another form."""
    files, path = ([path], path.parent) if path.is_file() else (sorted(walk(path)), path)
    sources = [(file, form) for file in files if (form := _form_of(file))]
    if not sources:
        raise ValueError(f"{path} has no file of prompts; expected {LAYOUT}.")
    parts = named_parts([(*folders_of(file, path), *_part_of_file(file)) for file, _ in sources])
    recordings = [
        recording
        for (file, form), part in zip(sources, parts, strict=True)
        for recording in _recordings(file, form, path, part)
    ]
    recordings = with_parts_of_paths(recordings)
    speakers = [speaker for recording in recordings for speaker in recording.speakers]
    forms = list(dict.fromkeys(form for _, form in sources))
    facts = reading(
        layout="; ".join(f"{form.corpus}: {form.shown}" for form in forms),
        text=f"the lines of {count(len(sources), 'file')} ({', '.join(_names(sources)[:3])})",
        speaker=speakers_read(speakers, "; ".join(form.who for form in forms if form.who)),
        part=parts_read([recording.part for recording in recordings]),
    )
    return Listing(recordings, facts)


def _names(sources: Sequence[tuple[Path, PromptForm]]) -> list[str]:
    return sorted({file.name for file, _ in sources})


def _form_of(file: Path) -> PromptForm | None:
    """A file -> the form that both its path and its first line that is no header have."""
    if file.name == "prompts-original" and file.with_name("PROMPTS").is_file():
        return None
    for form in FORMS:
        if _has_place(file, form):
            lines = [line for line in first_lines(file, 3) if not _is_header(line, form)]
            if lines and form.line.fullmatch(lines[0]):
                return form if form.corpus != LJSPEECH or _is_ljspeech(file, lines) else None
    return None


def _has_place(file: Path, form: PromptForm) -> bool:
    """Whether a file's path is that of the form's prompts."""
    named = re.search(rf"(?:^|/)(?:{form.file.pattern})$", file.as_posix(), form.file.flags)
    return named is not None and (file.parent / form.beside).is_dir()


def _is_header(line: str, form: PromptForm) -> bool:
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


def _part_of_file(file: Path) -> list[str]:
    """an4_train.transcription -> ["train"]: Sphinx says the part in the file's name, others in folders."""
    return [file.stem.rpartition("_")[2]] if file.suffix == ".transcription" else []


def _lines(file: Path, form: PromptForm) -> list[tuple[int, str]]:
    return [(number, line) for number, line in lines_of(file) if not _is_header(line, form)]


def _recordings(file: Path, form: PromptForm, root: Path, part: str) -> list[Listed]:
    audio = by_stem(walk(folder_of_recordings(file)))
    lines = _lines(file, form)
    parsed = [(number, form.line.fullmatch(line), line) for number, line in lines]
    for number, match, line in parsed:
        if not match:
            raise ValueError(
                f"{file}, line {number}: expected {form.shown!r} as in {form.corpus}, "
                f"got {line[:60]!r}; mend it."
            )
    return [_listed(match, audio, form, file, number, root, part) for number, match, _ in parsed if match]


def _listed(
    match: re.Match[str],
    audio: dict[str, Path],
    form: PromptForm,
    file: Path,
    number: int,
    root: Path,
    part: str,
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
    return audio.get(name, folder_of_recordings(file) / f"{name}.wav")
