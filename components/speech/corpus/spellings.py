"""Words that some writers of a corpus spell with marks, and some without: one spelling for each.

Vowel signs in Arabic and Hebrew, stress and the dots of ё in Russian, macrons, the hamza on an alef, ß:
writers leave them out. A word changes only where the corpus itself has the plainer spelling, so nothing is
left out of a corpus whose writers agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from components.speech.corpus.letters import CYRILLIC, LOOK_ALIKE
from components.speech.corpus.text import OKINA
from components.study.checks import CheckResult

VOWELS = "\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Arabic, Hebrew
MARKS = re.compile(f"[{VOWELS}]|(?<=[\u0400-\u052f])[\u0300\u0301]")
DROPPED = {"la": "\u0304", "mi": "\u0304", "haw": "\u0304", "el": "\u0301"}  # macrons; capitals of Greek
WITH_OKINAS = ("haw",)
FIRST_APOSTROPHE = re.compile(
    r"(?<![\w'\u2018\u2019`])['\u2018\u2019`]([^\W\d_]+)(?![\w'\u2018\u2019`]*['\u2018\u2019](?!\w))"
)
ANYWHERE = {  # letters that stand for others in the same word, whatever the language
    **{"ş": "ș", "ţ": "ț", "œ": "oe", "æ": "ae", "ة": "\u0647", "\u06c1": "\u0647", "\u06d5": "\u0647"},
    **{"\u06cc": "\u064a", "\u06a9": "\u0643", "\u0329": "\u0323"},
}
DEVANAGARI = {"ँ": "ं", "\u093c": None}
NORDIC = {"æ": "ae", "ø": "oe", "å": "aa"}
LETTERS: dict[str, dict[str, str | None]] = {  # and of languages
    "ar": dict(zip("أإآٱى", "ااااي", strict=True)),
    "fa": {"أ": "ا", "إ": "ا", "ؤ": "و"},
    "ru": {"ё": "е"},
    "be": {"ё": "е"},
    "de": {"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue"},
    **dict.fromkeys(("da", "nb", "no"), NORDIC),
    **dict.fromkeys(("hi", "mr", "ne"), DEVANAGARI),
}
NASAL = re.compile("[ङञणनम]\u094d(?=[क-म])")  # Devanagari, before another consonant: a dot will do
LEAST_CYRILLIC = 0.9  # of a corpus's letters, for words in letters of Latin to be mistyped ones


def spell_alike(texts: Sequence[str], language: str) -> tuple[list[str], list[CheckResult]]:
    """Normalised texts -> the same with one spelling for each word, and what was taken for one."""
    words = Counter(word for text in texts for word in text.split())
    plain = _with_fewer_marks(words, language)
    letters = _with_common_letters(Counter(plain.get(word, word) for word in words.elements()), language)
    one = {word: letters.get(other, other) for word, other in {**letters, **plain}.items()}
    if not one:
        return list(texts), []
    spelled = [" ".join(one.get(word, word) for word in text.split()) for text in texts]
    message = (
        f"{len(one):,} words have another spelling with fewer marks, or with letters that writers put for "
        "one "
        "another, and were taken for the same words."
    )
    shown = tuple(f"{word} = {other}" for word, other in sorted(one.items()))[:5]
    return spelled, [CheckResult("spellings", "look", message, shown)]


def with_okinas(written: Sequence[str], texts: Sequence[str], language: str) -> list[str]:
    """Texts as written, and normalised -> the latter with the okina of words that begin with an apostrophe.

    So they do where the corpus has the same word with an okina, and in Hawaiian, unless it is quoted.
    """
    known = {word[1:] for text in texts for word in text.split() if word[0] == OKINA}
    if not known and language not in WITH_OKINAS:
        return list(texts)
    return [
        _with_okinas(text, set(FIRST_APOSTROPHE.findall(before.lower())), known, language)
        if text and FIRST_APOSTROPHE.search(before)
        else text
        for before, text in zip(written, texts, strict=True)
    ]


def _with_okinas(text: str, quoted: set[str], known: set[str], language: str) -> str:
    """A normalised text, and what is written with an apostrophe before it -> with okinas there."""
    begun = {begin for begin in quoted if begin}
    return " ".join(
        OKINA + word
        if any(word.startswith(begin) for begin in begun) and (word in known or language in WITH_OKINAS)
        else word
        for word in text.split()
    )


def _with_fewer_marks(words: Iterable[str], language: str) -> dict[str, str]:
    """Words -> for some of them that one of the words which is the same but for marks that it lacks."""
    alike = defaultdict(list)
    for word in words:
        if not word.isascii() or language in DROPPED:
            alike[_bare(word, language)].append(word)
    alike = {bare: [*same, bare] if bare in words else same for bare, same in alike.items()}
    return {
        word: min(fewer, key=lambda other: (len(other), other))
        for same in alike.values()
        for word in same
        if (fewer := [other for other in same if other != word and _lacks_marks(other, word)])
    }


def _bare(word: str, language: str) -> str:
    word = MARKS.sub("", word)
    if language not in DROPPED:
        return word
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).replace(DROPPED[language], ""))


def _lacks_marks(other: str, word: str) -> bool:
    """Whether all characters of another spelling stand in the word, in their order."""
    rest = iter(unicodedata.normalize("NFD", word))
    return all(character in rest for character in unicodedata.normalize("NFD", other))


def _with_common_letters(words: Mapping[str, int], language: str) -> dict[str, str]:
    """Words and how often they are said -> the commonest spelling of each that has a commoner one."""
    table = str.maketrans({**ANYWHERE, **LETTERS.get(language.split("-")[0], {})})
    table |= str.maketrans(LOOK_ALIKE[CYRILLIC]) if _is_cyrillic(words) else {}
    alike = defaultdict(list)
    for word in words:
        alike[_with_table(word, table)].append(word)
    common = {bare: max(same, key=lambda word: (words[word], word)) for bare, same in alike.items()}
    return {word: common[bare] for bare, same in alike.items() for word in same if word != common[bare]}


def _with_table(word: str, table: Mapping[int, str | int | None]) -> str:
    plain = unicodedata.normalize("NFD", NASAL.sub("ं", word)) if "\u0329" in word else NASAL.sub("ं", word)
    return unicodedata.normalize("NFC", plain.translate(table))


def _is_cyrillic(words: Mapping[str, int]) -> bool:
    """Whether nearly all letters that are said are Cyrillic, so that a word in Latin ones may be mistyped."""
    letters = Counter[bool]()
    for word, count in words.items():
        letters[bool(re.search(CYRILLIC, word))] += count * len(word)
    return letters[True] >= LEAST_CYRILLIC * letters.total()
