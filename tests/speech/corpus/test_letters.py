"""One code for each letter."""

import unicodedata

import pytest

from components.speech.corpus import normalise
from components.speech.corpus.letters import letter_check


@pytest.mark.parametrize(
    ("language", "ways"),
    [
        ("ro", "şapte ţări = șapte țări"),
        ("th", "น้ำ = น้ํา = นํ้า"),
        ("th", "\u0e01\u0e35\u0e48 = \u0e01\u0e48\u0e35"),
        ("none", "\u0e99\u0ec9\u0eb3 = \u0e99\u0ecd\u0ec9\u0eb2"),
        ("vi", "hòa thủy khỏe = hoà thuỷ khoẻ"),
        ("vi", "quý = qúy"),
        ("fa", "یک کتاب = يك كتاب"),
        ("ar", "كتابي = کتابی"),
        ("ca", "col·legi = coŀlegi = col.legi = col•legi = col∙legi"),
        ("el", "οδός = οδόσ = ὁδὸς"),
        ("none", "один = oдин = один = OДИH"),
        ("none", "boat = bоat"),
        ("uk", "п'ять = п’ять = пʼять = п\"ять = п*ять"),
        ("ml", "\u0d7b = \u0d28\u0d4d\u200d"),
        ("ja", "ガ = ｶﾞ = カ゛ = カ\u3099"),
        ("none", "\u1781\u17d2\u1789\u17bb\u17c6 = \u1781\u17d2\u1789\u17c6\u17bb"),
        ("hr", "džep ljubav = ǆep ǉubav"),
        ("hi", "\u0958 = \u0915\u093c"),
        ("ko", "한국어 = " + unicodedata.normalize("NFD", "한국어")),
    ],
)
def test_ways_to_type_a_word_are_one(language, ways):
    first, *others = [normalise(way, language) for way in ways.split(" = ")]
    assert first == normalise(first, language) and set(others) <= {first}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-us", "it's o'clock one"),
        ("en-us", "µm kω"),
        ("ko", "ㄱ 한국어 iphone을"),
        ("th", "ทำ น้ำ"),
        ("tr", "şimdi"),
        ("vi", "quả hoàng quận toán hỏi"),
        ("de", "ich bin groß"),
        ("ru", "iphone и smsка"),
        ("el", "ο σεισμός"),
        ("fr", "col l.l"),
    ],
)
def test_other_letters_stay(language, text):
    assert normalise(text, language) == unicodedata.normalize("NFKC", text.replace(".", " ")).replace(
        "\u0e4d\u0e32", "\u0e33"
    ).replace("ᄀ", "ㄱ")


def test_letters_that_were_changed_are_told():
    (check,) = letter_check(["oдин два", "два"], "ru")
    assert (check.name, check.verdict, check.examples) == ("letters", "look", ("oдин = один",))
    assert letter_check(["один", "it's", "İki ISPARTA"], "tr") == letter_check(["hello"], "ca") == []
