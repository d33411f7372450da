"""Folders made of a few spoken digits, and rows read as the simplest reader of rows would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import soundfile

from tests.fsdd import folder

Put = Callable[..., Path]
NAMES = ["zero", "one", "two"]
FEATURES = {
    "audio": {"_type": "Audio"},
    "label": {"names": NAMES, "_type": "ClassLabel"},
    "speaker_id": {"dtype": "string", "_type": "Value"},
}


@pytest.fixture
def put(recordings, tmp_path) -> Put:
    """A path below tmp_path, a digit, a speaker, a take -> the file there, with the recording of them."""

    def _put(path: str, digit: int = 1, who: str = "george", take: int = 0) -> Path:
        to = tmp_path / path
        to.parent.mkdir(parents=True, exist_ok=True)
        source = folder(recordings) / f"{digit}_{who}_{take}.flac"
        if to.suffix.lower() == ".flac":
            return Path(shutil.copy(source, to))
        kind = "NIST" if to.suffix.lower() == ".sph" else "WAV"
        soundfile.write(to, *soundfile.read(source, dtype="int16"), format=kind, subtype="PCM_16")
        return to

    return _put


@pytest.fixture
def spoken(recordings) -> Callable[..., np.ndarray]:
    """A digit, a speaker, a take -> float32 samples (samples,) of the recording at 8 kHz."""
    return lambda digit=1, who="george", take=0: soundfile.read(
        folder(recordings) / f"{digit}_{who}_{take}.flac", dtype="float32"
    )[0]


@pytest.fixture
def table(recordings):
    """Digits, speakers -> a table as `datasets` makes it: audio {bytes, path}, label, speaker_id."""

    def make(*said, paths=True):
        rows = [
            {
                "audio": {
                    "bytes": (folder(recordings) / f"{digit}_{who}_0.flac").read_bytes(),
                    "path": f"{digit}.flac" if paths else None,
                },
                "label": digit,
                "speaker_id": who,
            }
            for digit, who in said
        ]
        kinds = [pa.struct({"bytes": pa.binary(), "path": pa.string()}), pa.int64(), pa.string()]
        metadata = {"huggingface": json.dumps({"info": {"features": FEATURES}})}
        return pa.Table.from_pylist(rows, pa.schema(zip(FEATURES, kinds, strict=True), metadata))

    return make
