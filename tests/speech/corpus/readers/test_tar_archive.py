"""Archives are refused, with the command that unpacks them."""

import pytest

from components.speech.corpus.readers import tar_archive


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("cv-corpus.tar.gz", "tar -xf "),
        ("a.tar", "tar -xf "),
        ("my.data.TGZ", "tar -xf "),
        ("b.zip", "unzip "),
    ],
)
def test_an_archive_is_refused_with_its_command(tmp_path, name, command):
    path = tmp_path / name
    path.write_bytes(b"")
    assert tar_archive.matches(path)
    with pytest.raises(ValueError, match=rf"{name}: expected recordings, got an archive.*: {command}{path};"):
        tar_archive.read(path)


def test_a_folder_of_archives_is_refused_but_none_with_anything_else(put, tmp_path):
    assert not tar_archive.matches(tmp_path)
    (tmp_path / "train.tar.gz").write_bytes(b"")
    assert tar_archive.matches(tmp_path)
    with pytest.raises(ValueError, match=r"tar -xf .*train\.tar\.gz; then give that folder"):
        tar_archive.read(tmp_path)
    put("a.wav")
    assert not tar_archive.matches(tmp_path)
    assert not tar_archive.matches(tmp_path / "a.wav")
