"""Recordings set aside since they sound like another one are told; many wrong texts stop a study."""

import csv
import shutil
from pathlib import Path

import pytest

from components.speech.check.copies import copy_checks
from components.speech.corpus import read_corpus
from tests.fsdd import paths_of


@pytest.fixture
def with_copies(recordings, tmp_path):
    """Rows of (copy of which of the ten zeros of takes 0 and 5, its text) -> a corpus of these besides."""

    def made(*copied):
        rows = []
        for path in paths_of(recordings, "0_*_[05]"):
            rows.append((shutil.copy(path, tmp_path), "zero"))
        for number, (which, text) in enumerate(copied):
            rows.append((shutil.copy(rows[which][0], tmp_path / f"copy{number}.flac"), text))
        with (tmp_path / "my.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("path", "text"), *rows])
        return read_corpus(str(tmp_path / "my.csv"), cache=tmp_path)

    return made


def test_nothing_is_said_without_copies(with_copies):
    corpus = with_copies()
    assert len(corpus) == 12 and copy_checks(corpus) == []


def test_copies_are_counted_and_named(with_copies):
    corpus = with_copies((0, "zero"), (3, "zero"))
    (result,) = copy_checks(corpus)
    assert (result.name, result.verdict) == ("copies", "look") and len(corpus) == 12
    assert result.message.startswith("2 recordings sound exactly like another one and were set aside")
    assert [Path(name).name for name in result.examples] == ["copy0.flac", "copy1.flac"]


def test_a_sound_with_two_texts_stops_a_study_where_there_are_many(with_copies):
    corpus = with_copies((0, "one"))
    (result,) = copy_checks(corpus)
    assert (result.name, result.verdict) == ("two-texts", "stop") and len(corpus) == 11
    assert result.message.startswith("2 recordings have the sound of another one and a different text")
    assert result.message.endswith("So many wrong texts are a mistake in the table; mend it.")
