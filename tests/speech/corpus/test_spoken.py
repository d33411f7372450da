"""Sentences of a file as a corpus: spoken by many voices, in the order of no file, refused without any."""

import pytest

from components.speech.corpus import is_named, read_corpus, spoken, spoken_commands
from components.speech.study import SpeechStudy


@pytest.fixture
def sentences(tmp_path):
    file = tmp_path / "lights.txt"
    file.write_text("Turn it ON!\n\nturn it off\nseven\n", encoding="utf-8")
    return str(file)


def test_every_sentence_is_spoken_by_speakers_who_are_on_one_side_alone(sentences, tmp_path):
    entries = spoken.build_manifest(sentences, data=None, cache=tmp_path).entries
    assert {entry.text for entry in entries} == {"turn it on", "turn it off", "seven"}
    sides = {part: {entry.speaker for entry in entries if entry.part == part} for part in ("train", "test")}
    assert len(sides["train"]) == 52 and len(sides["test"]) == 18 and not sides["train"] & sides["test"]


def test_it_is_read_as_any_corpus(sentences, tmp_path, monkeypatch):
    monkeypatch.setattr(spoken_commands, "TRAIN", 6)
    monkeypatch.setattr(spoken_commands, "TEST", 2)
    corpus = read_corpus(f"spoken:{sentences}", cache=tmp_path, rate=8000)
    assert corpus.synthetic and corpus.rate == 8000 and len(corpus) == 8 and not corpus.set_aside
    assert corpus.title == "Spoken lights.txt" and all(clip.seconds > 0.3 for clip in corpus.clips)


def test_its_file_is_a_place_on_this_machine(sentences):
    assert not is_named(f"spoken:{sentences}") and is_named("spoken-commands")
    assert SpeechStudy.places({"source": [f"spoken:{sentences}"]})["source"] == [f"spoken:{sentences}"]


@pytest.mark.parametrize("options", ["", "missing.txt"])
def test_without_a_file_it_is_refused(options, tmp_path):
    with pytest.raises(ValueError, match="spoken expected a file of sentences, one a line, got"):
        read_corpus(f"spoken:{options}", cache=tmp_path)


def test_one_sentence_is_no_corpus(tmp_path):
    (tmp_path / "one.txt").write_text("yes\nYes.\n")
    with pytest.raises(ValueError, match=r"expected different sentences in .*one.txt, one a line, got 1"):
        read_corpus(f"spoken:{tmp_path / 'one.txt'}", cache=tmp_path)
