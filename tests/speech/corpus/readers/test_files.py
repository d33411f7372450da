"""What the names of files and folders say."""

import pytest

from components.speech.corpus.readers import files


def test_a_walk_goes_through_the_nearest_first_and_ends_in_loops(put, tmp_path):
    for path in ("b/c/3.wav", "b/2.wav", "1.wav", ".hidden/4.wav", "b/._2.wav"):
        put(path)
    (tmp_path / "b" / "again").symlink_to(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in files.walk(tmp_path)] == [
        "1.wav",
        "b/2.wav",
        "b/c/3.wav",
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train-clean-100", "train"),
        ("validation", "dev"),
        ("devel-00000-of-00001", "dev"),
        ("Test_2", "test"),
        ("testament", ""),
        ("eval", "test"),
    ],
)
def test_folders_name_parts(name, part):
    assert files.part_of(name) == part


def test_two_parts_are_a_split_and_one_is_none():
    assert files.named_parts([("train", "a"), ("x", "test")]) == ["train", "test"]
    assert files.named_parts([("train", "a"), ("train", "b")]) == ["", ""]


def test_a_folder_of_many_files_is_known_by_a_few(tmp_path):
    for number in range(files.OF_EACH + 5):
        (tmp_path / f"{number:03}.wav").touch()
    (tmp_path / "z.trans.txt").touch()
    assert len(files.first_files(tmp_path)) == files.OF_EACH + 1
    assert files.first_files(tmp_path)[-1].name == "z.trans.txt"
