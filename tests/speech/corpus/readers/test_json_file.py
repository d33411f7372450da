"""JSON lines, lists and objects by id."""

import json

import pytest

from components.speech.corpus.readers.json_file import matches, read, read_rows

ROWS = [{"audio_filepath": "a.wav", "text": "one\u2028two"}, {"audio_filepath": "b.wav", "text": "three"}]


@pytest.mark.parametrize("kind", ["lines", "list", "by id"])
def test_every_shape_gives_the_same_rows(tmp_path, kind):
    text = {
        "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n\n",
        "list": json.dumps(ROWS, indent=2),
        "by id": json.dumps({"u1": ROWS[0], "u2": ROWS[1]}),
    }[kind]
    (tmp_path / "m.json").write_text(text, encoding="utf-8")
    rows, lines = read_rows(tmp_path / "m.json")
    ids = [{"id": f"u{place}"} if kind == "by id" else {} for place in (1, 2)]
    assert rows == [known | row for known, row in zip(ids, ROWS, strict=True)] and lines == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        '{"path": "a.wav", "text": "x,] y"},\n{"path": "b.wav", "text": "z"},\n',
        '[{"path": "a.wav", "text": "x,] y",},\n{"path": "b.wav", "text": "z"},\n]\n',
        '{"path": ["a.wav", "b.wav"], "text": ["x,] y", "z"]}',
        '{"columns": ["path", "text"], "index": [0, 1], "data": [["a.wav", "x,] y"], ["b.wav", "z"]]}',
        '{"a.wav": "x,] y", "b.wav": "z"}',
        '{\n "path": "a.wav",\n "text": "x,] y"\n}\n{\n "path": "b.wav",\n "text": "z"\n}\n',
    ],
    ids=["lines", "list", "lists by column", "pandas' split", "by path", "one after another"],
)
def test_commas_at_the_end_and_columns_do_no_harm(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    rows, _ = read_rows(tmp_path / "m.json")
    assert rows == [{"path": "a.wav", "text": "x,] y"}, {"path": "b.wav", "text": "z"}]


def test_lists_of_other_tools(tmp_path):
    (tmp_path / "data.list").write_text('{"key": "a", "wav": "a.wav", "txt": "one"}\n')
    (tmp_path / "funasr.jsonl").write_text('{"key": "a", "source": "a.wav", "target": "one"}\n')
    assert matches(tmp_path / "data.list")
    for name in ("data.list", "funasr.jsonl"):
        (recording,) = read(tmp_path / name).recordings
        assert (recording.path, recording.text, recording.name) == ("a.wav", "one", "a")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"audio_fil', "got '{\"audio_fil' (Unterminated string starting at); mend it."),
        ("7", "got '7'; one object a line."),
        ("[" * 100_000, f"got {'[' * 40!r} (maximum recursion depth exceeded while decoding a JSON array"),
        ('{"a": ' + "1" * 5000, "got '{\"a\": 1111111111111111111111111111111111' (Exceeds the limit (4300"),
    ],
    ids=["cut off", "a number", "too deep", "too many digits"],
)
def test_a_broken_line_is_named(tmp_path, line, why):
    (tmp_path / "m.jsonl").write_text(f'{{"audio_filepath": "a.wav", "text": "one"}}\n{line}\n')
    with pytest.raises(ValueError) as error:
        read(tmp_path / "m.jsonl")
    assert str(error.value).startswith(f"{tmp_path / 'm.jsonl'}, line 2: expected a JSON object, {why}")


def test_half_a_character_and_no_number_are_no_value(tmp_path):
    (tmp_path / "m.jsonl").write_text('{"path": "a.wav", "text": "x\\ud800", "speaker": NaN}\n')
    recording = read(tmp_path / "m.jsonl").recordings[0]
    assert recording.text == "x?" and recording.speakers == ()
