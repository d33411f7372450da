"""Symbols in transcripts that are said, such as % and $: as words where it is certain which, or told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from components.speech.corpus.ordinals import ordinals_in_words
from components.study.checks import CheckResult

SAID = re.compile(
    r"[%\u066a\uff05$€£¥₹₽₩₺\uff04\uffe1\uffe5&@+=°#½⅓⅔¼¾⅛№℃℉‰×÷±]|(?<=\d)(?:\.?[ºª]|[²³¹])"
    r"|(?<!\S)[-\u2212](?=\d)|(?<=\d)/(?=\d)"
)
SMALL = re.compile(  # digits of no number of their own
    "[½⅓⅔¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚№℃℉]|(?<=\\d)[²³¹⁰⁴-⁹]+|(?<=\\d)\\.?[ºª]"
)
PERCENT = {  # one word, whatever the number
    **{"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento", "it": "per cento"},
    **{"pt": "por cento", "nl": "procent", "sv": "procent", "da": "procent", "nb": "prosent"},
    **{"pl": "procent", "hu": "százalék", "id": "persen", "vi": "phần trăm", "ja": "パーセント"},
    **{"ko": "퍼센트", "th": "เปอร์เซ็นต์", "ca": "per cent", "el": "τοις εκατό", "hi": "प्रतिशत"},
    **{"bn": "শতাংশ"},
}
PERCENT_BEFORE = {"tr": "yüzde ", "cmn": "百分之", "yue": "百分之"}
WIDE_POINT = re.compile(r"(?<=\d)\uff0e(?=\d)")
PERCENTS = "[%\u066a\uff05]"
CURRENCIES = {  # language -> symbol -> the words for one, and for several; no one where the number changes
    "en": {"$": ("dollar", "dollars"), "£": ("pound", "pounds"), "€": ("euro", "euros"), "¥": ("yen", "yen")},
    "de": {"€": ("", "Euro"), "$": ("", "Dollar"), "£": ("", "Pfund")},
    "fr": {"€": ("euro", "euros"), "$": ("dollar", "dollars")},
    "es": {"€": ("", "euros"), "$": ("", "dólares")},
    "it": {"€": ("", "euro"), "$": ("", "dollari")},
    "pt": {"€": ("", "euros")},
    "nl": {"€": ("", "euro"), "$": ("", "dollar")},
}
NUMBER = r"\d+(?:[.,]\d+)*"
AMOUNT = r"\d+(?:[,.\u00a0\u202f ]\d{3})*(?![\d.,]*\d)"
SCALE = r"(?:\s(?:thousand|million|billion|trillion)\b)?"
HALVES = {"½": "and a half", "¼": "and a quarter", "¾": "and three quarters"}
CLOCK = {  # hours and minutes with a word that says so
    "de": (re.compile(r"\b(\d{1,2})[.:](\d{2})\s?Uhr\b"), "Uhr"),
    "fr": (re.compile(r"\b(\d{1,2})\s?h(?:eures?)?\s?(\d{2})?\b"), "heures"),
    "vi": (re.compile(r"\b(\d{1,2})h(\d{2})?\b"), "giờ"),
}


def symbols_in_words(text: str, language: str) -> str:
    """A text -> the same with percent, currencies, halves and hours as words where these are certain."""
    code = language.split("-")[0]
    if code in PERCENT:
        text = re.sub(rf"(?<=\d)\s?{PERCENTS}", f" {PERCENT[code]} ", text)
    if code in PERCENT_BEFORE:
        text = re.sub(
            rf"{PERCENTS}\s?({NUMBER})|({NUMBER})\s?{PERCENTS}", rf"{PERCENT_BEFORE[code]}\1\2", text
        )
    for symbol, words in CURRENCIES.get(code, {}).items():
        if symbol in text:
            text = _with_currency(text, re.escape(symbol), words)
    if code == "en":
        text = re.sub(r"(?<=\d)\s?([½¼¾])", lambda match: f" {HALVES[match[1]]} ", text)
    if code in CLOCK:
        pattern, word = CLOCK[code]
        text = pattern.sub(lambda match: _hours(match[1], match[2], word), text)
    return text


def _with_currency(text: str, symbol: str, words: tuple[str, str]) -> str:
    """A text -> the same with the amounts of a currency before its name; those with decimals stay."""
    pattern = rf"(?<![\w.,])(?:{symbol}\s?({AMOUNT}{SCALE})|({AMOUNT})\s?{symbol})(?!\w)"

    def name(match: re.Match) -> str:
        amount = match[1] or match[2]
        one, several = words
        if amount == "1":
            return f"{amount} {one}" if one else match[0]
        return f"{amount} {several}" if one or amount[-1] != "1" else match[0]

    return re.sub(pattern, name, text)


def _hours(hours: str, minutes: str | None, word: str) -> str:
    word = "heure" if word == "heures" and int(hours) < 2 else word
    if int(hours) > 24 or int(minutes or 0) > 59 or (word == "Uhr" and int(hours) == 1):
        return f"{hours} {word} {minutes or ''}"
    return f"{int(hours)} {word} {int(minutes) if minutes and int(minutes) else ''}"


def without_small_digits(text: str) -> str:
    """A text -> the same without fractions and raised digits, which are no numbers of their own."""
    return SMALL.sub(" ", text)


def said_in_words(text: str, language: str) -> str:
    """A text -> the same with symbols and ordinals as words where these are certain."""
    if not any(map(str.isdigit, text)):
        return text
    return ordinals_in_words(symbols_in_words(WIDE_POINT.sub(".", text), language), language)


def symbol_check(texts: Sequence[str], language: str = "") -> list[CheckResult]:
    """Transcripts -> which symbols are left out that are said, such as @ and &."""
    rest = {text: said_in_words(text, language) for text in texts if SAID.search(text)}
    marked = [text for text in texts if text in rest and SAID.search(rest[text])]
    if not marked:
        return []
    symbols = sorted({symbol for text in marked for symbol in SAID.findall(rest[text])})
    message = (
        f"{len(marked):,} of {len(texts):,} transcripts hold symbols that are said ({' '.join(symbols)}) and "
        "were left out: every one counts as an error of whoever hears it. Write them as words."
    )
    verdict = "stop" if len(marked) > len(texts) / 50 else "look"
    return [CheckResult("symbols", verdict, message, tuple(dict.fromkeys(marked))[:5])]
