"""Samples in the units of integers."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.full_scale import in_full_scale
from tests.fsdd import paths_of


@pytest.fixture
def samples(recordings):
    return soundfile.read(paths_of(recordings)[0], dtype="float32")[0]


@pytest.mark.parametrize("scale", [2.0**15, 2.0**31])
def test_units_of_integers_are_taken_off(samples, scale):
    assert np.allclose(in_full_scale(samples * np.float32(scale)), samples, atol=1e-6)


def test_quiet_whole_numbers_are_of_integers(samples):
    quiet = np.rint(50 * samples / np.abs(samples).max()).astype(np.float32)
    assert np.array_equal(in_full_scale(quiet), quiet / np.float32(2**15))


@pytest.mark.parametrize("scale", [1.0, 3.0, 40.0])
def test_what_is_loud_stays(samples, scale):
    assert np.array_equal(in_full_scale(samples * np.float32(scale)), samples * np.float32(scale))


@pytest.mark.parametrize("odd", [[], [0.0], [np.nan, 300.0], [np.inf], [1e30]])
def test_what_is_none_stays(odd):
    odd = np.array(odd, np.float32)
    assert np.array_equal(in_full_scale(odd), odd, equal_nan=True)


def test_a_file_of_them_is_read_as_others_are(samples, tmp_path):
    soundfile.write(tmp_path / "a.wav", samples * 32768, 8000, subtype="FLOAT")
    assert np.allclose(AudioFile(str(tmp_path / "a.wav")).read(20)[0], samples, atol=1e-6)


def test_a_soft_segment_is_in_the_units_of_its_file(samples, tmp_path):
    both = np.concatenate([samples, samples / 3000])
    soundfile.write(tmp_path / "a.wav", both * 32768, 8000, subtype="FLOAT")
    seconds = len(samples) / 8000
    soft = AudioFile(str(tmp_path / "a.wav"), seconds, seconds).read(20)[0]
    assert np.allclose(soft, samples / 3000, atol=1e-6)
