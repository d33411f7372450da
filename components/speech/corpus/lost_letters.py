"""Transcripts in which a letter was lost: U+FFFD or a question mark within a word in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from components.study.checks import CheckResult, Verdict

LOST = "\ufffd"  # what a decoder puts where a letter is none
WITHIN = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|(?<![^\s\"'(\[])\?(?=[^\W\d_]{2})")  # f?nf, ?ber
ADDRESS = re.compile(r"\S*(?:://|www\.|[?&]\w+=)\S*")


def lost_letter_checks(texts: Sequence[str]) -> list[CheckResult]:
    """Transcripts as written -> a result for either sign of a lost letter."""
    by_decoder = [text for text in texts if LOST in text]
    by_encoder = [text for text in texts if "?" in text and WITHIN.search(ADDRESS.sub(" ", text))]
    results = []
    if by_decoder:
        results.append(_result("stop", by_decoder, texts, f"{LOST} (U+FFFD)", "read"))
    if by_encoder:
        results.append(_result("look", by_encoder, texts, "a question mark within a word", "written"))
    return results


def _result(verdict: Verdict, lost: Sequence[str], texts: Sequence[str], sign: str, when: str) -> CheckResult:
    message = (
        f"{len(lost):,} of {len(texts):,} transcripts have {sign} in the place of a letter that was lost "
        f"when they were {when} in another encoding; words fall apart there. Export them again as UTF-8."
    )
    return CheckResult("encoding", verdict, message, tuple(dict.fromkeys(lost))[:3])
