"""What programs leave in transcripts: codes of HTML and of line ends, and words for a missing value."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

from components.study.checks import CheckResult

ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w{1,30});")
LINE_END = re.compile(r"\\[nrt]")
NO_TEXT = frozenset(("#N/A", "<NA>", "N/A", "n/a", "NaN", "#VALUE!", "#REF!"))
LIKE_NO_TEXT = frozenset(("nan", "None", "none", "null", "NULL", "Null", "undefined", "NA", "TODO", "todo"))


def without_codes(written: Sequence[str]) -> tuple[list[str], list[CheckResult]]:
    """Transcripts as written -> the same with characters for codes, "" for none; what to know of it."""
    texts = ["" if text.strip() in NO_TEXT else _decoded(text) for text in written]
    changed = [before for before, text in zip(written, texts, strict=True) if text and text != before]
    return texts, [*_code_check(changed, len(texts)), *_missing_check(texts)]


def _decoded(text: str) -> str:
    if "&" in text:
        text = ENTITY.sub(lambda code: html.unescape(code[0]), text)
    return LINE_END.sub(" ", text) if "\\" in text else text


def _code_check(changed: Sequence[str], total: int) -> list[CheckResult]:
    if not changed:
        return []
    message = (
        f"{len(changed):,} of {total:,} transcripts hold codes of HTML or line ends (&amp;, \\n), which "
        "were read "
        "as the characters that they stand for."
    )
    return [CheckResult("codes", "look", message, tuple(dict.fromkeys(changed))[:5])]


def _missing_check(texts: Sequence[str]) -> list[CheckResult]:
    """A result if texts are words that programs write for none; in some languages people say them."""
    counts = Counter(text.strip() for text in texts if text.strip() in LIKE_NO_TEXT)
    if not counts or len(counts) == len(set(texts)):
        return []
    shown = ", ".join(f"{word!r} ({count:,})" for word, count in counts.most_common(5))
    message = (
        f"{counts.total():,} of {len(texts):,} transcripts are words that programs write for no text: "
        f"{shown}. They were read as words; where none is said, leave the text empty."
    )
    return [CheckResult("texts-missing", "look", message)]
