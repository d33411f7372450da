"""Altered clips are altered by what was asked for and by nothing else."""

import numpy as np
import pytest
import soundfile

from components.contract import Clip
from components.features.alter import in_noise, other_levels, other_speeds, other_throats
from components.features.log_mel import LogMel


@pytest.fixture(scope="module")
def people(recordings):
    paths = sorted((recordings / "fsdd" / "recordings").glob("*.flac"))[::300]
    read = [(path.stem, *soundfile.read(path, dtype="float32")) for path in paths]
    return [Clip(name, "", samples, rate, digest="d") for name, samples, rate in read]


def vowel(pitch=100, resonance=1000, rate=8000):
    """A second of pulses through one resonance."""
    pulses = np.zeros(rate)
    pulses[:: rate // pitch] = 1
    time = np.arange(400) / rate
    ringing = np.exp(-300 * time) * np.sin(2 * np.pi * resonance * time)
    return Clip("vowel", "", np.convolve(pulses, ringing)[:rate].astype(np.float32) / 4, rate)


def power(clip):
    return np.abs(np.fft.rfft(clip.samples * np.hanning(len(clip.samples)))) ** 2


def resonance(clip):
    """Where the power between 500 and 2000 Hz lies on average, Hz."""
    found = power(clip)[500:2000]
    return (np.arange(500, 2000) * found).sum() / found.sum()


def test_another_throat_moves_the_resonances_and_keeps_pitch_and_length():
    said = vowel()
    for factor in (0.88, 1.12):
        (other,) = other_throats([said], np.array([factor]))
        assert len(other.samples) == len(said.samples)
        moved = resonance(other) / resonance(said)
        assert 1 + 0.5 * (factor - 1) < moved < 1 + 1.5 * (factor - 1) or (
            1 + 1.5 * (factor - 1) < moved < 1 + 0.5 * (factor - 1)
        )
        tops = np.sort(np.argsort(power(other)[:4000])[-5:])
        assert all(min(top % 100, -top % 100) <= 1 for top in tops)  # still multiples of 100 Hz


def test_the_same_throat_leaves_people_as_they_are(people):
    for clip, other in zip(people, other_throats(people, np.ones(len(people))), strict=True):
        np.testing.assert_allclose(other.samples, clip.samples, atol=1e-5)


def test_a_clip_gets_the_same_throat_alone_as_among_others(people):
    factors = np.linspace(0.9, 1.1, len(people))
    together = other_throats(people, factors)
    alone = [other_throats([clip], factors[[row]])[0] for row, clip in enumerate(people)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-5)


def test_more_samples_than_one_chunk_get_the_same_throats(people, monkeypatch):
    factors = np.linspace(0.9, 1.1, len(people))
    whole = other_throats(people, factors)
    monkeypatch.setattr("components.features.alter.CHUNK_SAMPLES", 5000)
    for one, other in zip(whole, other_throats(people, factors), strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-5)


def test_a_clip_played_faster_is_shorter_and_higher():
    (fast,) = other_speeds([vowel()], np.array([1.25]))
    assert len(fast.samples) == 6400
    spectrum = np.abs(np.fft.rfft(fast.samples))
    assert np.argmax(spectrum) * 8000 / 6400 == pytest.approx(1250, abs=2)


def test_noise_is_as_far_below_the_clip_as_asked(people):
    (noisy,) = in_noise(people[:1], np.array([20.0]), np.random.default_rng(0))
    noise = noisy.samples - people[0].samples
    ratio = np.mean(people[0].samples ** 2) / np.mean(noise**2)
    assert 10 * np.log10(ratio) == pytest.approx(20, abs=0.1)


def test_a_gain_makes_log_mel_louder_by_it(people):
    (louder,) = other_levels(people[:1], np.array([6.0]))
    np.testing.assert_allclose(louder.samples, people[0].samples * 10 ** (6 / 20), rtol=1e-5)


def test_an_altered_clip_is_not_found_again_as_the_one_it_was_made_of(people):
    ones, rng = np.ones(len(people)), np.random.default_rng(0)
    ways = [other_speeds(people, ones), other_throats(people, ones), other_levels(people, ones)]
    for clips in [*ways, in_noise(people, 30 * ones, rng)]:
        assert all(clip.digest == "" and clip.samples.dtype == np.float32 for clip in clips)
        assert [clip.name for clip in clips] == [clip.name for clip in people]


def test_silence_and_clicks_can_be_altered():
    clips = [
        Clip("silence", "", np.zeros(4000, np.float32), 8000),
        Clip("click", "", np.ones(3, np.float32), 8000),
    ]
    factors = np.array([0.9, 1.1])
    for some in (other_throats(clips, factors), other_speeds(clips, factors)):
        assert all(np.isfinite(clip.samples).all() and len(clip.samples) for clip in some)
    silence = in_noise(clips[:1], np.array([20.0]), np.random.default_rng(0))
    assert np.isfinite(LogMel().transform(silence)[0]).all()
