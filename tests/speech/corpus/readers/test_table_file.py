"""Tables with a line of column names."""

import pytest

from components.speech.corpus.readers.table_file import read, read_rows

ROWS = [{"path": "a.wav", "text": "yes"}, {"path": "b.wav", "text": "no"}]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("m.csv", "path,text\na.wav,yes\nb.wav,no\n", [2, 3]),
        ("m.csv", "\r\n\r\npath;text\r\na.wav;yes\r\n\r\nb.wav;no\r\n", [4, 6]),
        ("m.csv", "sep=;\npath;text\na.wav;yes\nb.wav;no", [3, 4]),
        ("m.csv", "sep=\npath,text\na.wav,yes\nb.wav,no", [3, 4]),
        ("m.csv", "path|text\na.wav|yes\nb.wav|no", [2, 3]),
        ("m.csv", "path,text\ra.wav,yes\rb.wav,no", [2, 3]),
        ("m.tsv", '"path"\t"text"\n"a.wav"\t"yes"\n"b.wav"\t"no"\n', [2, 3]),
        ("m.csv", 'path, text\na.wav, "yes"\nb.wav, no\n', [2, 3]),
        ("m.csv", "path,text\na.wav,yes,\nb.wav,no,\n", [2, 3]),
        ("M.TSV", "path\ttext\na.wav\tyes\nb.wav\tno\n", [2, 3]),
    ],
)
def test_every_separator_and_end_of_line(tmp_path, name, text, lines):
    (tmp_path / name).write_bytes(text.encode())
    assert read_rows(tmp_path / name) == (ROWS, lines)


def test_a_value_may_hold_line_breaks_and_quotation_marks(tmp_path):
    (tmp_path / "m.csv").write_text('path,text\na.wav,"a ""b""\nc\u2028d"\n', encoding="utf-8")
    assert read_rows(tmp_path / "m.csv")[0] == [{"path": "a.wav", "text": 'a "b"\nc\u2028d'}]


def test_a_blank_may_stand_before_a_quotation_mark(tmp_path):
    (tmp_path / "m.csv").write_text('path, text\na.wav, "one, two"\n')
    assert read_rows(tmp_path / "m.csv")[0] == [{"path": "a.wav", "text": "one, two"}]


def test_more_values_than_names_are_an_error(tmp_path):
    (tmp_path / "m.csv").write_text("path,text\na.wav,yes, please\n")
    with pytest.raises(ValueError) as error:
        read(tmp_path / "m.csv")
    assert str(error.value) == (
        f"{tmp_path / 'm.csv'}, line 2: expected 2 values (path, text), got 3; put a text that holds the "
        'separator into quotation marks ("...").'
    )
