"""The text of a manifest file: UTF-8 or UTF-16 with its mark, compressed or not."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path

ZIPPED = b"PK\x03\x04"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_text(path: Path) -> str:
    """A file, perhaps ending in .gz -> its text, line ends as they are.

    Raises ValueError, which names the file and what to do, for a compressed file that is cut off or broken,
    and, with the line, for text in another encoding.
    """
    content = _bytes(path)
    if content.startswith(ZIPPED):
        raise ValueError(
            f"{path}: expected text, got a packed file, as Excel's .xlsx is; in Excel save it as CSV UTF-8."
        )
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: expected UTF-8, got the byte 0x{content[error.start]:02x}, as in "
            "Windows-1252 or another old encoding; save it as UTF-8 (in Excel: CSV UTF-8)."
        ) from None
    if "\0" in text:
        raise ValueError(
            f"{path}, line {text.count(chr(10), 0, text.index(chr(0))) + 1}: expected text, got zero bytes, "
            "as in UTF-16 without its mark; save it as UTF-8."
        )
    return text


def split_lines(text: str) -> list[str]:
    """Text -> its lines, which end in \\n, \\r or both; other characters of Unicode end none."""
    return [line.rstrip("\r\n") for line in io.StringIO(text, newline="")]


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            return file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise ValueError(f"{path} is cut off or no gzip file; download it, or compress it, again.") from None
