"""Hugging Face's layouts."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from components.speech.corpus.readers import hugging_face
from components.speech.corpus.readers.arrow_bytes import ArrowBytes
from tests.speech.corpus.readers.conftest import FEATURES, NAMES


def save_to_disk(to, table):
    to.mkdir(parents=True)
    with pa.ipc.new_stream(to / "data-00000-of-00001.arrow", table.schema) as writer:
        writer.write_table(table, 1)
    (to / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}))
    (to / "dataset_info.json").write_text(json.dumps({"features": FEATURES}))


def found(path):
    assert hugging_face.matches(path)
    return [(r.path, r.text, r.speakers, r.part) for r in hugging_face.read(path).recordings]


def test_audio_with_metadata_in_folders_of_parts(put, tmp_path, spoken):
    for part in ("train", "validation", "test"):
        put(f"data/{part}/one.wav")
    (tmp_path / "data/train/metadata.csv").write_text('file_name,text,speaker\none.wav,"one, two",ada\n')
    (tmp_path / "data/validation/metadata.csv").write_text("text,file_name\none,one.wav\n")
    (tmp_path / "data/test/metadata.jsonl").write_text('{"file_name": "one.wav", "text": "one"}\n')
    assert found(tmp_path) == [
        ("one.wav@data/test/metadata.jsonl-1", "one", (), "test"),
        ("one.wav@data/train/metadata.csv-1", "one, two", ("ada",), "train"),
        ("one.wav@data/validation/metadata.csv-1", "one", (), "dev"),
    ]
    assert (hugging_face.read(tmp_path).recordings[1].source.read(20)[0] == spoken()).all()


def test_metadata_in_parquet(put, tmp_path):
    put("one.wav")
    pq.write_table(pa.table({"file_name": ["one.wav"], "text": ["one"]}), tmp_path / "metadata.parquet")
    assert found(tmp_path) == [("one.wav", "one", (), "")]


def test_a_data_set_saved_to_disk(table, tmp_path, spoken):
    save_to_disk(tmp_path / "train", table((1, "george"), (2, "lucas")))
    save_to_disk(tmp_path / "test", table((1, "theo")))
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert found(tmp_path) == [
        ("1.flac@test/data-00000-of-00001.arrow-1", "one", ("theo",), "test"),
        ("1.flac@train/data-00000-of-00001.arrow-1", "one", ("george",), "train"),
        ("2.flac", "two", ("lucas",), "train"),
    ]
    source = hugging_face.read(tmp_path).recordings[2].source
    assert source == ArrowBytes(str(tmp_path / "train" / "data-00000-of-00001.arrow"), "audio", 1)
    samples, rate = source.read(20)
    assert rate == source.rate() == 8000
    assert (samples == spoken(2, "lucas")).all()


def test_parquet_files_of_parts(table, tmp_path, spoken):
    (tmp_path / "data").mkdir()
    rows = [(digit, who) for digit in (1, 2) for who in ("george", "lucas", "theo")]
    pq.write_table(table(*rows), tmp_path / "data" / "train-00000-of-00001.parquet", row_group_size=4)
    pq.write_table(table((0, "nicolas"), paths=False), tmp_path / "data" / "test-00000-of-00001.parquet")
    recordings = hugging_face.read(tmp_path).recordings
    assert [(r.text, r.speakers[0], r.part) for r in recordings] == [
        ("zero", "nicolas", "test"),
        *((NAMES[digit], who, "train") for digit, who in rows),
    ]
    assert recordings[0].path == "test-00000-of-00001.parquet@0"
    assert recordings[0].where.endswith("test-00000-of-00001.parquet, row 1")
    for recording, (digit, who) in zip(recordings[1:], rows, strict=True):
        assert (recording.source.read(20)[0] == spoken(digit, who)).all()
    assert len({recording.source.key() for recording in recordings}) == 7
    assert len({recording.path for recording in recordings}) == 7


def test_one_parquet_file_with_a_text_keeps_it(table, tmp_path):
    said = table((1, "george")).append_column("sentence", pa.array(["One."]))
    said = said.append_column("text", pa.array(["One!"]))
    pq.write_table(said, tmp_path / "my.parquet")
    assert found(tmp_path / "my.parquet") == [("1.flac", "One!", ("george",), "")]


def test_rows_without_bytes_have_files_or_are_set_aside(table, put, tmp_path, spoken):
    put("1.flac")
    made = table((1, "george"), (2, "lucas")).to_pylist()
    made[0]["audio"]["bytes"], made[1]["audio"] = None, {"bytes": b"RIFF", "path": None}
    pq.write_table(pa.Table.from_pylist(made, table().schema), tmp_path / "my.parquet")
    first, second = hugging_face.read(tmp_path / "my.parquet").recordings
    assert (first.source.read(20)[0] == spoken()).all()
    with pytest.raises(ValueError, match="unreadable or cut off"):
        second.source.read(20)
    assert second.source.rate() is None


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("metadata.csv", "file_name,text\na.wav,one\nb.wav,two,three\n", "line 3: expected 2 fields, got 3"),
        ("metadata.csv", 'file_name,text\na.wav,"one\n', "line 2: unexpected end of data"),
        (
            "metadata.jsonl",
            '{"file_name": "a"}\n{"text"\n',
            r"line 2: expected a JSON object, got '{\"text\"'",
        ),
    ],
)
def test_a_broken_line_of_metadata_is_named(tmp_path, name, content, says):
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=rf"{name}, {says}"):
        hugging_face.read(tmp_path)


def test_broken_or_soundless_parquet_and_empty_folders_are_refused(tmp_path):
    assert not hugging_face.matches(tmp_path)
    with pytest.raises(ValueError, match="has no rows of a data set"):
        hugging_face.read(tmp_path)
    pq.write_table(pa.table({"text": ["one"]}), tmp_path / "a.parquet")
    assert not hugging_face.matches(tmp_path)
    with pytest.raises(ValueError, match=r"a\.parquet: expected a column of sounds .* got text \(string\)"):
        hugging_face.read(tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    assert hugging_face.matches(tmp_path)
    with pytest.raises(ValueError, match=r"a\.parquet: expected a Parquet or Arrow file, got what cannot"):
        hugging_face.read(tmp_path)


def test_a_table_of_paths_in_parquet(put, tmp_path):
    put("wavs/one.wav")
    pq.write_table(pa.table({"path": ["wavs/one.wav"], "text": ["one"]}), tmp_path / "my.parquet")
    for path in (tmp_path, tmp_path / "my.parquet"):
        assert found(path) == [("wavs/one.wav", "one", (), "")]


@pytest.mark.parametrize(
    "text", ['file_name, text\none.wav, "one, two"\n', "file_name;text\none.wav;one, two\n"]
)
def test_metadata_with_other_separators(put, tmp_path, text):
    put("one.wav")
    (tmp_path / "metadata.csv").write_text(text)
    assert found(tmp_path) == [("one.wav", "one, two", (), "")]
