"""JSON: an object a line as NeMo writes them, a list of objects, or SpeechBrain's objects by id."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.speech.corpus.readers import lhotse_cuts, lhotse_supervisions
from components.speech.corpus.readers.columns import is_known
from components.speech.corpus.readers.encoding import read_text, split_lines
from components.speech.corpus.readers.files import is_audio
from components.speech.corpus.readers.listing import Listing
from components.speech.corpus.readers.parts import find_part
from components.speech.corpus.readers.rows import rows_to_listing

SUMMARY = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz)"
LISTS = (".list", ".lst")
ENDINGS = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz")

LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*(?:[}\]]|$))')  # outside of texts, which are kept


def matches(path: Path) -> bool:
    """Whether a path is JSON by its ending, or a list of objects such as WeNet's data.list."""
    if not path.is_file():
        return False
    name = path.name.lower()
    return name.endswith(ENDINGS) or (name.endswith(LISTS) and begins_object(path))


def begins_object(path: Path) -> bool:
    """Whether a file begins with an object of JSON, whatever its name ends with."""
    with path.open("rb") as file:
        return file.read(16).removeprefix(codecs.BOM_UTF8).lstrip()[:2] in (b'{"', b"{ ")


def read(path: Path, part: str = "") -> Listing:
    """A file of JSON -> its listing; Lhotse's cuts, supervisions and recordings are known by their fields.

    Raises ValueError with the line for what is no JSON.
    """
    rows, lines = read_rows(path)
    if rows and lhotse_cuts.is_cut(rows[0]):
        return lhotse_cuts.to_listing(rows, path, part, lines)
    if rows and lhotse_supervisions.is_recording(rows[0]):
        return read(lhotse_supervisions.supervisions_beside(path), part)
    if rows and lhotse_supervisions.is_supervision(rows[0]):
        recordings, _ = read_rows(lhotse_supervisions.recordings_beside(path))
        return lhotse_supervisions.to_listing(rows, recordings, path, part, lines)
    return rows_to_listing(rows, path, part, lines)


def read_rows(path: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """A file of JSON -> its objects, and the line of each (its number in a list)."""
    text = read_text(path)
    whole = _unwrapped(_whole(text))
    if isinstance(whole, Mapping) and sum(map(is_known, whole)) > 1:
        whole = _by_column(whole)
    if isinstance(whole, Mapping) and _are_texts_by_path(whole):
        whole = [{"path": name, "text": value} for name, value in whole.items()]
    if isinstance(whole, Mapping) and whole and all(isinstance(value, Mapping) for value in whole.values()):
        whole = [{"id": name, **value} for name, value in whole.items()]  # SpeechBrain
    if isinstance(whole, list):
        rows = [_checked(row, f"{path}, object {number}") for number, row in enumerate(whole, start=1)]
        return rows, list(range(1, len(rows) + 1))
    if objects := _one_after_another(text):
        return objects, list(range(1, len(objects) + 1))
    numbered = [(number, line) for number, line in enumerate(split_lines(text), 1) if line.strip()]
    return [_parse(line, f"{path}, line {number}") for number, line in numbered], [n for n, _ in numbered]


def _one_after_another(text: str) -> list[dict[str, Any]]:
    """Objects of several lines each, one after another -> these; none where the first is on one line."""
    if text.lstrip().partition("\n")[0].strip() != "{":
        return []
    objects, at, decoder = [], 0, json.JSONDecoder()
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip(" \r\n\t,"))
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        objects.append(value)
    return objects


def _by_column(columns: Mapping[str, Any]) -> Any:
    """{"path": {"0": ...}, "text": {"0": ...}}, as pandas writes a table, or with lists -> its rows."""
    if _are_lists(columns):
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if not all(isinstance(values, Mapping) for values in columns.values()):
        return columns
    ids = dict.fromkeys(row for values in columns.values() for row in values)
    return [{name: values.get(row) for name, values in columns.items()} for row in ids]


def _are_lists(columns: Mapping[str, Any]) -> bool:
    """Whether they are {"path": [...], "text": [...]} of one length."""
    lists = all(isinstance(values, list) for values in columns.values())
    return lists and len({len(values) for values in columns.values()}) == 1


def _whole(text: str) -> Any:
    """The text as one piece of JSON, None if it is not: then it is lines."""
    if text.lstrip()[:1] == "{" and text.count("\n{") > 1:
        return None
    try:
        whole = _loads(text)
    except (ValueError, RecursionError):
        return None
    return whole if not _is_row(whole) or _unwrapped(whole) is not whole else None


def _unwrapped(whole: Any) -> Any:
    """{"data": [...]} -> the list, the only one in an object; {"train": [...], "test": [...]} -> rows.

    {"columns": [...], "data": [[...], ...]}, as pandas writes it with orient="split" -> rows.
    """
    if isinstance(whole, Mapping) and (lhotse_cuts.is_cut(whole) or lhotse_supervisions.is_recording(whole)):
        return whole  # a file of one line
    if isinstance(whole, Mapping) and _is_split(whole):
        return [dict(zip(whole["columns"], row, strict=True)) for row in whole["data"]]
    if isinstance(whole, Mapping) and len(whole) > 1 and all(map(find_part, whole)):
        lists = all(isinstance(listed, list) for listed in whole.values())
        rows = [(part, row) for part, listed in whole.items() for row in listed] if lists else []
        if rows and all(isinstance(row, Mapping) for _, row in rows):
            return [{**row, "part": part} for part, row in rows]
    lists = (
        [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, Mapping) else []
    )
    return lists[0] if len(lists) == 1 and lists[0] and isinstance(lists[0][0], Mapping) else whole


def _is_split(whole: Mapping[str, Any]) -> bool:
    """Whether it is {"columns": names, "data": lists of so many values}."""
    names, rows = whole.get("columns"), whole.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return False
    return all(isinstance(row, list) and len(row) == len(names) for row in rows)


def _are_texts_by_path(whole: Mapping[str, Any]) -> bool:
    """Whether it is {"a.wav": "one", "b.wav": "two"}."""
    return bool(whole) and all(is_audio(Path(name)) and isinstance(own, str) for name, own in whole.items())


def _is_row(value: Any) -> bool:
    if isinstance(value, Mapping) and _are_texts_by_path(value):
        return False
    if not isinstance(value, Mapping) or (sum(map(is_known, value)) > 1 and _are_lists(value)):
        return False
    return not all(isinstance(inner, Mapping) for inner in value.values())


def _parse(line: str, where: str) -> dict[str, Any]:
    try:
        value = _loads(line)
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", error)
        raise ValueError(
            f"{where}: expected a JSON object, got {line.strip()[:40]!r} ({why}); mend it."
        ) from error
    return _checked(value, where)


def _loads(text: str) -> Any:
    """JSON -> its value; half of a character that takes two (a lone surrogate) becomes "?".

    A comma behind the last of several values, as Python allows it, does no harm.
    """
    try:
        value = json.loads(text)
    except ValueError:
        value = json.loads(LAST_COMMA.sub(r"\1", text))
    if "\\ud" not in text.lower():
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _checked(row: Any, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError(f"{where}: expected a JSON object, got {str(row)[:40]!r}; one object a line.")
    return row
