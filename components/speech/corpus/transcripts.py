"""Transcripts as written -> as they are trained on and scored, and what was changed on the way."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from components.speech.corpus.alphabets import chinese_check, in_one_alphabet
from components.speech.corpus.codes import without_codes
from components.speech.corpus.letters import compatible, letter_check, with_one_code
from components.speech.corpus.lost_letters import lost_letter_checks
from components.speech.corpus.numbers import write_out
from components.speech.corpus.remarks import without_remarks
from components.speech.corpus.scripts import Unit, split_characters, unit_of
from components.speech.corpus.speaker_labels import without_labels
from components.speech.corpus.spellings import spell_alike, with_okinas
from components.speech.corpus.symbols import symbol_check
from components.speech.corpus.tags import tag_check
from components.speech.corpus.text import normalise
from components.study.checks import CheckResult
from components.study.nouns import counted

COUNTED_IN: dict[Unit, str] = {
    "character": "characters (CER), as the script has no spaces",
    "mixed": "characters of the script without spaces, and words of others (mixed error rate, MER)",
}
WRITTEN_TOGETHER = frozenset(("Cjk", "Hiragana", "Katakana", "Katakana-hiragana", "Ideographic"))
ALIKE_WARNS = 0.1  # share of the transcripts whose text is more often written otherwise
MOJIBAKE = ("Ã", "Â", "â€", "Ð", "Ñ", "à¸", "ã\x81")  # UTF-8 read as another encoding begins so


@dataclass(frozen=True)
class Transcripts:
    """Normalised texts, "" for none; what their errors are counted in; what is worth knowing of them."""

    texts: list[str]
    unit: Unit
    checks: list[CheckResult]


def write_alike(written: Sequence[str], language: str, speakers: Sequence[str] = ()) -> Transcripts:
    """Transcripts as written, in a language (an eSpeak NG code) -> in one written form.

    speakers: of each transcript, where they are known.
    """
    decoded, code_checks = without_codes(written)
    unremarked, remark_checks, tags = without_remarks(decoded, language)
    plain, label_checks = without_labels(unremarked, speakers)
    spelled, number_checks = write_out(plain, language)
    texts = with_okinas(spelled, [normalise(text, language) for text in spelled], language)
    split = [split_characters(text) for text in texts]
    unit = unit_of(split)
    checks = [
        *_mojibake_check(written),
        *lost_letter_checks(written),
        *code_checks,
        *label_checks,
        *tag_check(tags),
        *remark_checks,
        *number_checks,
        *symbol_check(plain, language),
        *letter_check(plain, language),
    ]
    checks += chinese_check(plain, language)
    checks += _alike_check([with_one_code(compatible(text), language) for text in spelled], texts)
    if unit == "character":
        return Transcripts(split, unit, checks)
    latin, alphabet_checks = in_one_alphabet(split, language)
    texts, spelling_checks = spell_alike(latin, language)
    return Transcripts(texts, unit, [*checks, *alphabet_checks, *spelling_checks])


def _mojibake_check(texts: Sequence[str]) -> list[CheckResult]:
    twice = [text for text in texts if _read_twice(text)]
    if not twice:
        return []
    return [
        CheckResult(
            "encoding",
            "stop",
            f"{len(twice):,} of {len(texts):,} transcripts look like UTF-8 read as Windows-1252 and "
            "written again, so that letters became two. Export them again as UTF-8.",
            tuple(dict.fromkeys(twice))[:3],
        )
    ]


def _read_twice(text: str) -> bool:
    if not any(sign in text for sign in MOJIBAKE):
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            return len(text.encode(encoding).decode("utf-8")) < len(text)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return False


def _alike_check(written: Sequence[str], texts: Sequence[str]) -> list[CheckResult]:
    """Transcripts with numbers as words, and normalised -> a result if many texts are written in two ways.

    Of labels such as A and a, or kA and ka, these may be different classes.
    """
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for way, text in zip(written, texts, strict=True):
        ways[text][" ".join(way.split())] += 1
    ways.pop("", None)
    rarer = sum(counts.total() - max(counts.values()) for counts in ways.values())
    if rarer <= ALIKE_WARNS * len(texts):
        return []
    shown = [" = ".join(counts) for counts in ways.values() if len(counts) > 1]
    message = (
        f"{counted(len(shown), 'text is', 'texts are')} written in several ways, which differ in capitals, "
        "punctuation or symbols, and were taken for one text each. If these are different classes, give them "
        "different words."
    )
    return [CheckResult("written-alike", "look", message, tuple(shown[:5]))]


def unit_reading(unit: Unit) -> dict[str, str]:
    """A unit -> what it is counted in, in words, where that is not words."""
    return {"errors counted in": COUNTED_IN[unit]} if unit in COUNTED_IN else {}


def scripts_of(texts: Sequence[str]) -> Counter[str]:
    """Texts -> how often letters of each script stand in them, by the first word of their Unicode names."""
    letters = Counter(character for text in texts for character in text if character.isalpha())
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        name = unicodedata.name(letter, "UNKNOWN").split()[0].capitalize()
        if name == "Modifier":  # letters that go with any script
            continue
        scripts["Japanese or Chinese" if name in WRITTEN_TOGETHER else name] += count
    return scripts
