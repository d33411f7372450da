"""Scripts without spaces between words."""

import pytest

from components.speech.corpus.scripts import counts_characters, split_characters


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("東京タワー", "東 京 タ ワ ー"),
        ("私はmp3を 3枚", "私 は mp3 を 3 枚"),
        ("ที่นี่", "ที่ นี่"),
        ("မြန်မာ", "မြ န် မာ"),
        ("plain words", "plain words"),
    ],
)
def test_characters_stand_alone_with_their_marks(text, units):
    assert split_characters(text) == units


def test_most_letters_decide():
    assert counts_characters(["東京", "ok"]) is False or counts_characters(["東京です", "ok"])
    assert not counts_characters(["안녕하세요 여러분", "नमस्ते"]) and not counts_characters([])
