"""Rows of named columns -> recordings, segments and channels."""

from pathlib import Path

import pytest

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers.columns import plain_name
from components.speech.corpus.readers.rows import rows_to_listing


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    return tmp_path


def one(folder, row, file="m.csv"):
    return rows_to_listing([{"path": "a.wav", "text": "yes", **row}], folder / file).recordings[0]


@pytest.mark.parametrize(
    ("row", "file", "segment", "name"),
    [
        ({}, "m.csv", (0.0, None, None), "a.wav"),
        ({"start": "0.5", "end": "0.75"}, "m.csv", (0.5, 0.25, None), "a.wav@0.5-0.75"),
        ({"offset": 0.5, "duration": 0.25}, "m.json", (0.5, 0.25, None), "a.wav@0.5+0.25"),
        ({"end": "0.5"}, "m.csv", (0.0, 0.5, None), "a.wav@0-0.5"),
        ({"duration": "500"}, "m.csv", (0.0, None, None), "a.wav"),
        ({"duration": "500"}, "m.csv.gz", (0.0, None, None), "a.wav"),
        ({"duration": "500"}, "M.TSV", (0.0, None, None), "a.wav"),
        ({"duration": 0.5}, "m.jsonl", (0.0, 0.5, None), "a.wav"),
        ({"channel": "B"}, "m.csv", (0.0, None, 1), "a.wav#B"),
        ({"channel": "0.0"}, "m.csv", (0.0, None, 0), "a.wav#0.0"),
        ({"channel": "2"}, "m.csv", (0.0, None, 1), "a.wav#2"),
    ],
)
def test_segments_and_channels(folder, row, file, segment, name):
    listed = one(folder, row, file)
    assert listed.source == AudioFile(str(folder / "a.wav"), *segment) and listed.path == name


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"start": "soon", "end": "1"}, "its segment is not in seconds: start 'soon', end '1'"),
        ({"start": "0", "end": "inf"}, "its segment is not in seconds: start '0', end 'inf'"),
        ({"channel": "²"}, "channel '²' expected a number, A or B, left or right"),
        ({"start": "1", "end": ""}, "a start without an end or a duration"),
        ({"path": ""}, "no path (m.csv, line 1)"),
    ],
)
def test_what_is_no_segment_is_set_aside(folder, row, why):
    assert one(folder, row).source == UnreadableSource(why)


def test_two_channels_of_one_file_are_two_recordings(folder):
    rows = [{"path": "a.wav", "text": text, "channel": channel} for text, channel in (("yes", 0), ("no", 1))]
    assert [listed.path for listed in rows_to_listing(rows, folder / "m.csv").recordings] == [
        "a.wav#0",
        "a.wav#1",
    ]


def test_a_row_without_a_path_is_named_by_its_line(folder):
    assert one(folder, {"path": None}).path == "m.csv, line 1"


def test_missing_columns_are_listed(folder):
    with pytest.raises(ValueError) as error:
        rows_to_listing([{"sound": "a.wav", "text": "yes"}], folder / "m.csv")
    assert str(error.value).endswith(
        "audio, file ...); it has sound, text. Rename or add them; "
        "'sound' holds paths of recordings: call it path."
    )
    with pytest.raises(ValueError, match="put a line such as path,text,speaker above it"):
        rows_to_listing([{"a.wav": "b.wav", "yes": "no"}], folder / "m.csv")


def test_names_of_columns_are_compared_plainly():
    assert [plain_name(name) for name in ("Speaker ID", " file-name ", "Text")] == [
        "speaker_id",
        "file_name",
        "text",
    ]


def test_what_was_read_as_what_is_told(folder):
    listing = rows_to_listing([{"file_name": "a.wav", "text": "yes", "who": "ann"}], folder / "m.csv")
    assert listing.reading == {"columns read": "file_name (path), text", "columns not read": "who"}
    assert [check.name for check in listing.checks] == ["no-speaker-column"]
