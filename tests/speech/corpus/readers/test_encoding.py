"""The text of a manifest file, whatever wrote it."""

import gzip

import pytest

from components.speech.corpus.readers.encoding import read_text, split_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["m.csv", "m.csv.gz", "M.CSV.GZ"])
def test_marked_encodings_and_compressed_files_are_read(tmp_path, encoding, name):
    content = "päth\r\n日本\n".encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.lower().endswith("gz") else content)
    assert read_text(tmp_path / name) == "päth\r\n日本\n"


def test_other_encodings_are_named_by_line(tmp_path):
    path = tmp_path / "m.csv"
    path.write_bytes("a\nb\nmás".encode("cp1252"))
    with pytest.raises(ValueError) as error:
        read_text(path)
    assert str(error.value) == (
        f"{path}, line 3: expected UTF-8, got the byte 0xe1, as in Windows-1252 or another old encoding; "
        "save it as UTF-8 (in Excel: CSV UTF-8)."
    )
    path.write_bytes("a\nb".encode("utf-16-le"))
    with pytest.raises(ValueError) as error:
        read_text(path)
    assert str(error.value) == (
        f"{path}, line 1: expected text, got zero bytes, as in UTF-16 without its mark; save it as UTF-8."
    )


def test_lines_end_at_line_feeds_alone():
    assert split_lines("a\u2028b\u0085c\x0bd\r\ne\rf\n\ng") == ["a\u2028b\u0085c\x0bd", "e", "f", "", "g"]
