"""A number in plain digits -> its words in a language, by num2words, where that knows the language."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

VOICES = {"nb": "no", "kk": "kz"}  # eSpeak NG's code -> num2words' one
ENDLESS = {"am"}  # num2words 0.5.14 never comes back from some numbers of these languages
LONGEST = 9  # digits that are read as one number; longer ones one by one
YEARS = range(1100, 2100)  # four digits of English are said as one
TURKISH_WORDS = re.compile(  # which num2words joins
    "sıfır|bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|yirmi|otuz|kırk|elli"
    "|altmış|yetmiş|seksen|doksan|on|yüz|bin|milyon|milyar|virgül"
)
ARABIC_POINT = "فاصلة"
KOREAN_ONES = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
KOREAN_TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
KOREAN_COUNTED = re.compile("\\s?(?:시(?!즌)|개(?!월|년|국)|명|살|마리|잔|병|권|사람)")
CHINESE = ("cmn", "yue")
CHINESE_DIGITS = "零一二三四五六七八九"
CHINESE_PLACES, CHINESE_GROUPS = ("", "十", "百", "千"), ("", "万", "亿")
TRADITIONAL = str.maketrans("万亿点", "萬億點")
ZEROS_OF_CHINESE = (re.compile("零[十百千]"), "零"), (re.compile("零+"), "零"), (re.compile("零$"), "")


def speller(language: str) -> Callable[[str], str] | None:
    """A language's code -> what spells a number, None where num2words does not know it."""
    import num2words

    if language.split("-")[0] in CHINESE:
        return (
            chinese if language.startswith("cmn") else lambda number: chinese(number).translate(TRADITIONAL)
        )
    known = {code.lower().replace("_", "-") for code in num2words.CONVERTER_CLASSES} - ENDLESS
    language = VOICES.get(language, language)
    code = next((code for code in (language, language.split("-")[0]) if code in known), None)
    if code is None:
        return None

    def spell(number: str) -> str:
        return _spelled(number, code)

    try:
        spell("21")
    except (NotImplementedError, OverflowError):
        return None
    return spell


def _spelled(number: str, code: str) -> str:
    """A number in plain digits, with a point before decimals -> its words; of long ones, of every digit."""
    import num2words

    whole, _, decimals = number.partition(".")
    if len(whole) > LONGEST or (not decimals and whole[0] == "0" != whole):
        return " ".join(_spelled(digit, code) for digit in number if digit.isdigit())
    if code.startswith("en") and len(number) == 4 and number.isdigit() and int(number) in YEARS:
        return num2words.num2words(int(number), to="year")
    if not decimals:
        return _as_written(num2words.num2words(int(whole), lang=code), code)
    zeros = len(decimals) - len(decimals.rstrip("0"))
    if code == "ar" or zeros == len(decimals):
        point = [ARABIC_POINT] if code == "ar" else []
        return " ".join([_spelled(whole, code), *point, *(_spelled(digit, code) for digit in decimals)])
    words = _as_written(num2words.num2words(float(Decimal(number)), lang=code), code)
    return " ".join([words, *[_spelled("0", code)] * zeros])


def _as_written(words: str, code: str) -> str:
    """Words of num2words -> as the language writes them: Turkish apart, Arabic "and" with the next word."""
    if code == "tr":
        return " ".join(TURKISH_WORDS.findall(words))
    if code == "sv":
        return words.replace("ttt", "tt")
    return words.replace(" و ", " و") if code == "ar" else words


def chinese(number: str) -> str:
    """A number in plain digits, with a point before decimals -> its characters."""
    whole, _, decimals = number.partition(".")
    digits = str.maketrans("0123456789", CHINESE_DIGITS)
    if decimals:
        return f"{chinese(whole)}点{decimals.translate(digits)}"
    if len(whole) > LONGEST or (whole[0] == "0" != whole) or int(whole) < 10:
        return whole.translate(digits)
    written = ""
    for place, group in enumerate(CHINESE_GROUPS):
        if four := int(whole) // 10 ** (4 * place) % 10_000:
            zero = "零" if four < 1000 and int(whole) >= 10 ** (4 * place + 4) else ""
            written = f"{zero}{_four_digits(four)}{group}{written}"
    return written.removeprefix("一") if written.startswith("一十") else written


def cantonese(number: str) -> str:
    """A number in plain digits -> its traditional characters."""
    return chinese(number).translate(TRADITIONAL)


def _four_digits(number: int) -> str:
    digits = str(number)
    pairs = zip(digits, reversed(CHINESE_PLACES[: len(digits)]), strict=True)
    written = "".join(CHINESE_DIGITS[int(digit)] + place for digit, place in pairs)
    for zeros, one in ZEROS_OF_CHINESE:
        written = zeros.sub(one, written)
    return written


def as_counted(figure: str, after: str, language: str) -> str:
    """A figure that is said in another way before what is behind it -> its words; "" for others."""
    if (
        language.split("-")[0] in CHINESE
        and after.startswith("年")
        and len(figure) == 4
        and figure.isdecimal()
    ):
        return "".join(CHINESE_DIGITS[int(digit)] for digit in figure)
    return native_korean(figure, after, language)


def native_korean(figure: str, after: str, language: str) -> str:
    """A figure, and the text behind it -> the word by which Korean counts such things, or ""."""
    if language.split("-")[0] != "ko" or not figure.isdecimal() or not 0 < int(figure) < 100:
        return ""
    if not KOREAN_COUNTED.match(after):
        return ""
    tens, ones = divmod(int(figure), 10)
    return "스무" if figure == "20" else KOREAN_TENS[tens] + KOREAN_ONES[ones]
