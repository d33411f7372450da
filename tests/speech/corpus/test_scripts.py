"""Scripts without spaces between words."""

import pytest

from components.speech.corpus.scripts import split_characters, unit_of


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("東京タワー", "東 京 タ ワ ー"),
        ("私はmp3を 3枚", "私 は mp3 を 3 枚"),
        ("ที่นี่", "ที่ นี่"),
        ("မြန်မာ", "မြ န် မာ"),
        ("plain words", "plain words"),
        ("我's ok'吗", "我 s ok 吗"),
        ("今天开meeting", "今 天 开 meeting"),
        ("我 的 iphone 很 好", "我 的 iphone 很 好"),
        ("ไปmeetingครับ", "ไ ป meeting ค รั บ"),
        ("아이폰 iphone을 샀다", "아이폰 iphone을 샀다"),
    ],
)
def test_characters_stand_alone_with_their_marks(text, units):
    assert split_characters(text) == units


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["今 天 好"], "character"),
        (["t シ ャ ツ を 3 枚"], "character"),
        (["今 天 开 meeting"], "mixed"),
        (["please go to 北 京 now"], "mixed"),
        (["안녕하세요 iphone을", "नमस्ते"], "word"),
        (["one two", *["three four five six"] * 9, "東 京"], "word"),
        ([], "word"),
    ],
)
def test_characters_and_words_are_counted_where_both_are_said(texts, unit):
    assert unit_of(texts) == unit
