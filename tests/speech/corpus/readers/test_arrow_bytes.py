"""Sounds inside Arrow and Parquet files."""

import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from components.speech.corpus.readers.arrow_bytes import ArrowBytes, open_table
from components.speech.corpus.readers.arrow_rows import read_rows


def test_too_long_a_sound_is_refused_before_it_is_decoded(table, tmp_path):
    pq.write_table(table((1, "george")), tmp_path / "my.parquet")
    with pytest.raises(ValueError, match=r"0\.6 s long, the limit is 0\.1 s"):
        ArrowBytes(str(tmp_path / "my.parquet"), "audio", 0).read(0.1)


def test_a_file_that_changed_is_opened_anew(table, tmp_path, spoken):
    source = ArrowBytes(str(tmp_path / "my.parquet"), "audio", 0)
    pq.write_table(table((1, "george")), tmp_path / "my.parquet")
    key, before = source.key(), source.read(20)[0]
    pq.write_table(table((2, "lucas")), tmp_path / "my.parquet")
    assert source.key() != key
    assert (before == spoken()).all()
    assert (source.read(20)[0] == spoken(2, "lucas")).all()


@pytest.mark.parametrize("kind", ["stream", "file", "parquet"])
def test_each_row_of_each_kind_of_file_is_read_after_pickling(table, tmp_path, spoken, kind):
    said = [(digit, who) for digit in (0, 1, 2) for who in ("george", "theo")]
    path = tmp_path / f"my.{'parquet' if kind == 'parquet' else 'arrow'}"
    if kind == "parquet":
        pq.write_table(table(*said), path, row_group_size=2)
    else:
        new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
        with new(path, table().schema) as writer:
            writer.write_table(table(*said), 2)
    for row in (5, 0, 3, 1, 4, 2):
        source = pickle.loads(pickle.dumps(ArrowBytes(str(path), "audio", row)))
        samples, rate = source.read(20)
        assert (rate, samples.dtype) == (8000, np.float32)
        assert (samples == spoken(*said[row])).all()


def test_a_parquet_file_is_held_one_group_of_rows_at_a_time(table, tmp_path):
    pq.write_table(table(*[(1, "george")] * 6), tmp_path / "my.parquet", row_group_size=2)
    opened = open_table(str(tmp_path / "my.parquet"))
    for row in range(6):
        opened.cell("audio", row)
        assert opened.held[0] == row // 2
        assert len(opened.held[2]) == 2


def test_bytes_alone_and_none_at_all(table, tmp_path, spoken):
    content = table((1, "george")).column("audio")[0].as_py()["bytes"]
    pq.write_table(pa.table({"wav": pa.array([content, None], pa.binary())}), tmp_path / "my.parquet")
    assert (ArrowBytes(str(tmp_path / "my.parquet"), "wav", 0).read(20)[0] == spoken()).all()
    with pytest.raises(ValueError, match="empty: the row has no bytes of audio"):
        ArrowBytes(str(tmp_path / "my.parquet"), "wav", 1).read(20)
    assert (
        ArrowBytes(str(tmp_path / "gone.parquet"), "wav", 1).key() == f"{tmp_path / 'gone.parquet'} missing"
    )


@pytest.mark.parametrize("scale", [1, 32768])
def test_samples_in_place_of_bytes(tmp_path, spoken, scale):
    samples = spoken() * scale
    sounds = [{"array": samples.tolist(), "sampling_rate": 8000}, {"array": None, "sampling_rate": 8000}]
    pq.write_table(pa.table({"audio": sounds, "text": ["one", "two"]}), tmp_path / "my.parquet")
    rows = read_rows(tmp_path / "my.parquet")
    found, rate = rows[0].source.read(20)
    assert rate == rows[0].source.rate() == 8000 and np.allclose(found, spoken(), atol=1e-6)
    with pytest.raises(ValueError, match=r"s long, the limit is 0\.1 s"):
        rows[0].source.read(0.1)
    with pytest.raises(ValueError, match="empty: the row has no bytes of audio"):
        rows[1].source.read(20)


def test_what_is_no_table_is_named(tmp_path):
    (tmp_path / "my.arrow").write_bytes(b"ARROW1 and no more")
    with pytest.raises(
        ValueError, match=r"my\.arrow: expected a Parquet or Arrow file, got what cannot be read"
    ):
        open_table(str(tmp_path / "my.arrow"))
