"""Recordings of phones and browsers, made and read with PyAV."""

import sys

import numpy as np
import pytest
import soundfile

from components.speech.corpus.audio_file import AudioFile
from tests.fsdd import paths_of


@pytest.fixture(params=["m4a", "webm"])
def container(request, recordings, tmp_path):
    """A real recording in a container, and its samples at 48 kHz."""
    av = pytest.importorskip("av", reason="needs PyAV: pip install 'crossover[containers]'")
    spoken, rate = soundfile.read(paths_of(recordings)[0], dtype="float32")
    samples = np.repeat(spoken, 48000 // rate)[None, :]
    path, codec = tmp_path / f"x.{request.param}", {"m4a": "aac", "webm": "libopus"}[request.param]
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 48000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    return path, samples[0]


def test_a_container_is_read_whole_and_in_segments(container):
    path, samples = container
    read, rate = AudioFile(str(path)).read(20)
    assert rate == 48000 and read.dtype == np.float32 and abs(len(read) - len(samples)) < 4800
    shared = min(len(read), len(samples))
    lags = np.correlate(read[:shared:8], samples[:shared:8], "full")
    assert lags.max() > 0.8 * np.linalg.norm(read[:shared:8]) * np.linalg.norm(samples[:shared:8])
    segment = AudioFile(str(path), 0.1, 0.1).read(20)[0]
    assert np.array_equal(segment, read[4800:9600])


def test_what_is_no_container_is_set_aside(tmp_path):
    pytest.importorskip("av", reason="needs PyAV: pip install 'crossover[containers]'")
    (tmp_path / "x.m4a").write_bytes(b"Dear Sir, this is no recording.")
    with pytest.raises(ValueError, match="unreadable or cut off: Invalid data found"):
        AudioFile(str(tmp_path / "x.m4a")).read(20)


def test_without_pyav_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "x.m4a").write_bytes(b"x")
    with pytest.raises(ValueError) as error:
        AudioFile(str(tmp_path / "x.m4a")).read(20)
    assert str(error.value) == (
        "a .m4a file, which needs PyAV: pip install 'crossover[containers]' (or convert it to .wav or .flac, "
        "as with ffmpeg)"
    )
