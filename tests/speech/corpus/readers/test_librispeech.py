"""LibriSpeech's layout."""

import pytest

from components.speech.corpus.readers import librispeech


def chapter(tmp_path, put, part, speaker, ending="flac"):
    put(f"{part}/{speaker}/7/{speaker}-7-0000.{ending}")
    lines = f"{speaker}-7-0000 SEVEN AND EIGHT\n\n{speaker}-7-0001 NINE\n"
    (tmp_path / part / speaker / "7" / f"{speaker}-7.trans.txt").write_text(lines)


def test_lines_are_recordings_and_folders_are_parts(put, tmp_path, spoken):
    chapter(tmp_path, put, "train-clean-100", "84")
    chapter(tmp_path, put, "test-clean", "61", "wav")
    assert librispeech.matches(tmp_path)
    recordings = librispeech.read(tmp_path).recordings
    assert [(r.name, r.text, r.speakers, r.part) for r in recordings] == [
        ("61-7-0000", "SEVEN AND EIGHT", ("61",), "test"),
        ("61-7-0001", "NINE", ("61",), "test"),
        ("84-7-0000", "SEVEN AND EIGHT", ("84",), "train"),
        ("84-7-0001", "NINE", ("84",), "train"),
    ]
    assert recordings[0].path == "test-clean/61/7/61-7-0000.wav"
    assert recordings[3].where.endswith("84-7.trans.txt, line 3")
    assert (recordings[2].source.read(20)[0] == spoken()).all()


def test_a_missing_file_is_set_aside_by_its_name(put, tmp_path):
    chapter(tmp_path, put, "x", "84")
    with pytest.raises(ValueError, match=r"no such file: .*84-7-0001\.flac"):
        librispeech.read(tmp_path).recordings[1].source.read(20)


def test_one_part_alone_is_no_split_and_audio_without_a_line_is_counted(put, tmp_path):
    chapter(tmp_path, put, "dev-clean", "84")
    put("dev-clean/84/7/84-7-0009.flac")
    listing = librispeech.read(tmp_path)
    assert {recording.part for recording in listing.recordings} == {""}
    assert listing.reading["not read"] == "1 audio file without a line"
    assert "part" not in listing.reading


def test_zeroth_korean_has_ids_with_underscores(put, tmp_path):
    for part in ("train", "test"):
        put(f"{part}_data_01/003/104/104_003_0019.flac")
        (tmp_path / f"{part}_data_01/003/104/104_003.trans.txt").write_text("104_003_0019 지난해\n")
    found = [(r.text, r.speakers, r.part) for r in librispeech.read(tmp_path).recordings]
    assert found == [("지난해", ("104",), "test"), ("지난해", ("104",), "train")]


def test_ids_of_another_form_name_no_speaker(put, tmp_path):
    put("a.flac")
    (tmp_path / "my.trans.txt").write_text("a ONE\nb\n")
    recordings = librispeech.read(tmp_path).recordings
    assert [(r.name, r.text, r.speakers) for r in recordings] == [("a", "ONE", ()), ("b", "", ())]


def test_a_folder_without_transcripts_is_refused(put, tmp_path):
    put("a.flac")
    assert not librispeech.matches(tmp_path)
    with pytest.raises(ValueError, match=r"has no \*\.trans\.txt; expected LibriSpeech"):
        librispeech.read(tmp_path)
