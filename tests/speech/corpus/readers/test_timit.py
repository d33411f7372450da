"""TIMIT's layout."""

import pytest

from components.speech.corpus.readers import timit


def sentence(tmp_path, put, path, text="0 2384 She had your dark suit\n"):
    put(f"{path}.WAV")
    (tmp_path / f"{path}.TXT").write_text(text)
    (tmp_path / f"{path}.PHN").write_text("0 2384 h#\n")


def test_texts_lose_their_numbers_and_folders_are_speakers(put, tmp_path, spoken):
    sentence(tmp_path, put, "TRAIN/DR1/FCJF0/SX37")
    sentence(tmp_path, put, "TEST/DR2/MABW0/SA1")
    assert timit.matches(tmp_path)
    listing = timit.read(tmp_path)
    assert [(r.path, r.text, r.speakers, r.part, r.tags) for r in listing.recordings] == [
        ("TEST/DR2/MABW0/SA1.WAV", "She had your dark suit", ("MABW0",), "test", {"gender": "m"}),
        ("TRAIN/DR1/FCJF0/SX37.WAV", "She had your dark suit", ("FCJF0",), "train", {"gender": "f"}),
    ]
    assert (listing.recordings[0].source.read(20)[0] == spoken()).all()
    (check,) = listing.checks
    assert (check.name, check.verdict) == ("sentences-said-by-all", "look")
    assert check.message.startswith("1 recording ")


def test_a_copy_in_another_container_is_the_same_recording(put, tmp_path):
    sentence(tmp_path, put, "SX37")
    put("SX37.WAV.wav")
    assert [recording.path for recording in timit.read(tmp_path).recordings] == ["SX37.WAV.wav"]


def test_a_text_of_another_form_is_named(put, tmp_path):
    sentence(tmp_path, put, "SX37", "She had your dark suit\n")
    with pytest.raises(
        ValueError, match=r"SX37\.TXT, line 1: expected \"first-sample last-sample text\", got"
    ):
        timit.read(tmp_path)


def test_texts_without_phones_are_not_timit(put, tmp_path):
    put("a.wav").with_suffix(".txt").write_text("one")
    assert not timit.matches(tmp_path)
    with pytest.raises(ValueError, match=r"has no \.TXT with a \.PHN"):
        timit.read(tmp_path)
