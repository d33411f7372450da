"""Numbers in transcripts: written out as words where some transcripts have words for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from components.speech.corpus.figures import FIGURE, IN_A_NAME, read_figure
from components.speech.corpus.number_words import as_counted, speller
from components.speech.corpus.symbols import said_in_words, without_small_digits
from components.speech.corpus.text import normalise
from components.study.checks import CheckResult

WITHIN_A_NAME = re.compile(r"\d(?=[^\W\d_])|(?<=[^\W\d_])\d")
LETTER = re.compile(r"[^\W\d_]")
UNIT = re.compile(  # of two letters and more: those of one may be part of a name
    r"(?:[kmµ]g|[kcmµn]m|[mcd]l|k?m/h|[kmg]?hz|[kmgt]b|[kmg]w|kwh|min|sec|[ap]\.?m\.?)(?![^\W_])",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
DECIMALS = re.compile(r"\d[.,]\d")


def write_out(texts: Sequence[str], language: str) -> tuple[list[str], list[CheckResult]]:
    """Transcripts -> the same with numbers as words of the language, and what was done.

    Nothing changes where all transcripts are numbers, and in names that digits are part of ("w01"). Numbers
    stay where num2words does not know the language, or where they are said as other words, as in dates.
    """
    if not any(map(DIGIT.search, texts)):
        return [without_small_digits(text) for text in texts], []
    if texts and not any(map(LETTER.search, texts)) and any(map(FIGURE.search, texts)):
        return list(texts), [_all_numbers([text for text in texts if normalise(text)])]
    named = [said_in_words(text, language) for text in texts]
    with_digits = [
        text for text, own in zip(texts, named, strict=True) if FIGURE.search(text) and _has_number(own, text)
    ]
    plain = [without_small_digits(text) for text in named]
    if not with_digits:
        return plain, _names_check(texts)
    spell = speller(language)
    if spell is None:
        return plain, [_left(with_digits, texts, language)]
    read = [_read(text, spell, language) for text in plain]
    spelled = [text for text, _ in read]
    uncertain = [before for before, (_, certain) in zip(texts, read, strict=True) if not certain]
    checks = [_written_out(with_digits, texts, language), *_uncertain_check(uncertain, len(texts))]
    return spelled, [*checks, *_names_check(spelled)]


def _has_number(named: str, text: str) -> bool:
    """Whether a text has a number: one that is words now, or one that is no part of a name."""
    figures = FIGURE.finditer(named)
    return named != text or any(not _is_name(figure[0], named[figure.end() :]) for figure in figures)


def _read(text: str, spell: Callable[[str], str], language: str) -> tuple[str, bool]:
    """A text -> the same with figures as words, and whether they are surely said so."""
    certain = True

    def words(match: re.Match) -> str:
        nonlocal certain
        before, after = text[: match.start()], text[match.end() :]
        if _is_name(match[0], after):
            return match[0]
        if counted := as_counted(match[0], after, language):
            return f" {counted} "
        figure = read_figure(match[0], before, after, language)
        certain = certain and figure.certain
        return f" {' '.join(figure.numbers if figure.kept else map(spell, figure.numbers))} "

    return FIGURE.sub(words, text), certain


def _is_name(figure: str, after: str) -> bool:
    """Whether a figure is part of a name, such as the 3 of 3D; 2.5kg and 10am are none."""
    return bool(IN_A_NAME.match(after)) and not UNIT.match(after) and not DECIMALS.search(figure)


def _names_check(texts: Sequence[str]) -> list[CheckResult]:
    """A result if digits stand within words that hold letters, too, such as mp3: they stay as they are."""
    words = dict.fromkeys(word for text in texts for word in text.split() if WITHIN_A_NAME.search(word))
    if not words or all(WITHIN_A_NAME.search(text) for text in texts):
        return []
    message = (
        f"{len(words):,} words hold digits beside letters and were left as they are; if others write them "
        "as they are said, write them alike."
    )
    return [CheckResult("digits-in-words", "look", message, tuple(words)[:5])]


def _all_numbers(texts: Sequence[str]) -> CheckResult:
    return CheckResult(
        "numbers-only",
        "look",
        f"All {len(texts):,} transcripts are numbers ({len(set(texts)):,} different ones). If they are "
        "numbers of classes, and not what is said, write what is said: pronunciations are looked up.",
        tuple(dict.fromkeys(texts))[:5],
    )


def _left(with_digits: Sequence[str], texts: Sequence[str], language: str) -> CheckResult:
    return CheckResult(
        "numbers",
        "look",
        f"{len(with_digits):,} of {len(texts):,} transcripts hold digits, which cannot be written out in "
        f"this language ({language}): the same number as a word counts as another word. Write them as words.",
        tuple(dict.fromkeys(with_digits))[:5],
    )


def _written_out(with_digits: Sequence[str], texts: Sequence[str], language: str) -> CheckResult:
    return CheckResult(
        "numbers",
        "look",
        f"{len(with_digits):,} of {len(texts):,} transcripts hold digits; they were written out as words of "
        f"{language}, one way of several to say them.",
        tuple(dict.fromkeys(with_digits))[:5],
    )


def _uncertain_check(uncertain: Sequence[str], total: int) -> list[CheckResult]:
    if not uncertain:
        return []
    message = (
        f"{len(uncertain):,} of {total:,} transcripts hold figures that can be said in several ways, such as "
        "times, dates, ranges and ordinals. Each number in them was read by itself, or left as a figure. "
        "Write them as they are said."
    )
    verdict = "stop" if len(uncertain) > total / 50 else "look"
    return [CheckResult("numbers-uncertain", verdict, message, tuple(dict.fromkeys(uncertain))[:5])]
