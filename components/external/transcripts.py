"""Transcripts of one trial: Kaldi's text, sclite's .trn, icefall's recogs, ESPnet's folder -> rows by id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from components.external.icefall import read_recogs
from components.external.rows import Row
from components.speech.corpus.readers.encoding import read_text, split_lines

TRN = re.compile(r"(?P<text>.*?)\s*\((?P<id>[^()\s]+)\)\s*")
HYPOTHESES = ("hyp.trn", "hyp.wrd.trn", "hyp.txt", "hyp", "text")  # of a folder, the first that is there
REFERENCES = ("ref.trn", "ref.wrd.trn", "ref.txt", "ref")
INSIDE = ("", "score_wer")  # where ESPnet2 puts both
SPEAKERS = "utt2spk"


def read_transcripts(path: Path) -> list[Row]:
    """A file, or the folder of a decoding -> rows with id and hypothesis; with the reference if it is there.

    An utterance of which the folder has only the reference is a row without a hypothesis.
    """
    if path.is_file():
        return read_recogs(path) or texts_by_id(path, "hypothesis")
    file = _first(path, HYPOTHESES)
    if file is None:
        raise ValueError(
            f"{path} expected one of {', '.join(HYPOTHESES)}, got none; name the file itself in the path."
        )
    hypotheses, reference = texts_by_id(file, "hypothesis"), _first(file.parent, REFERENCES)
    if reference is None:
        return hypotheses
    known = {row.text("id"): row for row in read_references(reference)}
    names = {row.text("id") for row in hypotheses}
    rows = [row.more(known[name].values) if (name := row.text("id")) in known else row for row in hypotheses]
    return [*rows, *(row for name, row in known.items() if name not in names)]


def read_references(path: Path) -> list[Row]:
    """A file of references, or a Kaldi folder with text -> rows with id, reference, and speaker if known.

    Speakers are read from utt2spk beside the file.
    """
    file = path / "text" if path.is_dir() else path
    if not file.is_file():
        raise ValueError(f"--reference expected a file of ids and texts, got {path}; correct the path.")
    speakers = _speakers(file.parent / SPEAKERS)
    return [row.more(speakers.get(row.text("id"), {})) for row in texts_by_id(file, "reference")]


def _speakers(file: Path) -> dict[str, Mapping[str, str]]:
    if not file.is_file():
        return {}
    return {row.text("id"): {"speaker": row.text("speaker")} for row in texts_by_id(file, "speaker")}


def _first(folder: Path, names: Sequence[str]) -> Path | None:
    files = (folder / inside / name for inside in INSIDE for name in names)
    return next((file for file in files if file.is_file()), None)


def texts_by_id(file: Path, column: str) -> list[Row]:
    """A file of ids and texts -> its rows; ValueError for a line without id, and an id that stands twice."""
    places: dict[str, str] = {}
    rows = []
    for where, name, text in _lines(file):
        if (first := places.setdefault(name, where)) != where:
            raise ValueError(
                f"{where}: expected every id once, got {name!r} as in {first}; take one "
                "out, or write ids where there are none."
            )
        rows.append(Row({"id": name, column: text}, where))
    if not rows:
        raise ValueError(f"{file} expected a line of id and text for each utterance, got an empty file.")
    return rows


def _lines(file: Path) -> Iterator[tuple[str, str, str]]:
    """Each line that is not blank: where it stands, its id, its text."""
    for number, line in enumerate(split_lines(read_text(file)), start=1):
        where = f"{file}, line {number}"
        if file.suffix == ".trn" and line.strip():
            yield where, *_of_trn(line, where)
        elif line.strip():
            name, _, text = line.strip().replace("\t", " ", 1).partition(" ")
            yield where, name, text.strip()


def _of_trn(line: str, where: str) -> tuple[str, str]:
    """A line of sclite's: words, then the id in brackets."""
    found = TRN.fullmatch(line)
    if not found:
        raise ValueError(f"{where}: expected words and (id) at the end, got {line.strip()[:60]!r}; mend it.")
    if "{" in found["text"]:
        raise ValueError(
            f"{where}: expected plain words, got alternatives in braces, which are not scored here; choose "
            "one of them."
        )
    return found["id"], found["text"]
