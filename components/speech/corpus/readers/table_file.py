"""Tables with a line of column names: CSV, TSV, and values between semicolons or bars."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from components.speech.corpus.readers.columns import is_known, plain_name
from components.speech.corpus.readers.encoding import read_text, split_lines
from components.speech.corpus.readers.listing import Listing
from components.speech.corpus.readers.rows import rows_to_listing

SUMMARY = "CSV or TSV"
ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
DELIMITERS = ",;\t|"
HEADER = 1 << 16  # characters in which the line of names ends
UNQUOTED = "\t|"  # in these tables quotation marks are text


def matches(path: Path) -> bool:
    """Whether a path is a table by its ending."""
    return path.is_file() and path.name.lower().endswith(ENDINGS)


def has_header(path: Path) -> bool:
    """Whether the first line of a file, whatever its name ends with, has names of a path and a text."""
    with path.open(encoding="utf-8-sig", errors="replace") as opened:
        header = opened.readline(HEADER)
    return _has_names(header, is_known)


def read(path: Path, part: str = "") -> Listing:
    """A table -> its listing. Raises ValueError with the line for one that cannot be taken apart."""
    rows, lines = read_rows(path)
    return rows_to_listing(rows, path, part, lines)


def read_rows(path: Path, known: Callable[[str], bool] = is_known) -> tuple[list[dict[str, str]], list[int]]:
    """A table, and whether a column is read by its name -> rows by column, and the line where each begins."""
    text = read_text(path).lstrip("\ufeff")
    first, _, rest = text.partition("\n")
    skipped = first.strip().lower().startswith("sep=")  # Excel's own line
    text, declared = (rest, first.strip()[4:]) if skipped else (text, "")
    above = len(text) - len(_without_lines_above(text, known))
    number, text = skipped + len(split_lines(text[:above])), text[above:]
    records = _records(text, _delimiter(path, text, declared, known), path, 1 + number)
    if not records:
        return [], []
    (line, header), *body = records
    header = [name.strip() for name in header]
    _check_header(header, known, f"{path}, line {line}")
    body = [(line, row) for line, row in body if any(value.strip() for value in row)]
    return [_row(header, row, f"{path}, line {line}") for line, row in body], [line for line, _ in body]


def _without_lines_above(text: str, known: Callable[[str], bool]) -> str:
    """A table -> the same from its line of names on, without empty lines and remarks (#) above it."""
    while (first := text.partition("\n")[0]) != text and (not first.strip() or _is_remark(first, known)):
        text = text[len(first) + 1 :]
    return text.lstrip("\r\n")


def _is_remark(line: str, known: Callable[[str], bool]) -> bool:
    """Whether a line begins with # and is no line of names itself."""
    names = re.split(f"[{re.escape(DELIMITERS)}]", line.lstrip("# "))
    return line.lstrip().startswith("#") and sum(map(known, names)) < 2


def _check_header(header: Sequence[str], known: Callable[[str], bool], where: str) -> None:
    """Raises ValueError where two columns that are read have one name, and for a page of the web."""
    if header and header[0].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise ValueError(
            f"{where}: expected names of columns, got a page of the web; download the table again."
        )
    names = [plain_name(name) for name in header if name and known(name)]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"{where}: expected every column once, got {twice!r} twice; rename one of them.")


def _delimiter(path: Path, text: str, declared: str, known: Callable[[str], bool]) -> str:
    header = split_lines(text[:HEADER])[0] if text else ""
    if path.name.lower().removesuffix(".gz").endswith(".tsv") and (
        "\t" in header or not _has_names(header, known)
    ):
        return "\t"
    return declared if declared and declared in DELIMITERS else max(DELIMITERS, key=header.count)


def _has_names(header: str, known: Callable[[str], bool]) -> bool:
    """Whether a line is of names of columns with another separator than a tab between."""
    return any(sum(map(known, header.split(mark))) > 1 for mark in DELIMITERS)


def _records(text: str, delimiter: str, path: Path, first_line: int) -> list[tuple[int, list[str]]]:
    """Text -> the line in which each record begins, and its values."""
    quoting = csv.QUOTE_NONE if delimiter in UNQUOTED and not _quoted(text, delimiter) else csv.QUOTE_MINIMAL
    blanks = delimiter not in UNQUOTED  # path, "a text, with commas"
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, skipinitialspace=blanks
    )
    lines = split_lines(text)
    records: list[tuple[int, list[str]]] = []
    while True:
        begins = reader.line_num
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise _open_quote(path, begins + first_line, str(error)) from None
        if values is None:
            return records
        width = len(records[0][1]) if records else len(values)
        if _swallows_lines(lines[begins : reader.line_num], width, delimiter):
            raise _open_quote(
                path, begins + first_line, f"it goes on to line {reader.line_num + first_line - 1}"
            )
        records.append((begins + first_line, values))


def _quoted(text: str, delimiter: str) -> bool:
    """Whether every name of a column stands in quotation marks, as R's write.table writes them."""
    names = [name.strip() for name in text.partition("\n")[0].split(delimiter)]
    return all(len(name) > 1 and name[0] == name[-1] == '"' for name in names)


def _swallows_lines(lines: Sequence[str], width: int, delimiter: str) -> bool:
    """Whether a record of several lines holds lines that are records by themselves.

    The last line counts as far as the quotation mark that ends the record's text.
    """
    if len(lines) < 2 or width < 2:
        return False
    whole = any(line.count(delimiter) == width - 1 for line in lines[1:-1])
    return whole or delimiter in lines[-1].partition('"')[0]


def _open_quote(path: Path, line: int, why: str) -> ValueError:
    return ValueError(
        f'{path}, line {line}: a quotation mark (") opens and is not closed there ({why}); close it, or '
        'write it twice ("") where it is part of the text.'
    )


def _row(header: Sequence[str], values: Sequence[str], where: str) -> dict[str, str]:
    """Names and values -> a row; ValueError where there are more values than names."""
    values = [*values, *[""] * (len(header) - len(values))]
    if any(value.strip() for value in values[len(header) :]):
        raise ValueError(
            f"{where}: expected {len(header)} values ({', '.join(header)}), got {len(values)}; put a text "
            'that holds the separator into quotation marks ("...").'
        )
    return dict(zip(header, values[: len(header)], strict=True))


csv.field_size_limit(sys.maxsize)  # a longer one is an open quotation mark, of which the line is told
