"""Which reader reads a folder."""

import pytest

from components.speech.corpus.readers import folders


def make(tmp_path, put, files):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content) if content else put(name)


@pytest.mark.parametrize(
    ("reader", "files"),
    [
        ("word_folders", {"yes/1.wav": "", "no/1.wav": ""}),
        ("text_beside_audio", {"ada/1.wav": "", "ada/1.txt": "one", "ben/1.wav": "", "ben/1.txt": "one"}),
        ("text_beside_audio", {"wav/1.wav": "", "transcript/1.txt": "one", "textgrid/1.TextGrid": "x"}),
        ("text_grid", {"ada/1.wav": "", "ada/1.TextGrid": "x", "ben/1.wav": ""}),
        ("timit", {"FCJF0/SA1.wav": "", "FCJF0/SA1.TXT": "0 9 one", "FCJF0/SA1.PHN": "0 9 h#"}),
        ("librispeech", {"84/1/84-1-0.flac": "", "84/1/84-1.trans.txt": "84-1-0 ONE"}),
        ("prompts", {"wavs/a.wav": "", "metadata.csv": "a|one|one"}),
        ("hugging_face", {"yes/a.wav": "", "no/b.wav": "", "metadata.csv": "file_name,text\nyes/a.wav,yes"}),
        ("stm", {"talk.wav": "", "talk.stm": "talk 1 ada 0 1 one"}),
        ("tar_archive", {"train.tar.gz": "x", "test.tar.gz": "x"}),
    ],
)
def test_the_most_specific_reader_is_found(put, tmp_path, reader, files):
    make(tmp_path, put, files)
    assert folders.reader_of(tmp_path).__name__.rpartition(".")[2] == reader


@pytest.mark.parametrize(
    "files", [{}, {"a.wav": "", "b.wav": ""}, {"README.txt": "about", "a.wav": "", "b.wav": "", "c.wav": ""}]
)
def test_audio_without_texts_is_no_layout(put, tmp_path, files):
    make(tmp_path, put, files)
    assert folders.reader_of(tmp_path) is None


def test_no_reader_reads_a_file_that_is_a_table_or_is_not_there(tmp_path):
    (tmp_path / "my.csv").write_text("path,text\n")
    assert folders.reader_of(tmp_path / "my.csv") is None
    assert folders.reader_of(tmp_path / "nothing") is None


def test_every_layout_is_told():
    assert folders.layouts().count("; ") >= len(folders.READERS_OF_FOLDERS) - 1
