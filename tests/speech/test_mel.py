"""One mel scale, filterbank and cosine transform, equal to what models were trained with to the last bit."""

import numpy as np
import pytest
import torch
from scipy.fft import dct
from torchaudio.functional import create_dct, melscale_fbanks

from components.speech import mel

RATES = (8000, 11025, 16000, 44100)


def fft_length(rate):
    return 1 << (int(rate * 0.025) - 1).bit_length()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bands", [23, 40, 64])
def test_triangles_straight_in_mel_are_kaldi_s(rate, bands):
    def to_mel(hz):
        return 1127.0 * np.log1p(np.asarray(hz) / 700.0)

    fft = fft_length(rate)
    edges = np.linspace(to_mel(20.0), to_mel(rate / 2), bands + 2)
    bins = to_mel(np.arange(fft // 2 + 1) * rate / fft)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    expected = np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    points = mel.hz_to_mel(mel.bin_frequencies(rate, fft))
    filters = mel.triangles(points, mel.mel_points(bands + 2, 20.0, rate / 2))
    np.testing.assert_array_equal(filters, np.maximum(expected, 0).astype(np.float32))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bands", [23, 40, 80])
def test_triangles_straight_in_hertz_are_those_of_the_networks(rate, bands):
    fft = fft_length(rate)
    ends = np.log1p(np.array([60.0, rate / 2]) / 700)
    edges = 700 * np.expm1(np.linspace(*ends, bands + 2))
    hz = np.arange(fft // 2 + 1)[:, None] * rate / fft
    below = np.maximum(edges[1:-1] - edges[:-2], rate / fft)
    above = np.maximum(edges[2:] - edges[1:-1], rate / fft)
    expected = np.minimum(1 - (edges[1:-1] - hz) / below, 1 - (hz - edges[1:-1]) / above)
    frequencies = mel.mel_frequencies(bands + 2, 60.0, rate / 2, mel.NEPER)
    np.testing.assert_array_equal(frequencies, edges)
    filters = mel.triangles(mel.bin_frequencies(rate, fft), frequencies, rate / fft)
    np.testing.assert_array_equal(filters, np.clip(expected, 0, 1).astype(np.float32))
    assert (filters.max(0) > 0).all()  # no band is empty


def test_triangles_straight_in_hertz_are_torchaudio_s():
    theirs = melscale_fbanks(257, 60.0, 8000.0, 40, 16000, mel_scale="htk").numpy()
    edges = mel.mel_frequencies(42, 60.0, 8000.0)
    np.testing.assert_allclose(mel.triangles(mel.bin_frequencies(16000, 512), edges), theirs, atol=1e-4)


def test_the_unit_of_mel_changes_no_frequency():
    kaldi, neper = (mel.mel_frequencies(42, 20.0, 4000.0, unit) for unit in (mel.KALDI_MEL, mel.NEPER))
    np.testing.assert_allclose(kaldi, neper, rtol=1e-12)
    np.testing.assert_allclose(mel.mel_to_hz(mel.hz_to_mel(1000.0)), 1000.0)


@pytest.mark.parametrize(("bands", "coefficients"), [(23, 13), (40, 20), (13, 13)])
def test_the_cosine_transform_is_scipy_s_and_torchaudio_s(bands, coefficients):
    weights = mel.dct_matrix(bands, coefficients)
    expected = dct(np.eye(bands), type=2, norm="ortho", axis=1)[:, :coefficients]
    np.testing.assert_array_equal(weights, expected)
    theirs = create_dct(coefficients, bands, "ortho").to(torch.float64).numpy()
    np.testing.assert_allclose(weights, theirs, atol=1e-6)


def test_a_lifter_of_0_is_none_and_kaldi_s_rises_and_falls():
    assert mel.cepstral_lifter(13, 0).tolist() == [1] * 13
    lifter = mel.cepstral_lifter(23, 22.0)
    assert lifter[0] == 1 and lifter[11] == 12 and np.isclose(lifter[22], 1)
