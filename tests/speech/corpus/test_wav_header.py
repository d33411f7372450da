"""A WAV file whose recorder never wrote its length."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.wav_header import with_size
from tests.fsdd import paths_of


def test_data_of_no_length_go_to_the_end_of_the_file(recordings, tmp_path):
    samples, rate = soundfile.read(paths_of(recordings)[0], dtype="int16")
    whole, open_ended = tmp_path / "whole.wav", tmp_path / "open.wav"
    soundfile.write(whole, samples, rate, subtype="PCM_16")
    content = bytearray(whole.read_bytes())
    at = content.index(b"data")
    content[at + 4 : at + 8] = b"\0\0\0\0"
    open_ended.write_bytes(content)
    assert with_size(str(whole)) is None and with_size(str(open_ended)).getvalue() == whole.read_bytes()
    read, same_rate = AudioFile(str(open_ended)).read(20)
    assert same_rate == rate and np.array_equal(read, AudioFile(str(whole)).read(20)[0])


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata\0\0\0\0", b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff"]
)
def test_other_files_stay_as_they_are(tmp_path, content):
    (tmp_path / "x.wav").write_bytes(content)
    assert with_size(str(tmp_path / "x.wav")) is None
