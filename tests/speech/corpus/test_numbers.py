"""Numbers in transcripts, written out as words."""

import pytest

from components.speech.corpus.numbers import symbol_check, write_out


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en-us", "1,000", "one thousand"),
        ("en-us", "1,00,000", "one hundred thousand"),
        ("en-us", "1,000,000.5", "one million point five"),
        ("en-us", "3.141", "three point one four one"),
        ("en-us", "0.125", "zero point one two five"),
        ("en-us", "007", "zero zero seven"),
        ("en-us", "the 22nd", "the twenty-second"),
        ("en-us", "१२ cats", "twelve cats"),
        ("de", "1.000", "eintausend"),
        ("de", "1,5", "eins Komma fünf"),
        ("de", "3.14", "drei Komma eins vier"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(language, text, words):
    written, checks = write_out([text, "and so on"], language)
    assert " ".join(written[0].split()) == words and [check.name for check in checks] == ["numbers"]


def test_numbers_stay_where_they_are_labels_or_nobody_can_say_them():
    assert write_out(["1", "2"], "en-us")[0] == ["1", "2"]
    assert write_out(["1 haus", "2"], "none")[0] == ["1 haus", "2"]
    assert write_out(["mp3", "w01"], "en-us") == (["mp3", "w01"], [])


def test_symbols_that_are_said_stop_where_they_are_many():
    assert symbol_check(["yes"]) == []
    assert symbol_check(["$5", "yes"])[0].verdict == "stop"
    assert symbol_check(["5 %", *["yes"] * 99])[0].verdict == "look"
