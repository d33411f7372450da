"""Letters that have several codes, or are typed as others that look the same: one code for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from components.study.checks import CheckResult

JAMO = re.compile("[^\u3131-\u318e]+")  # letters of Hangul that stand alone stay as they are
BEFORE = str.maketrans(
    {
        **{"\u309b": "\u3099", "\u309c": "\u309a"},  # the dots of kana, typed as characters of their own
        **{"\u05f0": "\u05d5\u05d5", "\u05f1": "\u05d5\u05d9", "\u05f2": "\u05d9\u05d9"},  # Yiddish
    }
)
VIRAMA_JOINED = {  # letters of Malayalam and Bengali, as once typed with a joiner -> as one code
    **{
        "\u0d23\u0d4d": "\u0d7a",
        "\u0d28\u0d4d": "\u0d7b",
        "\u0d30\u0d4d": "\u0d7c",
        "\u0d32\u0d4d": "\u0d7d",
    },
    **{"\u0d33\u0d4d": "\u0d7e", "\u0d15\u0d4d": "\u0d7f", "\u09a4\u09cd": "\u09ce"},
}
JOINED = re.compile(f"({'|'.join(VIRAMA_JOINED)})\u200d")
SARA_AM = {  # Thai and Lao: one vowel, which NFKC takes apart, and tones may be typed within
    "\u0e33": re.compile("([\u0e48-\u0e4b]?)\u0e4d([\u0e48-\u0e4b]?)\u0e32"),
    "\u0eb3": re.compile("([\u0ec8-\u0ecb]?)\u0ecd([\u0ec8-\u0ecb]?)\u0eb2"),
}
ODD = re.compile(  # what NFKC does not make one, in the scripts of these
    "[\u05f0-\u05f2\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u200d\u309b\u309c\u3131-\u318e\uff9e\uff9f]"
)
SARA_AE = "\u0e40\u0e40", "\u0e41"  # Thai, one vowel typed as two
MARKS = re.compile(  # Thai, Lao, Khmer and Burmese, whose marks Unicode leaves in the order of typing
    "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}|[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]{2,}|[\u17b6-\u17d1]{2,}"
    "|[\u102b-\u1032\u1036]{2,}"
)
FIRST_MARKS = "\u17c9\u17ca\u1031"  # written before the others, though their codes are higher
LATIN, CYRILLIC, GREEK = "[A-Za-z\u00c0-\u024f\u0259]", "[\u0400-\u052f]", "[\u0370-\u03ff]"
LOOK_ALIKE = {  # script -> its letters for those of Latin
    CYRILLIC: dict(zip("ABCEHIJKMOPTXYaceijopxyhkƏə", "АВСЕНІЈКМОРТХУасеіјорхуһкӘә", strict=True)),
    GREEK: dict(zip("ABEZHIKMNOPTYXovu", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ", strict=True)),
}
LATIN_FOR = {script: {other: latin for latin, other in table.items()} for script, table in LOOK_ALIKE.items()}
del LATIN_FOR[CYRILLIC]["к"]  # of Russian endings behind a Latin word
LATIN_FOR[GREEK] |= {"ε": "ɛ"}  # African languages
WORD = re.compile("[^\\W\\d_][\\w\u0300-\u036f]*")
ANY_LATIN, ANY_OTHER = re.compile(LATIN), re.compile("[\u0370-\u052f]")
TONES = "\u0300\u0301\u0303\u0309\u0323"  # of Vietnamese
TONE_LAST = re.compile(f"(?<!q)(o(?=[ae])|u(?=y))([aey])([{TONES}])(?![\\w\u0300-\u036f])", re.IGNORECASE)
TONE_OF_QU = re.compile(f"(qu)([{TONES}])([aeiouy])", re.IGNORECASE)
BREATHINGS = re.compile("(?<=[α-ωΑ-Ω])[\u0300-\u036f]+")
LAST_SIGMA, OTHER_SIGMA = re.compile("(?<=\\w)σ(?!\\w)"), re.compile("ς(?=\\w)")
GEMINATE = re.compile("(?<=[a-zà-ú]l)[.\u2022](?=l[a-zà-ú])", re.IGNORECASE)  # Catalan
QUOTED = re.compile('(?<=\\w)["*\u201d](?=[яюєїёе])', re.IGNORECASE)  # for the apostrophe of Ukrainian
OF_LANGUAGE = {  # letters that stand for others in these languages
    "fa": str.maketrans("\u064a\u0649\u0643", "\u06cc\u06cc\u06a9"),
    "ur": str.maketrans("\u064a\u0649\u0643\u0647", "\u06cc\u06cc\u06a9\u06c1"),
    "ar": str.maketrans("\u06cc\u06a9\u06aa", "\u064a\u0643\u0643"),
    "ro": str.maketrans("\u015f\u0163\u015e\u0162", "\u0219\u021b\u0218\u021a"),
}
TURKISH = ("tr", "az")


def compatible(text: str) -> str:
    """A text -> NFKC of it, but for single letters of Hangul, with marks in one order."""
    if not ODD.search(text):
        return unicodedata.normalize("NFKC", text)
    text = JOINED.sub(lambda match: VIRAMA_JOINED[match[1]], text.translate(BEFORE))
    text = JAMO.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text).replace(*SARA_AE)
    for vowel, pattern in SARA_AM.items():
        text = pattern.sub(rf"\1\2{vowel}", text)
    return MARKS.sub(_in_order, text)


def with_last_sigmas(text: str) -> str:
    """A text in lower case -> the same with the last sigma of Greek at the end of words, and only there."""
    return LAST_SIGMA.sub("ς", OTHER_SIGMA.sub("σ", text)) if "σ" in text or "ς" in text else text


def _in_order(match: re.Match) -> str:
    return "".join(sorted(match[0], key=lambda mark: (mark not in FIRST_MARKS, mark)))


def in_one_script(text: str) -> str:
    """A text -> the same with words of one script each, where letters of another only look like its own."""
    if text.isascii() or not ANY_OTHER.search(text) or not ANY_LATIN.search(text):
        return text
    return WORD.sub(_in_one_script, text)


def _in_one_script(match: re.Match) -> str:
    plain = unicodedata.normalize("NFD", match[0])
    latin = re.findall(LATIN, plain)
    for script, table in LOOK_ALIKE.items():
        other = re.findall(script, plain)
        if not latin or not other or (script == GREEK and max(len(latin), len(other)) < 2):
            continue
        for alike, replaced, kept in ((table, latin, other), (LATIN_FOR[script], other, latin)):
            if len(replaced) <= len(kept) and alike.keys() >= set(replaced):
                return unicodedata.normalize("NFC", plain.translate(str.maketrans(alike)))
    return match[0]


def in_letters_of(text: str, language: str) -> str:
    """A text -> the same in the letters of a language: all of `normalise` that depends on the language."""
    language = language.split("-")[0]
    if language in OF_LANGUAGE:  # a language model is a long text
        text = text.translate(OF_LANGUAGE[language])
    if language in TURKISH:
        text = text.replace("I\u0307", "İ").replace("I", "ı").replace("İ", "i")
    return RULES[language](text) if language in RULES else text


def _vietnamese(text: str) -> str:
    """Tones of open syllables on the first of two vowels: hòa for hoà; that of quý on its only one."""
    plain = TONE_OF_QU.sub(r"\1\3\2", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", TONE_LAST.sub(r"\1\3\2", plain))


def _greek(text: str) -> str:
    """With one accent, as Greek is written since 1982."""
    plain = BREATHINGS.sub(_one_accent, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain)


def _one_accent(marks: re.Match) -> str:
    accent = "\u0301" if any(mark in "\u0300\u0301\u0342" for mark in marks[0]) else ""
    return ("\u0308" if "\u0308" in marks[0] else "") + accent


RULES = {
    "vi": _vietnamese,
    "el": _greek,
    "ca": lambda text: GEMINATE.sub("\u00b7", text),
    "uk": lambda text: QUOTED.sub("'", text),
    "be": lambda text: QUOTED.sub("'", text),
}


def letter_check(texts: Sequence[str], language: str) -> list[CheckResult]:
    """Transcripts in a language -> which words had letters of another script or code that look the same."""
    before = [unicodedata.normalize("NFC", compatible(text)) for text in texts]
    after = [with_one_code(text, language) for text in before]
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    if not changed:
        return []
    words = [pair for old, new in changed for pair in zip(old.split(), new.split(), strict=False)]
    message = (
        f"{len(changed):,} of {len(texts):,} transcripts have letters in place of others that look the same, "
        "or are the same in this language; they were written alike."
    )
    shown = dict.fromkeys(f"{old} = {new}" for old, new in words if old != new)
    return [CheckResult("letters", "look", message, tuple(shown)[:5])]


def with_one_code(text: str, language: str) -> str:
    """A text in a language -> the same with one code for each letter; capitals stay."""
    text = in_one_script(text)
    return text if language.split("-")[0] in TURKISH else in_letters_of(text, language)
