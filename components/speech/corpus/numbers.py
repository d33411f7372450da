"""Numbers in transcripts: written out as words where some transcripts have words for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from components.speech.corpus.text import normalise
from components.study.checks import CheckResult

GROUPS = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?(?![,\d])"  # India's 1,00,000 too
PLAIN = r"\d+(?:[.,\u00a0\u202f']\d{3})*(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
OF_A_NAME = (
    r"[\da-zA-Z_\u00aa-\u058f]"  # letters that make a name such as w01 of a number, unlike 5月 and 5시
)
NUMBER = re.compile(rf"(?<!{OF_A_NAME})(?:{GROUPS}|{PLAIN})(?!{OF_A_NAME})")
ORDINAL = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
DECADE = re.compile(r"(?<!\w)['\u2019]?(1[1-9]|20)?([2-9])0s\b", re.IGNORECASE)
YEARS = range(1100, 2100)  # four digits of English are said as one
TENS = dict(
    enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"],
        start=2,
    )
)
WITHIN_A_NAME = re.compile(r"\d(?=[^\W\d_])|(?<=[^\W\d_])\d")
POINT = ("en", "ja", "ko", "th", "he", "bn", "kn", "te")  # decimals behind a point, groups by comma
VOICES = {"nb": "no", "kk": "kz"}  # eSpeak NG's code -> num2words' one
LETTER = re.compile(r"[^\W\d_]")
SAID_SYMBOLS = re.compile(r"[%$€£¥₹&@+=°#½⅓⅔¼¾²³№℃℉‰×÷±]|(?<!\S)[-\u2212](?=\d)|(?<=\d)/(?=\d)")
ENDLESS = {"am"}  # num2words 0.5.14 never comes back from some numbers of these languages
LONGEST = 9  # digits that are read as one number; longer ones one by one


def write_out(texts: Sequence[str], language: str) -> tuple[list[str], list[CheckResult]]:
    """Transcripts -> the same with numbers as words of the language, and what was done.

    Nothing changes where all transcripts are numbers, and in names that digits are part of ("w01"). Numbers
    stay where num2words does not know the language.
    """
    with_digits = [text for text in texts if NUMBER.search(text) or ORDINAL.search(text)]
    if not with_digits:
        return list(texts), _names_check(texts)
    if all(not LETTER.search(text) for text in texts):
        return list(texts), [_all_numbers([text for text in texts if normalise(text)])]
    spell = _speller(language)
    if spell is None:
        return list(texts), [_left(with_digits, texts, language)]
    plain = [_ordinals(text, language) for text in texts]
    spelled = [NUMBER.sub(lambda match: f" {spell(match[0])} ", text) for text in plain]
    return spelled, [_written_out(with_digits, texts, language), *_names_check(spelled)]


def _ordinals(text: str, language: str) -> str:
    """An English text -> the same with 1st, 2nd, 23rd and 1990s as words."""
    if language.split("-")[0] != "en":
        return text

    def spell(match: re.Match) -> str:
        import num2words

        number = match[1].replace(",", "")
        return match[0] if len(number) > LONGEST else num2words.num2words(int(number), to="ordinal")

    def decade(match: re.Match) -> str:
        import num2words

        century = f"{num2words.num2words(int(match[1]))} " if match[1] else ""
        return century + TENS[int(match[2])]

    return DECADE.sub(decade, ORDINAL.sub(spell, text))


def plain_number(number: str, language: str) -> str:
    """A number as a language writes it -> plain digits 0 to 9, with a point before its decimals.

    Before three digits, a language's own decimal mark stands for decimals, the other one for groups.
    """
    digits = "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in number)
    mark, group = (".", ",") if language.split("-")[0] in POINT else (",", ".")
    digits = re.sub(r"[\u00a0\u202f']", "", digits)
    if digits.count(group) == 1 and digits.count(mark) == 0 and len(digits.partition(group)[2]) != 3:
        mark, group = group, mark  # 1.5 in German, 1,5 in English
    return digits.replace(group, "").replace(mark, ".")


def symbol_check(texts: Sequence[str]) -> list[CheckResult]:
    """Transcripts -> which symbols are left out that are said, such as % and $."""
    marked = [text for text in texts if SAID_SYMBOLS.search(text)]
    if not marked:
        return []
    symbols = sorted({symbol for text in marked for symbol in SAID_SYMBOLS.findall(text)})
    message = (
        f"{len(marked):,} of {len(texts):,} transcripts hold symbols that are said ({' '.join(symbols)}) and "
        "were left out: every one counts as an error of whoever hears it. Write them as words."
    )
    verdict = "stop" if len(marked) > len(texts) / 50 else "look"
    return [CheckResult("symbols", verdict, message, tuple(dict.fromkeys(marked))[:5])]


def _speller(language: str):
    """A language's code -> what spells a number, None where num2words does not know it."""
    import num2words

    known = {code.lower().replace("_", "-") for code in num2words.CONVERTER_CLASSES} - ENDLESS
    language = VOICES.get(language, language)
    code = next((code for code in (language, language.split("-")[0]) if code in known), None)
    if code is None:
        return None

    def spell(number: str) -> str:
        plain = plain_number(number, language)
        whole, _, decimals = plain.partition(".")
        if "." in decimals or len(whole) > LONGEST or (not decimals and whole[0] == "0" != whole):
            digits = (num2words.num2words(int(digit), lang=code) for digit in plain if digit.isdigit())
            return " ".join(digits)
        if language.startswith("en") and len(number) == 4 and number.isdigit() and int(number) in YEARS:
            return num2words.num2words(int(number), to="year")
        return num2words.num2words(float(plain) if decimals else int(whole), lang=code)

    try:
        spell("21")
    except (NotImplementedError, OverflowError):
        return None
    return spell


def _names_check(texts: Sequence[str]) -> list[CheckResult]:
    """A result if digits stand within words that hold letters, too, such as mp3: they stay as they are."""
    words = dict.fromkeys(word for text in texts for word in text.split() if WITHIN_A_NAME.search(word))
    if not words or all(WITHIN_A_NAME.search(text) for text in texts):
        return []
    message = (
        f"{len(words):,} words hold digits beside letters and were left as they are; if they are said as "
        "others "
        "write them, write them alike."
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
