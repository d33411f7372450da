"""Text that strangers wrote, such as names of files and labels, as it may be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # slow to import, and every command shows text
    import pandas as pd

# control characters but tab and line breaks, those that turn the direction of text, halves of characters
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet reads as a formula's beginning


def printable(text: str) -> str:
    r"""Text -> the same with what cannot be read as its escape: an ESC is shown as the letters \x1b."""
    return UNPRINTABLE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode()


def plain_cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table -> the same as it may be opened in a spreadsheet: no text of it is a formula."""
    return table.rename(columns=_plain).map(_plain)


def _plain(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    shown = printable(cell)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
