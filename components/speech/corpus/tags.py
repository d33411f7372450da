"""Tags in transcripts, which are not said: <unk>, [noise], {laugh}, !SIL, (uh), b/, (1)/(one)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from components.study.checks import CheckResult

BRACKETED = re.compile(
    r"<(?!\s)[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|(?<!\S)\+\+?[^\s+]+\+\+?(?!\S)|(?<!\S)![A-Z_]+(?!\S)"
)
NOISES = "noises? sil silence laugh(?:s|ter|ing)? coughs? breath(?:e|ing)? music applause crosstalk beep"
NOISES += " sneezes? sniffs? sighs? clicks? lipsmack background bg static pause"
FILLERS = "unk spn inaudible unintelligible unclear hesitation uh um eh er erm hm hmm mm mhm ah"
NAMED = "|".join([*NOISES.split(), *FILLERS.split()])
PARENTHESISED = re.compile(rf"\(+\s*%?(?:{NAMED})(?:[ _-]?(?:{NAMED}))*\s*\)+", re.IGNORECASE)
MARKED = re.compile(rf"(?<!\S)(?:[%#@&=*]+(?:{NAMED})\*?(?=$|[\s.,!?])|\*(?:{NAMED})\*)", re.IGNORECASE)
SPELLED_TWICE = re.compile(r"\(([^()]*)\)\s*/\s*\(([^()]*)\)")  # Korean corpora: as written, as said
SPEAKER_LABEL = re.compile(r"^\s*(?:[A-Z]|speaker[\s_]*\w{1,3}|spk[\s_]*\d+|s\d+)\s*:(?=\s)", re.IGNORECASE)
TIME = re.compile(r"\(\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?\)")
NOISE_LETTER = re.compile(r"(?<!\S)[a-z]/(?!\S)")
UNINTELLIGIBLE = re.compile(
    r"(?<![a-z])(?:unk|unknown|unintelligible|unclear|inaudible|oov|xxx?|spn|garbage)(?![a-z])", re.IGNORECASE
)


def without_tags(text: str) -> tuple[str, list[str]]:
    """A transcript as written -> the same without tags, and these; of a word spelled twice, as it is said."""
    tags: list[str] = []

    def drop(match: re.Match) -> str:
        tags.append(match[0].strip())
        return " "

    def as_said(match: re.Match) -> str:
        tags.append(match[0].strip())
        return match[2]

    text = SPELLED_TWICE.sub(as_said, text)
    for pattern in (BRACKETED, PARENTHESISED, MARKED, SPEAKER_LABEL, TIME, NOISE_LETTER):
        text = pattern.sub(drop, text)
    return text, tags


def stands_for_words(tags: Sequence[str]) -> bool:
    """Whether any tag of a transcript stands for words that its writer did not understand."""
    return any(UNINTELLIGIBLE.search(tag) for tag in tags)


def tag_check(by_text: Sequence[Sequence[str]]) -> list[CheckResult]:
    """Tags of every transcript -> what was taken out, if anything."""
    counts = Counter(tag for tags in by_text for tag in tags)
    texts = sum(1 for tags in by_text if tags)
    if not texts:
        return []
    shown = tuple(f"{tag} ({count:,})" for tag, count in counts.most_common(8))
    lost = sum(map(stands_for_words, by_text))
    message = f"{texts:,} of {len(by_text):,} transcripts hold tags, which nobody says; these were left out."
    if lost:
        message += f" In {lost:,} of them a tag stands for words, so that more is said than the text has."
    return [CheckResult("tags", "look", message, shown)]
