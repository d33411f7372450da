"""Languages that are written in two ways: Serbian in two alphabets, Chinese in two sets of characters."""

from __future__ import annotations

from collections.abc import Sequence

from components.study.checks import CheckResult

TWO_ALPHABETS = ("sr", "bs", "hr")
LATIN_OF = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dž"}
)
CHINESE = ("cmn", "yue")
LEAST = 2  # texts in the rarer characters; a single one may be a name


def in_one_alphabet(texts: Sequence[str], language: str) -> tuple[list[str], list[CheckResult]]:
    """Normalised texts of Serbian -> the same in Latin letters if some words are in both alphabets."""
    if language.split("-")[0] not in TWO_ALPHABETS:
        return list(texts), []
    words = {word for text in texts for word in text.split()}
    both = sorted(word for word in words if (latin := word.translate(LATIN_OF)) != word and latin in words)
    if not both:
        return list(texts), []
    plain = [text.translate(LATIN_OF) for text in texts]
    changed = sum(before != after for before, after in zip(texts, plain, strict=True))
    message = (
        f"{changed:,} of {len(texts):,} transcripts are in Cyrillic letters, others in Latin ones; all were "
        "written in Latin ones."
    )
    shown = tuple(f"{word} = {word.translate(LATIN_OF)}" for word in both[:5])
    return plain, [CheckResult("alphabets", "look", message, shown)]


def chinese_check(texts: Sequence[str], language: str) -> list[CheckResult]:
    """A result if some texts of Chinese are in simplified characters, and others in traditional ones."""
    if language.split("-")[0] not in CHINESE:
        return []
    simplified = [text for text in texts if _only_in(text, "gb2312", "big5")]
    traditional = [text for text in texts if _only_in(text, "big5", "gb2312")]
    if min(len(simplified), len(traditional)) < LEAST:
        return []
    message = (
        f"{len(simplified):,} of {len(texts):,} transcripts have simplified characters, {len(traditional):,} "
        "traditional ones: of one word these make two. Convert them to one, as with OpenCC."
    )
    return [CheckResult("chinese-characters", "look", message, (*simplified[:2], *traditional[:2]))]


def _only_in(text: str, encoding: str, other: str) -> bool:
    """Whether a text has characters of one encoding that the other lacks, and none the other way around."""
    kinds = {(_has(encoding, one), _has(other, one)) for one in text if one > "\u3fff"}
    return (True, False) in kinds and (False, True) not in kinds


def _has(encoding: str, character: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
