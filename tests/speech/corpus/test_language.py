"""The language of a corpus."""

import pytest

from components.speech.corpus.language import espeak_code, find_language

CODES = {
    **{"de": "de", "fr": "fr-fr", "pt_BR": "pt-br", "German": "de", "en": "en-us", "xx": "none", "deu": "de"},
    **{"zh-CN": "cmn", "zh-HK": "yue", "zh-TW": "cmn", "sv-SE": "sv", "pa-IN": "pa", "nan-tw": "none"},
    **{"ga-IE": "ga", "iw": "he", "haw": "haw", "und": "none", "日本語": "ja", "x" * 300: "none"},
}


@pytest.mark.parametrize(("named", "code"), CODES.items())
def test_a_named_language_becomes_an_espeak_code(named, code):
    assert espeak_code(named) == code


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["Hello, world!", "Yes."], "en-us"),
        (["你好。", "谢谢!"], "none"),
        (["Да!", "Нет!"], "none"),
        (["<noise> yes", "no"], "en-us"),
        (["1", "2"], "en-us"),
    ],
)
def test_without_a_name_english_is_known_by_its_words(texts, code):
    assert find_language([""] * len(texts), texts).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("열어 닫아 음악 TV", "ko"),
        ("今日は良い天気です", "ja"),
        ("打开 关闭 音乐", "none"),
        ("γεια σου", "el"),
        ("வணக்கம்", "ta"),
        ("नमस्ते", "none"),
        ("안 hello there", "en-us"),
    ],
)
def test_a_script_that_one_language_has_names_it(text, code):
    language = find_language([""], [text])
    assert language.code == code
    assert ("letters are its own" in language.how) == (code not in ("none", "en-us"))


def test_several_languages_stop_and_an_unknown_one_is_told():
    several = find_language(["de", "fr", "de"], ["a", "b", "c"])
    assert several.code == "de" and [check.verdict for check in several.checks] == ["stop"]
    assert [check.name for check in find_language(["xx"], ["a"]).checks] == ["language-unknown"]
    assert find_language(["de", "de_DE", "en", "en", "en"], ["a"] * 5).code == "en-us"


def test_an_asked_language_wins_and_must_be_known():
    assert (
        find_language(["fr"], ["a"], "German").code == "de" and find_language((), (), "none").code == "none"
    )
    with pytest.raises(ValueError) as error:
        find_language((), (), "xx")
    assert str(error.value) == (
        "language expected one that eSpeak NG speaks, got 'xx'; --language none reads words letter by letter."
    )
