"""An object of JSON beside each audio file."""

import json

import pytest

from components.speech.corpus.readers import json_beside_audio, read_manifest


@pytest.fixture
def folder(put, tmp_path):
    for name, digit in (("train/a", 1), ("train/b", 2), ("test/c", 1)):
        put(f"{name}.wav", digit)
        (tmp_path / f"{name}.json").write_text(json.dumps({"text": name[-1], "speaker": "ann", "wav": "x"}))
    return tmp_path


def test_each_object_says_what_is_said(folder):
    assert json_beside_audio.matches(folder)
    entries = read_manifest(folder).entries
    assert [(one.name, one.text, one.speaker, one.part) for one in entries] == [
        ("test/c.wav", "c", "ann", "test"),
        ("train/a.wav", "a", "ann", "train"),
        ("train/b.wav", "b", "ann", "train"),
    ]


def test_a_broken_object_is_named(folder):
    (folder / "train" / "b.json").write_text('{"text": ')
    with pytest.raises(ValueError, match=r"b.json, line 1: expected a JSON object"):
        json_beside_audio.read(folder)


def test_objects_without_a_text_are_something_else(folder):
    for file in folder.rglob("*.json"):
        file.write_text('{"rate": 8000}')
    assert not json_beside_audio.matches(folder)
