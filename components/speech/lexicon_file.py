"""The text of a pronunciation lexicon in Kaldi's or CMUdict's form -> pronunciations, with probabilities."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from components.speech.arpabet import PHONES
from components.speech.corpus.text import normalise
from components.speech.lexicon import Lexicon, pronounce

VARIANT = re.compile(r"(?<=.)\(\d+\)$")
COMMENT = re.compile(r"\s#.*$")
NO_SPEECH = frozenset(("sil", "spn", "nsn", "lau"))  # phones of Kaldi's entries that are no words
NUMBERS = (0, 1, 4)  # columns of numbers behind the word: lexicon.txt, lexiconp.txt, lexiconp_silprob.txt

Entries = Mapping[str, Mapping[tuple[str, ...], float]]  # {word: {phones: probability}}


@lru_cache(maxsize=4)
def read_lexicon(text: str, language: str = "") -> Entries:
    """Text of a lexicon -> {word, written like the transcripts: {its phones: probability}}.

    A line is a word and its phones (Kaldi's lexicon.txt, CMUdict), or a word, a probability and its phones
    (lexiconp.txt); CMUdict's comments, "WORD(2)" and stress marks are understood. Entries that are no single
    word of a transcript ("<unk>", "!SIL", "forty-two") are left out. Raises ValueError, naming the line.
    """
    lines = list(_lines(text))
    numbers = max((n for n in NUMBERS if all(_begins_with_numbers(row, n) for _, row in lines)), default=0)
    plain = _plain_phone([phone for _, row in lines for phone in row[1 + numbers :]])
    entries: dict[str, dict[tuple[str, ...], float]] = {}
    for number, (word, *row) in lines:
        probability = float(row[0]) if numbers else 1.0
        if not 0 < probability <= 1:
            raise _error(number, "a probability above 0 and up to 1", row[0], "correct it")
        phones = tuple(map(plain, row[numbers:]))
        written = normalise(VARIANT.sub("", word), language)
        if " " not in written and written and not set(map(str.lower, phones)) <= NO_SPEECH:
            variants = entries.setdefault(written, {})
            variants[phones] = max(probability, variants.get(phones, 0.0))
    if not entries:
        raise ValueError("a lexicon expected lines such as 'hello HH AH L OW', got no word; give it some.")
    return entries


def look_up(words: Iterable[str], language: str, text: str) -> Lexicon:
    """Words -> their pronunciations by the text of a lexicon, "" for none; by `pronounce` without one.

    Words that it lacks are pronounced as English words are without it, if it is English and in CMUdict's
    phones. Raises ValueError, naming them, where its phones are others.
    """
    words = list(dict.fromkeys(words))
    if not text:
        return pronounce(words, language)
    entries = read_lexicon(text, language)
    missing = [word for word in words if word not in entries]
    if missing and not can_be_completed(text, language):
        more = f" and {len(missing) - 5:,} more" if len(missing) > 5 else ""
        raise ValueError(
            f"the lexicon expected a pronunciation of every word of the training texts, got none for "
            f"{', '.join(missing[:5])}{more}; add them to it, or write it in CMUdict's phones, to which "
            "English words can be added by rules."
        )
    others = pronounce(missing, language) if missing else {}
    return {word: list(entries[word]) if word in entries else others[word] for word in words}


def lexicon_text(lexicon: Lexicon) -> str:
    """Pronunciations -> the text of a lexicon, as look_up reads it."""
    rows = ((word, phones) for word, variants in lexicon.items() for phones in variants)
    return "".join(f"{word} {' '.join(phones)}\n" for word, phones in rows)


def can_be_completed(text: str, language: str) -> bool:
    """Whether words that a lexicon lacks can be pronounced in its phones: those of CMUdict, for English."""
    used = {phone for variants in read_lexicon(text, language).values() for row in variants for phone in row}
    return language.startswith("en") and used <= PHONES


def known_words(text: str, language: str) -> frozenset[str] | None:
    """The words that can be pronounced with the text of a lexicon; None for any word."""
    if not text or can_be_completed(text, language):
        return None
    return frozenset(read_lexicon(text, language))


def variant_costs(lexicon: Lexicon, language: str, text: str) -> dict[str, list[float]]:
    """Pronunciations and the text of their lexicon -> {word: cost of each}, where some is not 0.

    The likeliest of a word costs nothing, others the natural logarithm of how much likelier that one is.
    """
    if not text:
        return {}
    entries = read_lexicon(text, language)
    costs = {
        word: [math.log(max(entries[word].values()) / entries[word][tuple(row)]) for row in variants]
        for word, variants in lexicon.items()
        if word in entries
    }
    return {word: own for word, own in costs.items() if any(own)}


def check_lexicon(text: str) -> None:
    """Raise ValueError, naming the line, for a text that is no lexicon; a path is none."""
    if text and "\n" not in text:
        raise ValueError(f"a lexicon expected lines of a word and its phones, got {text!r}; give its text.")
    if text:
        read_lexicon(text)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Text -> (line number, word and what follows it), without comments and empty lines."""
    for number, line in enumerate(text.splitlines(), 1):
        row = COMMENT.sub("", line).split()
        if not row or line.startswith((";;;", "##")):
            continue
        if len(row) == 1:
            raise _error(number, "a word and its phones", repr(line.strip()), "write its phones behind it")
        yield number, row


def _begins_with_numbers(row: Sequence[str], count: int) -> bool:
    try:
        return len(row) > 1 + count and all(float(number) >= 0 for number in row[1 : 1 + count])
    except ValueError:
        return False


def _plain_phone(phones: Iterable[str]):
    """All phones of a lexicon -> what takes off the stress marks, where they are CMUdict's phones."""
    used = {phone for phone in phones if phone.lower() not in NO_SPEECH}
    return _without_stress if {phone.rstrip("012") for phone in used} <= PHONES else str


def _without_stress(phone: str) -> str:
    return phone.rstrip("012")


def _error(line: int, expected: str, got: str, way_out: str) -> ValueError:
    return ValueError(f"line {line} expected {expected}, got {got}; {way_out}.")
