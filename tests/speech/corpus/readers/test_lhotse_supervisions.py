"""Lhotse's recordings and supervisions, of which no cuts were made."""

import json

import pytest

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers import read_manifest
from components.speech.corpus.readers.json_file import read
from tests.fsdd import paths_of


@pytest.fixture
def rows(recordings):
    source = {"type": "file", "channels": [0], "source": str(paths_of(recordings)[0])}
    recording = {"id": "r", "sources": [source], "sampling_rate": 8000, "num_samples": 4000, "duration": 0.5}
    said = [
        {"id": f"s{i}", "recording_id": name, "start": 0.1 * i, "duration": 0.2, "channel": 0, "text": "one"}
        | {"speaker": "ann"}
        for i, name in enumerate(("r", "r", "gone"))
    ]
    return [recording | {"channel_ids": [0]}], said


def write(folder, **files):
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


@pytest.mark.parametrize("name", ["recordings.jsonl", "supervisions.jsonl"])
def test_either_file_stands_for_both(tmp_path, rows, name):
    write(tmp_path, recordings=rows[0], supervisions=rows[1])
    first, second, lost = read(tmp_path / name).recordings
    assert (first.name, first.text, first.speakers) == ("s0", "one", ("ann",))
    assert (second.source.start, second.source.seconds) == (0.1, 0.2)
    assert lost.source == UnreadableSource("there is no recording of its recording_id: 'gone'")


def test_a_folder_of_both_is_read_by_parts(tmp_path, rows):
    recordings, said = rows
    write(tmp_path, x_recordings_train=recordings, x_supervisions_train=said[:1])
    write(tmp_path, x_recordings_test=recordings, x_supervisions_test=said[1:2], x_features_test=said[:1])
    parts = {entry.name: entry.part for entry in read_manifest(tmp_path).entries}
    assert parts == {"s0": "train", "s1": "test"}


def test_cuts_that_were_made_of_both_are_read_alone(tmp_path, rows):
    recordings, said = rows
    cut = {"id": "c", "start": 0, "duration": 0.3, "channel": 0, "type": "MonoCut", "supervisions": []}
    write(tmp_path, recordings=recordings, supervisions=said, cuts=[cut | {"recording": recordings[0]}])
    assert [entry.name for entry in read_manifest(tmp_path).entries] == ["c"]


def test_recordings_alone_are_refused_with_the_command(tmp_path, rows):
    write(tmp_path, recordings=rows[0])
    with pytest.raises(ValueError, match=r"got none; give cuts of both: lhotse cut simple -r RECORDINGS"):
        read(tmp_path / "recordings.jsonl")


def test_segments_with_a_path_of_their_own_are_none(tmp_path):
    row = {"id": "s", "recording_id": "r", "start": 0, "duration": 0.2, "text": "one", "path": "a.wav"}
    write(tmp_path, m=[row])
    assert read(tmp_path / "m.jsonl").recordings[0].path == "a.wav"
