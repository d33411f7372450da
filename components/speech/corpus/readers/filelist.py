"""A list of recordings without a line of names: path|text, path|speaker|text, id and text between tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path

from components.speech.corpus.readers import word_folders
from components.speech.corpus.readers.encoding import read_text, split_lines
from components.speech.corpus.readers.files import AUDIO_ENDINGS, count, first_lines, is_audio, named_parts
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.paths import is_file, plain_path
from components.speech.corpus.readers.rows import rows_to_listing

LAYOUT = "a list of recordings (path|text, path|speaker|text, id and text), of speech synthesis for example"
ENDINGS = (".txt", ".list", ".lst", ".csv", ".tsv")
WITHOUT_ENDING = ("text", "transcript", "transcripts", "trans")
FIRST_LINES = 5
PLACES = ("", "wavs", "wav", "audio", "clips", "flac", "mp3")  # of recordings that are named by an id
MOST_LISTS = 20  # in a folder; more are something else
AS_WRITTEN = "as written"  # a column of texts beside that of the same texts, normalised
CODE = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z]{2,4})?")  # of a language: en, zh-CN
ALIKE = 0.5  # share of lines whose last two columns have words in common: as written, and normalised
Column = Sequence[str]


def matches(path: Path) -> bool:
    """Whether it is such a list, or a folder with one of texts, by the first lines.

    In folders that may be words, a list of one word a recording says something else of it.
    """
    if path.is_file():
        return _separator(path) != ""
    lists = _lists(path)
    return bool(lists) and (not word_folders.matches(path) or any(map(_has_sentences, lists)))


def read(path: Path, part: str = "") -> Listing:
    """A list, or a folder of them -> its recordings; ValueError where a line or column cannot be told."""
    files = [path] if path.is_file() else _lists(path)
    parts = [part] if path.is_file() else named_parts([(file.stem,) for file in files])
    if len(files) > 1 and not all(parts):
        names = ", ".join(file.name for file in files)
        raise ValueError(f"{path} has several lists ({names}); give the path of that which has the texts.")
    listings = [_read(file, own) for file, own in zip(files, parts, strict=True)]
    recordings: list[Listed] = [one for listing in listings for one in listing.recordings]
    return Listing(recordings, listings[0].reading, [check for one in listings for check in one.checks])


def _lists(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    files = (file for file in sorted(folder.iterdir()) if _may_be_list(file) and file.is_file())
    some = list(islice(files, MOST_LISTS + 1))
    return [file for file in some if _has_letters(file)] if len(some) <= MOST_LISTS else []


def _has_letters(file: Path) -> bool:
    """Whether it is a list, and one of what is said or who speaks: of numbers, it is of something else."""
    mark = _separator(file)
    texts = [line.split(mark, 1)[1:] for line in first_lines(file, FIRST_LINES)] if mark else []
    return any(character.isalpha() for text in texts for character in "".join(text))


def _has_sentences(file: Path) -> bool:
    mark = _separator(file)
    return any(
        len(field.split()) > 1 for line in first_lines(file, FIRST_LINES) for field in line.split(mark, 1)[1:]
    )


def _may_be_list(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS or file.name.lower() in WITHOUT_ENDING


def _separator(file: Path) -> str:
    """What stands between the columns of a list, "" for a file that is none."""
    lines = first_lines(file, FIRST_LINES)
    for mark in ("|", "\t", " "):
        rows = [line.split(mark, 1) for line in lines]
        several = any(len(row) == 2 for row in rows)  # a line may have no text
        if several and all(_names_audio(row[0], file.parent, mark) for row in rows):
            return mark
    return ""


def _names_audio(name: str, folder: Path, mark: str) -> bool:
    """Whether a first column is the path of a recording, or the name of one there or in wavs/."""
    name = plain_path(name.strip())
    if mark != " " and is_audio(Path(name)) and len(name.split()) == 1:
        return True
    return _of_id(name, folder) is not None


def _of_id(name: str, folder: Path) -> tuple[str, str] | None:
    """The name of a recording with or without ending -> its folder and what the name lacks, None if gone."""
    ends = ("",) if is_audio(Path(name)) else AUDIO_ENDINGS
    pairs = product(PLACES, ends) if name else ()
    return next(((place, end) for place, end in pairs if is_file(folder / place / (name + end))), None)


def _located(names: Sequence[str], folder: Path) -> list[str]:
    """Names of recordings -> their paths from the folder, the name itself where there is none.

    Most lie where the one before does: there it is looked for first.
    """
    place, end = "", ""
    paths = []
    for name in names:
        if not is_file(folder / place / (name + end)):
            place, end = _of_id(name, folder) or ("", "")
        paths.append(f"{place}/{name}{end}" if place else name + end)
    return paths


def _read(file: Path, part: str) -> Listing:
    """One list -> its recordings."""
    mark = _separator(file)
    numbered = [(number, line.strip(" ")) for number, line in enumerate(split_lines(read_text(file)), 1)]
    numbered = [(number, line) for number, line in numbered if line.strip()]
    width = len(numbered[0][1].split(mark)) if mark != " " else 2
    rows = [_fields(line, mark, width, f"{file}, line {number}") for number, line in numbered]
    names = _columns(list(zip(*rows, strict=True)), file, mark)
    named = [{name: own for name, own in zip(names, row, strict=True) if name != AS_WRITTEN} for row in rows]
    paths = _located([row["path"] for row in named], file.parent)
    named = [{**row, "path": path} for row, path in zip(named, paths, strict=True)]
    listing = rows_to_listing(named, file, part, [number for number, _ in numbered])
    shown = {" ": "blanks", "\t": "tabs"}.get(mark, mark)
    layout = f"{count(len(names), 'column')} without names ({', '.join(names)}), {shown} between"
    return Listing(listing.recordings, {"layout": layout}, listing.checks)


def _fields(line: str, mark: str, width: int, where: str) -> list[str]:
    fields = [field.strip() for field in line.split(mark, width - 1 if mark == " " else -1)]
    if mark == " ":
        fields = [*fields, ""][:2]
    if len(fields) != width:
        raise ValueError(
            f"{where}: expected {width} columns with {mark!r} between, as in the first line, got "
            f"{len(fields)}; mend it."
        )
    return fields


def _columns(columns: Sequence[Column], file: Path, mark: str) -> list[str]:
    """Columns of a list, paths first -> the name of each. ValueError where texts and speakers look alike."""
    names = ["path", *_roles(columns[1:])]
    if names == ["path"]:
        shown = mark.join(column[0] for column in columns)[:80]
        example = mark.join(("path", "speaker", *(["language"] if len(columns) > 3 else []), "text"))
        raise ValueError(
            f"{file}: expected columns without names that tell texts from speakers, got {shown!r}; put a "
            f"line of names above it, such as {example!r}."
        )
    return names


def _roles(columns: Sequence[Column]) -> list[str]:
    """Columns but that of paths -> "text", "speaker" or "language" for each; none where it is not plain."""
    if len(columns) == 1:
        return ["text"]
    if len(columns) == 2 and _alike(*columns):
        return [AS_WRITTEN, "text"]
    codes = [column for column in columns if _are_codes(column)] if len(columns) == 3 else []
    others = [column for column in columns if not any(column is code for code in codes)]
    texts = _texts(others) if len(others) == 2 and len(codes) < 2 else []
    if len(texts) != 1:
        return []
    kinds = {id(texts[0]): "text", **{id(code): "language" for code in codes}}
    return [kinds.get(id(column), "speaker") for column in columns]


def _texts(columns: Sequence[Column]) -> list[Column]:
    """Columns -> those of texts: some values have several words, or they are no numbers as the others are."""
    several = [column for column in columns if any(len(value.split()) > 1 for value in column)]
    return several or [column for column in columns if not all(value.isdecimal() for value in column)]


def _alike(first: Column, second: Column) -> bool:
    shared = [bool(_words(a) & _words(b)) for a, b in zip(first, second, strict=True)]
    return sum(shared) > ALIKE * len(shared)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _are_codes(column: Column) -> bool:
    """Whether a column is of one or two codes of languages."""
    return all(CODE.fullmatch(value) for value in column) and len(set(column)) <= 2
