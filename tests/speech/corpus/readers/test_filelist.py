"""Lists of recordings without a line of names."""

import pytest

from components.speech.corpus.readers import filelist, read_manifest


@pytest.fixture
def lists(put, tmp_path):
    """Lines by name of a file -> the folder with them, and with wavs/a.wav and wavs/b.wav."""
    for name in "ab":
        put(f"wavs/{name}.wav")

    def make(**files):
        for name, lines in files.items():
            (tmp_path / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))
        return tmp_path

    return make


def fields(path):
    assert filelist.matches(path)
    return [(one.path, one.text, one.speakers) for one in filelist.read(path).recordings]


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["wavs/a.wav|one", "wavs/b.wav|two"], ["", ""]),
        (["wavs/a.wav|0|one", "wavs/b.wav|1|two"], ["0", "1"]),
        (["wavs/a.wav|One.|one", "wavs/b.wav|Two!|two"], ["", ""]),
        (["wavs/a.wav|0|EN|one", "wavs/b.wav|1|EN|two"], ["0", "1"]),
        (["wavs/a.wav|one|0", "wavs/b.wav|two|1"], ["0", "1"]),
        (["a|one", "b|two"], ["", ""]),
        (["wavs/a.wav\tone", "wavs/b.wav\ttwo"], ["", ""]),
        (["a one", "b two"], ["", ""]),
        (["wavs/a.wav one", "wavs/b.wav two"], ["", ""]),
    ],
)
def test_columns_are_told_by_what_is_in_them(lists, lines, speakers):
    folder = lists(train=lines)
    wanted = [("wavs/a.wav", "one", speakers[0]), ("wavs/b.wav", "two", speakers[1])]
    for path in (folder, folder / "train.txt"):
        found = [(path, text.lower().strip(".!"), "".join(who)) for path, text, who in fields(path)]
        assert found == wanted


def test_texts_of_several_words_are_no_speakers(lists):
    folder = lists(all=["wavs/a.wav|ann|one two", "wavs/b.wav|bob|two"])
    assert fields(folder / "all.txt")[0] == ("wavs/a.wav", "one two", ("ann",))


def test_what_may_be_either_is_refused_with_the_way_out(lists):
    folder = lists(all=["wavs/a.wav|ann|one", "wavs/b.wav|bob|two"])
    with pytest.raises(
        ValueError, match=r"got 'wavs/a.wav\|ann\|one'; put a line of names above it, such as"
    ):
        filelist.read(folder / "all.txt")
    (folder / "all.txt").write_text("path|speaker|text\n" + (folder / "all.txt").read_text())
    assert [entry.text for entry in read_manifest(folder / "all.txt").entries] == ["one", "two"]


def test_parts_by_the_names_of_lists(lists):
    folder = lists(train=["wavs/a.wav|one"], val=["wavs/b.wav|two"])
    assert [entry.part for entry in read_manifest(folder).entries] == ["train", "dev"]


def test_a_line_of_other_columns_is_named(lists):
    folder = lists(all=["wavs/a.wav|0|one", "wavs/b.wav|two"])
    with pytest.raises(ValueError, match=r"all.txt, line 2: expected 3 columns .* got 2; mend it"):
        filelist.read(folder / "all.txt")


def test_several_lists_are_refused(lists):
    folder = lists(texts=["a one"], speakers=["a ann"], seconds=["a 0.3"])
    with pytest.raises(ValueError, match=r"several lists \(speakers.txt, texts.txt\); give the path of that"):
        filelist.read(folder)


@pytest.mark.parametrize("line", ["a 0.3", "Read me", "one two", "", "a"])
def test_other_texts_are_no_lists(lists, line):
    assert not filelist.matches(lists(notes=[line]))


def test_folders_of_words_stay_words(put, tmp_path):
    for word in ("one", "two"):
        put(f"{word}/ann.wav")
    (tmp_path / "classes.txt").write_text("one/ann.wav ann\ntwo/ann.wav ann\n")
    assert not filelist.matches(tmp_path)


def test_a_list_in_utf_16_is_read_and_one_in_latin_1_is_named(lists):
    folder = lists(all=[])
    (folder / "all.txt").write_bytes("wavs/a.wav|fünf\n".encode("utf-16"))
    assert fields(folder / "all.txt") == [("wavs/a.wav", "fünf", ())]
    (folder / "all.txt").write_bytes("wavs/a.wav|fünf\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"all.txt, line 1: expected UTF-8, got the byte 0xfc"):
        filelist.read(folder / "all.txt")


@pytest.mark.parametrize("mark", ["|", "\t", " "])
def test_a_text_may_be_empty(lists, mark):
    folder = lists(all=[f"a{mark}one", f"b{mark}"])
    assert fields(folder / "all.txt") == [("wavs/a.wav", "one", ()), ("wavs/b.wav", "", ())]
