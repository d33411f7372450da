"""Figures in a text, such as 1,000.5, 10:30 or 2020-05-03: which numbers they hold, and if that is all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SPACES = "\u00a0\u202f\u2009"  # which keep the groups of a number together
LETTERS = r"a-zA-Z_\u00aa\u00b5\u00ba\u00c0-\u058f"  # that make a name such as w01 of a number, unlike 5月
FIGURE = re.compile(
    rf"(?<![\d{LETTERS}])(?<!\d[.,:/'\u2019-])"
    rf"(?>\d+(?:[.,:/'\u2019\u066b\u066c\u2010-\u2014{SPACES}-]\d+|[ ]\d{{3}}(?!\d))*)"
)
IN_A_NAME = re.compile(rf"[{LETTERS}]")
POINT = (  # decimals behind a point
    *("en", "ja", "ko", "th", "he", "bn", "kn", "te", "hi", "cmn", "yue", "ms", "sw"),
)
CHINESE = ("cmn", "yue")
DOTTED = (  # languages that write ordinals as figures with a point
    *("de", "da", "nb", "no", "fi", "et", "lv", "is", "fo", "hu", "cs", "sk", "sl", "hr", "sr", "bs", "pl"),
    *("tr", "az", "eu", "lb"),
)
INFLECTED = re.compile(r"[-\u2010\u2011'\u2019:][^\W\d_]")  # 5-й, 5'te, 1:a
COMPOUNDS = (  # a hyphen stands before a word of its own
    *("en", "de", "nl", "sv", "da", "nb", "no", "fr", "es", "it", "pt", "ca", "ko", "ja", "id"),
)
AGREES = (  # one is said otherwise before a noun of another gender or case
    *("de", "sv", "da", "nb", "no", "fr", "es", "it", "pt", "ca", "ro", "ru", "uk", "be", "pl", "cs", "sk"),
    *("sl", "hr", "sr"),
)
ONE = re.compile(r"1|\d*[02-9]1")
NOUN = re.compile(r"\s[^\W\d_]")
PAIR = re.compile("[\u4e00-\u9fff](?<![月日号號楼樓层層路])")  # Chinese has two words for two of them
ORDINAL = re.compile(r"\.\s+([^\W\d_])")
NOUNS_IN_CAPITALS = ("de", "lb")
GROUPED = re.compile(rf"\d{{1,3}}([.,' {SPACES}])\d{{3}}(?:\1\d{{3}})*")
INDIAN = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}")
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}([./-])\d{1,2}\2\d{1,2}")
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


@dataclass(frozen=True)
class Figure:
    """numbers: in plain digits, with a point before decimals. certain: whether they are said so, one by one.

    kept: whether they are said as other words, such as those of a date.
    """

    numbers: tuple[str, ...]
    certain: bool = True
    kept: bool = False


def read_figure(written: str, before: str, after: str, language: str) -> Figure:
    """A figure, the text before and behind it, a language -> the numbers in it."""
    code = language.split("-")[0]
    figure = _plain(written, code)
    parts = tuple(re.findall(r"\d+", figure))
    if _is_inflected(after, code):
        return Figure(parts, certain=False, kept=True)
    if (number := _number(figure, code)) and not _is_listed(figure, before, after, code):
        return Figure((number,), not _has_several_words(number, after, code))
    if DATE.fullmatch(figure):
        return Figure(parts, certain=False, kept=True)
    if TIME.fullmatch(figure):
        return Figure(parts, certain=code == "en" and len(parts) == 2 and parts[1][0] != "0")
    marks = set(re.sub(r"\d", "", figure))
    if marks == {"."}:
        return Figure(parts, certain=False, kept=True)
    single = all(len(part) == 1 for part in parts) and len(parts) > 2
    return Figure(parts, certain=single or marks <= {",", " ", "/"})  # a slash is told as a symbol


def _has_several_words(number: str, after: str, code: str) -> bool:
    """Whether a number is said in several ways before what is behind it, or by its decimals, as 3.50."""
    if code in AGREES and NOUN.match(after):
        return bool(ONE.fullmatch(number) if code != "de" else number == "1")
    if code in CHINESE and number == "2":
        return bool(PAIR.match(after))
    return bool(re.search(r"\.\d+0$", number))


def _is_listed(figure: str, before: str, after: str, code: str) -> bool:
    """Whether the spaces of a figure stand between several numbers."""
    if " " not in figure:
        return False
    if code in POINT and set(figure.split(" ")[1:]) != {"000"}:
        return True
    return bool(re.search(r"\d $", before) or re.match(r" \d", after))


def _plain(written: str, code: str) -> str:
    """A figure in the digits and marks of ASCII."""
    figure = "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in written)
    decimals, groups = (".", ",") if code in POINT else (",", ".")
    figure = figure.replace("\u066b", decimals).replace("\u066c", groups).replace("\u2019", "'")
    return re.sub("[\u2010-\u2014]", "-", figure)


def _number(figure: str, code: str) -> str:
    """A figure -> the one number that it is, in plain digits with a point before its decimals; "" for others.

    Before three digits, a language's own decimal mark stands for decimals, the other one for groups.
    """
    mark = "." if code in POINT else ","
    whole, _, decimals = figure.rpartition(mark)
    if decimals.isdigit() and (whole.isdigit() or (mark not in whole and _ungrouped(whole))):
        return f"{_ungrouped(whole) or whole}.{decimals}"
    if figure.isdigit():
        return figure
    if whole := _ungrouped(figure):
        return whole
    whole, _, decimals = figure.rpartition("," if mark == "." else ".")  # 1.5 in German, 1,5 in English
    return f"{whole}.{decimals}" if whole.isdigit() and decimals.isdigit() else ""


def _ungrouped(figure: str) -> str:
    """A figure -> its digits if it is a whole number in groups, "" for others."""
    groups = GROUPED.fullmatch(figure) or INDIAN.fullmatch(figure)
    return re.sub(r"\D", "", figure) if groups and figure[0] != "0" else ""


def _is_inflected(after: str, code: str) -> bool:
    """By the text behind a figure, whether it is an ordinal, or has an ending: 1. Mai, 5-й, 5'te, 1:a."""
    if code in DOTTED and (match := ORDINAL.match(after)):
        return code in NOUNS_IN_CAPITALS or match[1].islower()
    ending = INFLECTED.match(after)
    return bool(ending) and not (code in COMPOUNDS and ending[0][0] != ":")
