"""Altered clips are altered by what was asked for and by nothing else."""

import numpy as np
import pytest
import soundfile

from components.contract import Attested, Clip
from components.speech.augmentation.kinds import MASKED_BANDS, MASKED_TIME, MASKS
from components.speech.augmentation.waveforms import (
    drawn_holes,
    in_noise,
    other_levels,
    other_speeds,
    other_throats,
    with_holes,
)
from components.speech.features.log_mel import LogMel


@pytest.fixture(scope="module")
def people(recordings):
    paths = sorted((recordings / "fsdd" / "recordings").glob("*.flac"))[::300]
    read = [(path.stem, *soundfile.read(path, dtype="float32")) for path in paths]
    return [Clip(name, "", samples, rate, attested=Attested("d", samples)) for name, samples, rate in read]


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
    monkeypatch.setattr("components.speech.augmentation.waveforms.CHUNK_SAMPLES", 5000)
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


def wandering(frames):
    """How far frames (frames, bands) go from their mean."""
    return float(np.std(frames - frames.mean(0)))


def test_a_hole_in_time_holds_the_mean_spectrum_and_all_else_stays(people):
    clip = people[0]
    plain = LogMel().transform([clip])[0]
    (other,) = with_holes([clip], np.array([[[0.4, 0.7, 0, 0]]]))
    heard, frames = LogMel().transform([other])[0], len(plain)
    assert len(other.samples) == len(clip.samples)
    inside, before = slice(int(0.47 * frames), int(0.63 * frames)), slice(0, int(0.33 * frames))
    assert wandering(heard[inside]) < 0.6 * wandering(plain[inside])
    assert np.abs(heard[inside].mean(0) - plain.mean(0)).mean() < 1
    np.testing.assert_allclose(heard[before], plain[before], atol=0.01)


def test_a_hidden_band_says_nothing_and_the_other_bands_stay(people):
    clip = people[0]
    plain = LogMel().transform([clip])[0]
    heard = LogMel().transform(with_holes([clip], np.array([[[0, 0, 0, 0.4]]])))[0]
    bands = plain.shape[1]
    low = slice(1, int(0.3 * bands))
    assert wandering(heard[2:-2, low]) < 0.6 * wandering(plain[2:-2, low])
    apart = np.abs(heard - plain)[:, int(0.55 * bands) :]
    assert np.median(apart) < 0.05


def test_a_clip_gets_the_same_holes_alone_as_among_others(people, monkeypatch):
    holes = drawn_holes(len(people), np.random.default_rng(0))
    together = with_holes(people, holes)
    alone = [with_holes([clip], holes[[row]])[0] for row, clip in enumerate(people)]
    monkeypatch.setattr("components.speech.augmentation.waveforms.CHUNK_SAMPLES", 5000)
    for one, other, again in zip(together, alone, with_holes(people, holes), strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-4)
        np.testing.assert_allclose(one.samples, again.samples, atol=1e-4)


def test_holes_are_as_wide_as_said_at_most_and_inside_the_clip():
    holes = drawn_holes(2000, np.random.default_rng(0))
    wide = holes[:, :, [1, 3]] - holes[:, :, [0, 2]]
    assert holes.shape == (2000, MASKS, 4) and holes.min() >= 0 and holes.max() <= 1
    np.testing.assert_allclose(wide.max((0, 1)), [MASKED_TIME, MASKED_BANDS], rtol=0.01)


def test_a_gain_makes_log_mel_louder_by_it(people):
    (louder,) = other_levels(people[:1], np.array([6.0]))
    np.testing.assert_allclose(louder.samples, people[0].samples * 10 ** (6 / 20), rtol=1e-5)


def test_an_altered_clip_is_not_found_again_as_the_one_it_was_made_of(people):
    ones, rng = np.ones(len(people)), np.random.default_rng(0)
    ways = [other_speeds(people, ones), other_throats(people, ones), other_levels(people, ones)]
    ways.append(with_holes(people, drawn_holes(len(people), rng)))
    for clips in [*ways, in_noise(people, 30 * ones, rng)]:
        assert all(clip.attested is None and clip.samples.dtype == np.float32 for clip in clips)
        assert [clip.name for clip in clips] == [clip.name for clip in people]


def test_silence_and_clicks_can_be_altered():
    clips = [
        Clip("silence", "", np.zeros(4000, np.float32), 8000),
        Clip("click", "", np.ones(3, np.float32), 8000),
    ]
    factors = np.array([0.9, 1.1])
    holes = with_holes(clips, drawn_holes(2, np.random.default_rng(0)))
    for some in (holes, other_throats(clips, factors), other_speeds(clips, factors)):
        assert all(np.isfinite(clip.samples).all() and len(clip.samples) for clip in some)
    silence = in_noise(clips[:1], np.array([20.0]), np.random.default_rng(0))
    assert np.isfinite(LogMel().transform(silence)[0]).all()
