"""A row of results, as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from components.speech.corpus.readers.columns import text_of


@dataclass(frozen=True)
class Row:
    """One row. values: by the name of their column. where: "wer.csv, line 3", for messages."""

    values: Mapping[str, Any]
    where: str

    def text(self, column: str) -> str:
        """What stands in a column; "" for nothing, or without such a column."""
        return text_of(self.values, column)

    def more(self, values: Mapping[str, Any]) -> Row:
        """The same row with further values."""
        return replace(self, values={**values, **self.values})
