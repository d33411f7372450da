"""Names of speakers -> one spelling for each that is written in several ways."""

from __future__ import annotations

import html
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from components.speech.corpus.readers.files import AUDIO_ENDINGS

SPEED_COPY = re.compile(r"^(?:sp|vp)\d\.\d+-|^(?:rev|noise|babble|music)\d*-(?=\w)|[-_]sp\d\.\d+$")
ALTERED = (
    "sp(?:eed)?|vp|vol(?:ume)?|tempo|pitch|perturb(?:ed)?|slow|fast|rev(?:erb(?:ed)?)?|rvb|rir|nois[ey]|babble|music"
    "|aug(?:mented)?|copy"
)
COPY = re.compile(rf"[-_. ](?:(?:{ALTERED})[-_]?x?\d*(?:\.\d+)?x?|x?\d\.\d+x?)$", re.IGNORECASE)
NO_NUMBER = re.compile(r"(?<!\d)0+(?=\d)|(?<=\d)\.0$")  # leading zeros, and what a table adds
BETWEEN = (
    r"[\s_.\-\u2010-\u2015'\u2018\u2019\u02bc`\u00b4]+"  # what is written between parts of a name, or not
)
JOINED = re.compile(rf"(?<=[^\W\d]){BETWEEN}(?=\w)|(?<=\w){BETWEEN}(?=[^\W\d])")
AROUND = "\"'`.,;:!()[]{}<>*\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb "
UNKNOWN = frozenset(
    (
        *("unknown", "none", "null", "nan", "n/a", "na", "anonymous", "unk", "-", "?", "<na>", "n.a", "anon"),
        *("unknown speaker", "speaker unknown", "unknown_speaker", "not known", "not available", "undefined"),
        *("unnamed", "unidentified", "missing", "-1", "nobody", "no name"),
        *("unbekannt", "inconnu", "desconocido"),
    )
)
IN_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
IN_ONE_LETTER = str.maketrans(
    {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "t"}
)
WITH_ACCENTS = ("LATIN", "GREEK", "CYRILLIC")  # elsewhere marks are vowels or tones of the name


def plain_speaker(name: str) -> str:
    """A speaker's name as written -> without capitals, marks of copies, and spaces and brackets around.

    "" for a word that stands for nobody, such as "unknown".
    """
    visible = "".join(one for one in html.unescape(name) if unicodedata.category(one) != "Cf")
    plain = " ".join(unicodedata.normalize("NFKC", visible).casefold().split())
    if plain in UNKNOWN or plain.strip(AROUND) in UNKNOWN:
        return ""
    stem, ending = os.path.splitext(plain.strip(AROUND) or plain)
    named = stem if ending in AUDIO_ENDINGS else stem + ending
    return unicodedata.normalize("NFKC", SPEED_COPY.sub("", named))


def original_of(name: str) -> str:
    """A recording's name -> that of the original, where it is one that altered copies are given.

    "sp0.9-anna", "anna_1.1x", "anna-reverb.wav" -> "anna", "anna", "anna.wav".
    """
    stem, ending = os.path.splitext(name)
    if ending.lower() not in AUDIO_ENDINGS:
        stem, ending = name, ""
    return COPY.sub("", SPEED_COPY.sub("", stem)) + ending


def one_name_each(names: Sequence[str]) -> list[str]:
    """Plain names of speakers -> one for all that are one person's: "spk1", "spk_01" and "spk1_reverb"."""
    people = set(names)
    originals = {name: original_of(name) for name in people}
    originals = {name: one for name, one in originals.items() if one != name and one in people}
    alike = defaultdict(list)
    rest = sorted(people - originals.keys(), key=lambda name: (len(name), name))
    with_accents = _with_accents({_key(name) for name in rest})
    for name in rest:
        alike[with_accents.get(_key(name), _key(name))].append(name)
    first = {name: spellings[0] for spellings in alike.values() for name in spellings}
    return [first[originals.get(name, name)] for name in names]


def _key(name: str) -> str:
    """A plain name -> what spellings of one share: no marks between, no leading zeros, "b, a" as "a b"."""
    if name.count(",") == 1:
        name = " ".join(reversed(name.split(",")))
    return NO_NUMBER.sub("", JOINED.sub("", name.strip())) or name


def _with_accents(keys: Iterable[str]) -> Mapping[str, str]:
    """Keys of names -> those without accents that are the same as one with accents: "jose" -> "josé".

    "mueller" and "muller" -> "müller"; nothing where two names differ in accents alone, as "hà" and "hạ".
    """
    accented: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        for form in _without_accents(key) - {key}:
            accented[form].add(key)
    return {form: min(names) for form, names in accented.items() if len(names) == 1}


def _without_accents(key: str) -> set[str]:
    """A key -> how it is written without accents, by single letters or as in German and Danish."""
    if key.isascii():
        return {key}
    return {_bare(key.translate(IN_TWO_LETTERS)), _bare(key.translate(IN_ONE_LETTER))}


def _bare(key: str) -> str:
    kept = []
    for letter in unicodedata.normalize("NFD", key):
        is_mark = unicodedata.category(letter) == "Mn"
        if not (is_mark and kept and unicodedata.name(kept[-1], "").startswith(WITH_ACCENTS)):
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))
