"""Several corpora are read as one, whose recordings and speakers are called by their corpus."""

from pathlib import Path

import pytest

from components.speech.corpus import is_named, read_corpus
from tests.fsdd import folder


def table(recordings, path, speaker, rows):
    """A manifest at a path of takes of a speaker's zeros, each with its part; path's own columns."""
    lines = [f"{folder(recordings)}/0_{speaker}_{take}.flac,zero,ann,{part}" for take, part in rows]
    path.write_text("\n".join(["path,text,speaker,split", *lines]))
    return str(path)


@pytest.fixture
def two(recordings, tmp_path):
    split = table(recordings, tmp_path / "split.csv", "theo", [(0, "test"), (5, "train"), (6, "train")])
    return split, table(recordings, tmp_path / "whole.csv", "jackson", [(0, ""), (5, "")])


def test_recordings_and_speakers_of_both_are_told_apart_and_the_split_is_kept(two, tmp_path):
    pooled = read_corpus(" + ".join(two), cache=tmp_path)
    apart = [read_corpus(one, cache=tmp_path) for one in two]
    assert [clip.digest for clip in pooled.clips] == [clip.digest for one in apart for clip in one.clips]
    assert pooled.texts == ["zero"] * 5 and pooled.parts == ["test", "train", "train", "train", "train"]
    assert set(pooled.clips.speakers) == {f"{one}/ann" for one in two} and len(set(pooled.clips.names)) == 5
    assert pooled.title == " + ".join(one.title for one in apart)


def test_corpora_of_two_languages_are_refused(two, tmp_path):
    german = tmp_path / "german.csv"
    german.write_text("language," + "de,".join(Path(two[1]).read_text().splitlines(True)[:2]))
    with pytest.raises(ValueError, match="expected corpora of one language, got en-us, de; pool those"):
        read_corpus(f"{two[1]} + {german}", cache=tmp_path)


def test_it_is_named_where_all_of_it_is():
    assert is_named("fsdd + speech-commands:zero,one") and not is_named("fsdd + /etc/passwd")
