"""Altered clips are altered by what was asked for and by nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from components.clip import Attested, Clip
from components.speech.augmentation.policy import MASKED_BANDS, MASKED_TIME, MASKS, draw_masks
from components.speech.augmentation.stft import spec_mask, vtlp
from components.speech.augmentation.waveforms import add_noise, gain, speed_perturb
from components.speech.features.log_mel import LogMel
from tests.fsdd import paths_of, read


@pytest.fixture(scope="module")
def people(recordings):
    clips, _ = read(paths_of(recordings)[::18])
    return [replace(clip, attested=Attested("d", clip.samples)) for clip in clips]


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
    band = power(clip)[500:2000]
    return (np.arange(500, 2000) * band).sum() / band.sum()


def test_vtlp_moves_the_formants_and_keeps_pitch_and_length():
    original = vowel()
    for factor in (0.88, 1.12):
        (other,) = vtlp([original], np.array([factor]))
        assert len(other.samples) == len(original.samples)
        moved = resonance(other) / resonance(original)
        assert 1 + 0.5 * (factor - 1) < moved < 1 + 1.5 * (factor - 1) or (
            1 + 1.5 * (factor - 1) < moved < 1 + 0.5 * (factor - 1)
        )
        tops = np.sort(np.argsort(power(other)[:4000])[-5:])
        assert all(min(top % 100, -top % 100) <= 1 for top in tops)  # still multiples of 100 Hz


def test_vtlp_by_a_factor_of_1_leaves_people_as_they_are(people):
    for clip, other in zip(people, vtlp(people, np.ones(len(people))), strict=True):
        np.testing.assert_allclose(other.samples, clip.samples, atol=1e-5)


def test_vtlp_of_a_clip_is_the_same_alone_as_among_others(people):
    factors = np.linspace(0.9, 1.1, len(people))
    together = vtlp(people, factors)
    alone = [vtlp([clip], factors[[row]])[0] for row, clip in enumerate(people)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-5)


def test_vtlp_of_more_samples_than_one_chunk_is_the_same(people, monkeypatch):
    factors = np.linspace(0.9, 1.1, len(people))
    whole = vtlp(people, factors)
    monkeypatch.setattr("components.speech.augmentation.stft.CHUNK_SAMPLES", 5000)
    for one, other in zip(whole, vtlp(people, factors), strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-5)


def test_a_clip_played_faster_is_shorter_and_higher():
    (fast,) = speed_perturb([vowel()], np.array([1.25]))
    assert len(fast.samples) == 6400
    spectrum = np.abs(np.fft.rfft(fast.samples))
    assert np.argmax(spectrum) * 8000 / 6400 == pytest.approx(1250, abs=2)


def test_noise_has_the_signal_to_noise_ratio_asked_for(people):
    (noisy,) = add_noise(people[:1], np.array([20.0]), np.random.default_rng(0))
    noise = noisy.samples - people[0].samples
    ratio = np.mean(people[0].samples ** 2) / np.mean(noise**2)
    assert 10 * np.log10(ratio) == pytest.approx(20, abs=0.1)


def deviation(frames):
    """How far frames (frames, bands) go from their mean."""
    return float(np.std(frames - frames.mean(0)))


def test_a_mask_in_time_holds_the_mean_spectrum_and_all_else_stays(people):
    clip = people[0]
    plain = LogMel().transform([clip])[0]
    (other,) = spec_mask([clip], np.array([[[0.4, 0.7, 0, 0]]]))
    altered, frames = LogMel().transform([other])[0], len(plain)
    assert len(other.samples) == len(clip.samples)
    inside, before = slice(int(0.47 * frames), int(0.63 * frames)), slice(0, int(0.33 * frames))
    assert deviation(altered[inside]) < 0.6 * deviation(plain[inside])
    assert np.abs(altered[inside].mean(0) - plain.mean(0)).mean() < 1
    np.testing.assert_allclose(altered[before], plain[before], atol=0.01)


def test_a_masked_band_holds_its_mean_and_the_other_bands_stay(people):
    clip = people[0]
    plain = LogMel().transform([clip])[0]
    altered = LogMel().transform(spec_mask([clip], np.array([[[0, 0, 0, 0.4]]])))[0]
    bands = plain.shape[1]
    low = slice(1, int(0.3 * bands))
    assert deviation(altered[2:-2, low]) < 0.6 * deviation(plain[2:-2, low])
    apart = np.abs(altered - plain)[:, int(0.55 * bands) :]
    assert np.median(apart) < 0.05


def test_masks_of_a_clip_are_the_same_alone_as_among_others(people, monkeypatch):
    masks = draw_masks(len(people), np.random.default_rng(0))
    together = spec_mask(people, masks)
    alone = [spec_mask([clip], masks[[row]])[0] for row, clip in enumerate(people)]
    monkeypatch.setattr("components.speech.augmentation.stft.CHUNK_SAMPLES", 5000)
    for one, other, again in zip(together, alone, spec_mask(people, masks), strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-4)
        np.testing.assert_allclose(one.samples, again.samples, atol=1e-4)


def test_masks_are_no_wider_than_the_policy_and_inside_the_clip():
    masks = draw_masks(2000, np.random.default_rng(0))
    wide = masks[:, :, [1, 3]] - masks[:, :, [0, 2]]
    assert masks.shape == (2000, MASKS, 4) and masks.min() >= 0 and masks.max() <= 1
    np.testing.assert_allclose(wide.max((0, 1)), [MASKED_TIME, MASKED_BANDS], rtol=0.01)


def test_a_gain_makes_log_mel_louder_by_it(people):
    (louder,) = gain(people[:1], np.array([6.0]))
    np.testing.assert_allclose(louder.samples, people[0].samples * 10 ** (6 / 20), rtol=1e-5)


def test_an_altered_clip_is_not_found_again_as_the_one_it_was_made_of(people):
    ones, rng = np.ones(len(people)), np.random.default_rng(0)
    copies = [speed_perturb(people, ones), vtlp(people, ones), gain(people, ones)]
    copies.append(spec_mask(people, draw_masks(len(people), rng)))
    for clips in [*copies, add_noise(people, 30 * ones, rng)]:
        assert all(clip.attested is None and clip.samples.dtype == np.float32 for clip in clips)
        assert [clip.name for clip in clips] == [clip.name for clip in people]


def test_silence_and_clicks_can_be_altered():
    clips = [
        Clip("silence", "", np.zeros(4000, np.float32), 8000),
        Clip("click", "", np.ones(3, np.float32), 8000),
    ]
    factors = np.array([0.9, 1.1])
    masks = spec_mask(clips, draw_masks(2, np.random.default_rng(0)))
    for some in (masks, vtlp(clips, factors), speed_perturb(clips, factors)):
        assert all(np.isfinite(clip.samples).all() and len(clip.samples) for clip in some)
    silence = add_noise(clips[:1], np.array([20.0]), np.random.default_rng(0))
    assert np.isfinite(LogMel().transform(silence)[0]).all()
