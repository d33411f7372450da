"""The language of a corpus: what its manifest calls it -> a voice of eSpeak NG, or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from components.speech import espeak
from components.speech.corpus.english import (
    LEAST_OWN,
    LIKELY,
    SURE,
    english_share,
    own_share,
    own_words,
    words_of,
)
from components.speech.corpus.number_language import languages_of_numbers
from components.speech.corpus.scripts import language_of_script
from components.speech.lexicon import NO_LANGUAGE
from components.study.checks import CheckResult, percent

NONE = NO_LANGUAGE  # no language whose rules of pronunciation are known: words are read letter by letter
ENGLISH = "en-us"
FARTHEST = 9  # langcodes: 1 to 9 are dialects, or written and spoken forms of one language
CANTONESE = ("HK", "MO")  # regions; written Chinese is read as Mandarin elsewhere
NO_NAMES = (
    "und mul mis unknown n/a na nan null - ? <na> zxx 0 c posix none unk undefined undetermined other"
    " mixed multi multilingual various auto tbd false true default any all language"
)
UNNAMED = frozenset(NO_NAMES.split())
AROUND = "'\"<>[](){} "
SEVERAL = re.compile(r"\s*(?:[,;/|&+]|\band\b)\s*")  # between languages that one name lists
MIXED = 0.2  # of the words said, of English alone, where another language is named
MANY_SILENT = 0.1  # of the recordings, without a language where others have one
LEAST_WORDS = 5  # different ones, by which another language is doubted


@dataclass(frozen=True)
class Language:
    """A corpus's language: the code eSpeak NG knows, or "none"; how it was found, for people; and checks."""

    code: str
    how: str
    checks: tuple[CheckResult, ...] = ()


def find_language(declared: Sequence[str], texts: Sequence[str], asked: str = "") -> Language:
    """What recordings name as their language, their texts, and what the user asks for -> the language.

    Raises ValueError for an asked one that eSpeak NG does not speak.
    """
    if asked:
        return _asked(asked)
    named = Counter(name for name in declared if name and name.strip(AROUND).lower() not in UNNAMED)
    if not named:
        return _guessed(texts)
    codes = Counter[str]()
    for name, count in named.items():
        codes.update(dict.fromkeys(_codes(name), count))
    code, _ = codes.most_common(1)[0]
    original = next(name for name, _ in named.most_common() if code in _codes(name))
    checks = [*_named_checks(codes, named), *_partly_check(declared, named, code)]
    checks += _english_check(code, original, texts)
    return Language(code, f"{_called(code)}, as the manifest says ({original})", tuple(checks))


def _codes(name: str) -> list[str]:
    """A name in a manifest -> the codes of the languages that it lists: "de/en" -> de and en-us."""
    name = name.partition(";q=")[0]
    listed = [espeak_code(one) for one in SEVERAL.split(name)]
    known = [code for code in dict.fromkeys(listed) if code != NONE]
    return known if len(listed) > 1 and known else [espeak_code(name)]


@lru_cache(maxsize=1024)
def espeak_code(language: str) -> str:
    """A code of ISO 639 or BCP 47, or an English name ("zh-CN", "deu", "French") -> eSpeak NG's code.

    Whole codes are compared, by the distances of Unicode's CLDR (langcodes), never their first letters.
    "none" where eSpeak NG speaks nothing near it.
    """
    import langcodes

    plain, known = language.strip(AROUND).lower().replace("_", "-"), espeak.languages()
    if plain in known:
        return plain
    if chinese := _chinese(plain.partition(".")[0]):
        return chinese
    supported = [code for code in known if langcodes.tag_is_valid(code)]
    for tag in filter(None, (plain.partition(".")[0], _by_name(language))):
        try:
            return langcodes.closest_supported_match(tag, supported, max_distance=FARTHEST) or NONE
        except langcodes.LanguageTagError:
            continue
    return NONE


def _chinese(tag: str) -> str:
    """A tag of Chinese as it is written -> what is spoken there; "" for other languages."""
    import langcodes

    try:
        language = langcodes.Language.get(tag)
    except langcodes.LanguageTagError:
        return ""
    if language.language != "zh" or (language.extlangs or []):
        return ""
    return "yue" if language.territory in CANTONESE else "cmn"


def _by_name(language: str) -> str:
    import langcodes

    try:
        return langcodes.find(language).to_tag()
    except LookupError:
        return ""


def _called(code: str) -> str:
    """A code -> the name of the voice and the code."""
    return "no language with known pronunciations" if code == NONE else f"{espeak.languages()[code]} [{code}]"


def _asked(asked: str) -> Language:
    code = asked if asked == NONE else espeak_code(asked)
    if code == NONE != asked:
        raise ValueError(
            f"language expected one that eSpeak NG speaks, got {asked!r}; --language none reads words letter "
            "by letter."
        )
    return Language(code, f"{_called(code)}, as asked for")


def _named_checks(codes: Counter[str], named: Counter[str]) -> tuple[CheckResult, ...]:
    shown = ", ".join(f"{name} ({count:,})" for name, count in named.most_common(5))
    checks = []
    if len(codes) > 1:
        dialects = len({code.split("-")[0] for code in codes}) == 1
        kinds = "kinds of one language" if dialects else "languages"
        checks.append(
            CheckResult(
                "languages",
                "look" if dialects else "stop",
                f"The recordings are in {len(codes)} {kinds} ({shown}), and one set of pronunciations "
                "would be used for all. Make a corpus of each, or name one for all with --language.",
            )
        )
    elif NONE in codes:
        checks.append(
            CheckResult(
                "language-unknown",
                "look",
                f"eSpeak NG speaks no language near {shown}, so words are taken letter by letter; modular "
                "recognisers need more data then. A related language can be named with --language.",
            )
        )
    return tuple(checks)


def _english_check(code: str, original: str, texts: Sequence[str]) -> tuple[CheckResult, ...]:
    """A result if the texts are English, or partly so, and another language is named."""
    words = words_of(texts)
    if code.split("-")[0] == "en" or len(words) < LEAST_WORDS:
        return ()
    if (share := english_share(words)) >= SURE:
        message = (
            f"The language is named as {original}, and {percent(share)} of the words are English. If they "
            f"are said in English, take --language {ENGLISH}, or they are pronounced by other rules."
        )
        return (CheckResult("language-looks-english", "look", message),)
    if (share := own_share(words)) < MIXED:
        return ()
    message = (
        f"The language is named as {original}, and at least {percent(share)} of the words are English. All "
        "are pronounced by the rules of one language: make a corpus of each, or say how words are said in a "
        "--lexicon."
    )
    return (CheckResult("languages-mixed", "look", message, tuple(own_words(words)[:5])),)


def _partly_check(declared: Sequence[str], named: Counter[str], code: str) -> tuple[CheckResult, ...]:
    """A result if some recordings name a language, and many do not."""
    silent = len(declared) - named.total()
    if silent < MANY_SILENT * len(declared):
        return ()
    message = (
        f"{silent:,} of {len(declared):,} recordings name no language and were taken for {_called(code)}, as "
        "the others. If they are in another one, name it, or make a corpus of each."
    )
    return (CheckResult("language-partly-named", "look", message),)


def _guessed(texts: Sequence[str]) -> Language:
    """Texts without a language -> that of their script; English if they look like it, or nothing tells; else
    none."""
    words = words_of(texts)
    if not words:
        return Language(
            ENGLISH, f"{_called(ENGLISH)}, as no language is named and no word tells it", (NO_WORD,)
        )
    code, share = language_of_script(words)
    if code:
        how = f"{_called(code)}, as no language is named and {percent(share)} of the letters are its own"
        return Language(code, how)
    share, own = english_share(words), own_share(words) >= LEAST_OWN
    if share >= SURE or (share >= LIKELY and own):
        how = f"{_called(ENGLISH)}, as no language is named and {percent(share)} of the words are English"
        return Language(ENGLISH, how, () if share >= SURE and own else (_doubt(share, words),))
    check = CheckResult(
        "language-not-named",
        "look",
        f"No language is named, and {percent(share)} of the words are in an English dictionary, so words are "
        f"taken letter by letter. {_hint(words)}Name it with --language, or in a column language.",
    )
    return Language(NONE, f"{_called(NONE)}, as none is named and the words are not English", (check,))


NO_WORD = CheckResult(
    "language-guessed",
    "look",
    "No language is named, and texts without a word tell none, so they are read in English. If it is another "
    "one, name it with --language, or in a column language.",
)


def _doubt(share: float, words: Collection[str]) -> CheckResult:
    message = (
        f"No language is named, and English is taken, as {percent(share)} of the words are in an English "
        f"dictionary, which has words of other languages, too. {_hint(words)}If it is another one, name it "
        "with --language, or in a column language."
    )
    return CheckResult("language-guessed", "look", message)


def _hint(words: Collection[str]) -> str:
    """Words -> a sentence on the language whose numbers they are, with a space behind; "" for none."""
    codes = languages_of_numbers(words)
    return (
        f"They look like numbers: {' or '.join(_called(espeak_code(code)) for code in codes)}. "
        if codes
        else ""
    )
