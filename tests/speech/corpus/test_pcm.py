"""Sound from a pipe: the samples are those of the file, however the bytes are cut."""

import io

import numpy as np
import pytest
import soundfile

from components.speech.corpus.pcm import read_pcm


def pieces(data, size):
    return (data[i : i + size] for i in range(0, len(data), size))


def poured(data, size, rate=8000):
    chunks, rate = read_pcm(pieces(data, size), rate)
    return np.concatenate([np.zeros(0, np.float32), *chunks]), rate


@pytest.fixture(scope="module")
def spoken(recordings):
    return soundfile.read(recordings / "fsdd/recordings/3_lucas_0.flac", dtype="float32")[0]


def wav(samples, rate, subtype="PCM_16"):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize("size", [1, 7, 44, 4096])
def test_raw_samples_come_out_whatever_the_sizes_of_the_pieces(spoken, size):
    data = np.round(spoken * 2**15).astype("<i2").tobytes()
    samples, rate = poured(data, size, 11025)
    np.testing.assert_array_equal(samples, spoken)
    assert rate == 11025 and samples.dtype == np.float32


@pytest.mark.parametrize("size", [1, 7, 44, 4096])
def test_a_wav_header_says_the_rate_and_channels_are_mixed_down(spoken, size):
    samples, rate = poured(wav(np.stack([spoken, np.zeros_like(spoken)], 1), 16000), size)
    np.testing.assert_allclose(samples, spoken / 2)
    assert rate == 16000


def test_half_a_sample_at_the_end_is_left_out():
    assert poured(b"\0\0\0", 2)[0].shape == (1,)
    assert poured(b"", 2)[0].shape == (0,)


def test_other_kinds_of_samples_are_refused(spoken):
    with pytest.raises(ValueError) as error:
        poured(wav(spoken, 8000, "PCM_24"), 100)
    assert str(error.value) == (
        "a stream expected 16-bit PCM, got a WAV header of kind 1 with 24 bits and 1 channels; "
        "record it as S16_LE."
    )
