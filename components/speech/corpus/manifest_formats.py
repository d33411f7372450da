"""A user's own recordings: NeMo JSON lines, a Kaldi folder, Lhotse cuts, CSV and TSV (Common Voice's too)."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from components.speech import espeak
from components.speech.corpus.kaldi_folder import read_kaldi_folder
from components.speech.corpus.lhotse_cuts import read_cuts
from components.speech.corpus.manifest import Entry, Manifest
from components.speech.corpus.table import PARTS, parse_rows, row_language

ENDINGS = (".csv", ".tsv", ".jsonl", ".json", ".jsonl.gz", ".json.gz")
FORMATS = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz), CSV, TSV, or a Kaldi or Common Voice folder"


def read_manifest(path: Path) -> Manifest:
    """A manifest file or a folder -> its manifest; relative paths start from its folder.

    Raises ValueError for a format that is none of FORMATS, when a column is missing, or when some recordings
    name their part and others do not.
    """
    files = [_read_file(file, part) for file, part in _files(path)]
    entries = list(chain.from_iterable(entries for entries, _ in files))
    _check_parts(entries, path)
    language = _espeak_code(next((language for _, language in files if language), ""))
    return Manifest(path.name, _notice(path, language, entries), language or "en-us", None, entries)


def _files(path: Path) -> list[tuple[Path, str]]:
    """A path -> manifests and the part each stands for: train.tsv and its like, else a single one."""
    if path.is_file() or (path / "wav.scp").is_file():
        return [(path, "")]
    files = [file for file in sorted(path.iterdir()) if _is_manifest(file)]
    if by_part := [(file, PARTS[_stem(file)]) for file in files if PARTS.get(_stem(file))]:
        return by_part
    if len(files) == 1:
        return [(files[0], "")]
    raise ValueError(
        f"{path} has {len(files)} manifests ({', '.join(file.name for file in files[:5]) or 'none'}); "
        f"expected one, or train, dev and test: {FORMATS}. Give the path of the file itself."
    )


def _is_manifest(path: Path) -> bool:
    return path.name.endswith(ENDINGS) if path.is_file() else (path / "wav.scp").is_file()


def _stem(path: Path) -> str:
    return path.name.split(".")[0].lower()


def _read_file(path: Path, part: str) -> tuple[list[Entry], str]:
    """One manifest -> its entries and the language named ("" if none), in the format it looks like."""
    if path.is_dir():
        return read_kaldi_folder(path, part), ""
    if path.name.endswith((".csv", ".tsv")):
        rows = _read_table(path)
    elif path.name.endswith(ENDINGS):
        rows = _read_json_lines(path)
        if rows and ("recording" in rows[0] or "supervisions" in rows[0] or "tracks" in rows[0]):
            return read_cuts(path, part)
    else:
        ending = path.suffix or "no ending"
        raise ValueError(
            f"{path} is no manifest that is known: expected {FORMATS}, got a file with {ending!r}."
        )
    return parse_rows(rows, path, part), row_language(rows)


def _read_table(path: Path) -> list[dict[str, str]]:
    """A CSV or TSV with a header -> rows; in a TSV quotation marks are text (Common Voice)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".tsv":
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        header = file.readline()
        file.seek(0)
        return list(csv.DictReader(file, delimiter=max(",;\t|", key=header.count)))


def _read_json_lines(path: Path) -> list[dict]:
    """A file -> one dict for each line that is not blank; ValueError names the first line that is none."""
    open_file = gzip.open if path.suffix == ".gz" else open
    with open_file(path, "rt", encoding="utf-8") as file:
        lines = list(enumerate(file, start=1))
    return [_parse_json(line, f"{path}, line {number}") for number, line in lines if line.strip()]


def _parse_json(line: str, where: str) -> dict:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{where}: expected a JSON object, got {line.strip()[:40]!r} ({error.msg}); mend it."
        ) from error
    if not isinstance(row, dict):
        raise ValueError(f"{where}: expected a JSON object, got {line.strip()[:40]!r}; one object a line.")
    return row


def _check_parts(entries: Sequence[Entry], path: Path) -> None:
    counts = Counter(entry.part for entry in entries)
    if counts[""] and len(counts) > 1:
        name = next(entry.name for entry in entries if not entry.part)
        raise ValueError(
            f"{path}: {counts['']} of {len(entries)} recordings name no part (first {name!r}) though the "
            "others do; fill in train, dev or test for all of them, or for none."
        )


def _espeak_code(language: str) -> str:
    """A manifest's language ("de", "pt_BR", "French") -> an eSpeak NG code, "" where none fits."""
    code, known = language.strip().lower().replace("_", "-"), espeak.languages()
    if code in ("", "en", "english"):
        return "en-us" if code else ""
    short = code.split("-")[0]
    by_name = next((known_code for known_code, name in known.items() if name.lower().startswith(code)), "")
    by_family = next((known_code for known_code in known if known_code.startswith(f"{short}-")), "")
    candidates = (code, short, f"{short}-{short}", by_family, by_name)
    return next((candidate for candidate in candidates if candidate in known), "")


def _notice(path: Path, language: str, entries: Sequence[Entry]) -> str:
    """What a reader of the report must know about these recordings."""
    clauses = [f"Recordings listed in {path.name}; their licence is their owner's to state"]
    if not language:
        clauses.append("they name no language that eSpeak NG speaks, so words are pronounced as en-us")
    if not any(entry.speaker for entry in entries):
        clauses.append("no speakers are named, so a test on new voices cannot be promised")
    return "; ".join(clauses) + "."
