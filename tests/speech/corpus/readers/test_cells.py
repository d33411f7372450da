"""What is in one cell of a row."""

import pytest

from components.speech.corpus.readers.cells import check_texts, plain_value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"path": "a.wav", "bytes": None}, "a.wav"),
        ({"text": "one", "lang": "en"}, "one"),
        ({"en": " one "}, "one"),
        ({"id": "ann", "age": 3}, "ann"),
        ({"en": "one", "de": "eins"}, ""),
        ({"x": {"y": "one"}}, ""),
        (["one", "two"], "one two"),
        *((None, ""), (float("nan"), ""), (7, "7"), ({}, ""), ([], "")),
    ],
)
def test_the_value_that_is_meant(cell, text):
    assert plain_value(cell) == text


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("text", {"en": "one", "de": "eins"}, "an object of several values: {'en'"),
        ("text", ["one", "uno"], "a list of 2: ['one', 'uno']"),
        ("words", ["one two", "one to"], "a list of 2: "),
        ("words", [{"word": "one"}, {"word": "two"}], "a list of 2: "),
    ],
)
def test_several_texts_are_refused_with_their_line(tmp_path, column, cell, why):
    with pytest.raises(ValueError) as error:
        check_texts([(3, "one"), (4, cell)], column, tmp_path / "m.jsonl")
    start = f"{tmp_path / 'm.jsonl'}, line 4: expected one text in {column!r}, got {why}"
    assert str(error.value).startswith(start)


@pytest.mark.parametrize(
    ("column", "cell"), [("words", ["one", "two"]), ("text", ["one"]), ("text", {"en": None, "de": None})]
)
def test_one_text_in_another_form_is_one(tmp_path, column, cell):
    check_texts([(1, cell)], column, tmp_path)
