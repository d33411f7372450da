"""Recordings of people, to be written as somebody else wrote them."""

import pytest
import soundfile

from tests.fsdd import folder as digits_folder


@pytest.fixture
def spoken(recordings):
    """A digit, a speaker, a take -> samples (samples,)."""
    return lambda digit, who, take=0: soundfile.read(
        digits_folder(recordings) / f"{digit}_{who}_{take}.flac", dtype="float32"
    )[0]


@pytest.fixture
def home(tmp_path):
    """A folder with a folder above it, for the cache."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"
