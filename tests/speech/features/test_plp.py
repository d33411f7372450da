"""Perceptual linear prediction against its published steps, one frame at a time."""

import numpy as np
import pytest

from components.contract import Clip
from components.speech.features.plp import Plp
from tests.fsdd import paths_of, read


@pytest.fixture(scope="module")
def person(recordings):
    return read(paths_of(recordings, "7_*")[:1])[0][0]


def mel(hertz):
    return 1127 * np.log(1 + hertz / 700)


def slow_plp(clip, bands=23, order=12, lifter=22):
    """Hermansky's steps as Kaldi takes them, each frame by itself, the linear system solved outright."""
    frame, hop, fft = clip.rate * 25 // 1000, clip.rate // 100, 256
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / (frame - 1))) ** 0.85
    edges = np.linspace(mel(20), mel(clip.rate / 2), bands + 2)
    bins = mel(np.arange(fft // 2 + 1) * clip.rate / fft)
    rows = []
    for start in range(0, len(clip.samples) - frame + 1, hop):
        part = clip.samples[start : start + frame].astype(float) * 32768
        part -= part.mean()
        part = np.concatenate([part[:1] * (1 - 0.97), part[1:] - 0.97 * part[:-1]]) * window
        power = np.abs(np.fft.rfft(part, fft)) ** 2
        loudness = []
        for low, centre, high in zip(edges, edges[1:], edges[2:], strict=False):
            triangle = np.clip(
                np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)), 0, 1
            )
            hertz = 700 * (np.exp(centre / 1127) - 1)
            ear = (hertz**2 / (hertz**2 + 1.6e5)) ** 2 * (hertz**2 + 1.44e6) / (hertz**2 + 9.61e6)
            loudness.append(np.cbrt(max(triangle @ power, 1.0) * ear))
        spectrum = [loudness[0], *loudness, loudness[-1]]
        lags = np.fft.irfft(spectrum)[: order + 1]
        matrix = [[lags[abs(i - j)] for j in range(order)] for i in range(order)]
        weights = np.linalg.solve(matrix, lags[1:])
        residual = lags[0] - weights @ lags[1:]
        poles = np.fft.rfft([1, *-weights], 4096)
        cepstra = np.fft.irfft(np.log(1 / np.abs(poles) ** 2))[
            1 : order + 1
        ]  # of the model's log power: 2 c / 2
        lift = 1 + lifter / 2 * np.sin(np.pi * np.arange(1, order + 1) / lifter)
        rows.append([np.log(residual), *(cepstra * lift)])
    return np.array(rows)


def test_plp_of_a_person_is_that_of_the_published_steps_within_a_thousandth(person):
    (ours,) = Plp().fit_transform([person])
    assert ours.dtype == np.float32 and ours.shape[1] == 13
    np.testing.assert_allclose(ours, slow_plp(person), atol=1e-3)


def test_more_coefficients_than_poles_are_those_of_the_same_model(person):
    few, many = (Plp(coefficients=count, lifter=0).transform([person])[0] for count in (13, 20))
    np.testing.assert_array_equal(few, many[:, :13])
    assert many.shape[1] == 20 and np.abs(many[:, 13:]).max() > 0.01


def test_digital_silence_has_finite_plp():
    silence = Clip("silence", "", np.zeros(4000, np.float32), 8000)
    assert np.isfinite(Plp().transform([silence])[0]).all()


def test_to_the_last_bit_plp_does_not_depend_on_neighbours(person):
    noise = Clip("noise", "", np.random.default_rng(0).normal(0, 0.1, 9000).astype(np.float32), person.rate)
    np.testing.assert_array_equal(Plp().transform([noise, person])[1], Plp().transform([person])[0])


def test_a_clip_shorter_than_a_frame_is_refused_by_plp_by_name():
    with pytest.raises(ValueError) as error:
        Plp().transform([Clip("click", "", np.zeros(160, np.float32), 8000)])
    assert str(error.value) == (
        "Plp cannot use clip 'click': expected at least 200 samples (25 ms), got 160; "
        "leave it out or pad it with silence."
    )
