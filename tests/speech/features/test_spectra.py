"""MFCC and log-mel against Kaldi's arithmetic, alone and in a crowd."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchaudio.compliance import kaldi

from components.contract import Clip
from components.speech.features.log_mel import LogMel
from components.speech.features.mfcc import Mfcc
from tests.fsdd import paths_of, read


def noise(seconds, seed=0, rate=8000, name="noise"):
    samples = 0.1 * np.random.default_rng(seed).standard_normal(int(rate * seconds))
    return Clip(name, "", samples.astype(np.float32), rate)


@pytest.fixture(scope="module")
def people(recordings):
    return read(paths_of(recordings)[::6])[0]


def as_kaldi(clip):
    return torch.from_numpy(clip.samples)[None] * 32768, {"sample_frequency": clip.rate, "dither": 0.0}


def test_mfcc_of_people_is_kaldi_s_within_a_thousandth(people):
    for clip, ours in zip(people, Mfcc().fit_transform(people), strict=True):
        wave, settings = as_kaldi(clip)
        theirs = kaldi.mfcc(wave, use_energy=False, num_ceps=13, num_mel_bins=23, **settings)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-3)


@pytest.mark.parametrize("rate", [8000, 16000, 11025])
def test_log_mel_is_kaldi_s_within_a_thousandth_at_every_rate(rate):
    clip = noise(0.7, rate=rate)
    wave, settings = as_kaldi(clip)
    theirs = kaldi.fbank(wave, num_mel_bins=40, **settings).numpy()
    above_floor = theirs > 0  # below lies Kaldi's own floor
    np.testing.assert_allclose(
        LogMel(bands=40).transform([clip])[0][above_floor], theirs[above_floor], atol=1e-3
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.026, 3.0), min_size=1, max_size=8),
    st.integers(0, 7),
    st.sampled_from([LogMel, Mfcc]),
)
def test_to_the_last_bit_a_clip_s_features_do_not_depend_on_its_neighbours(lengths, which, kind):
    clips = [noise(seconds, seed) for seed, seconds in enumerate(lengths)]
    which %= len(clips)
    lone = kind().transform([clips[which]])[0]
    assert np.array_equal(kind().transform(clips)[which], lone)


def test_more_samples_than_one_chunk_are_the_same_as_one_by_one(monkeypatch):
    clips = [noise(0.3, seed) for seed in range(6)]
    whole = Mfcc().transform(clips)
    monkeypatch.setattr("components.speech.features.spectra.CHUNK_SAMPLES", 3000)
    assert all(map(np.array_equal, Mfcc().transform(clips), whole))


def test_a_clip_of_n_samples_has_the_frames_that_lie_wholly_inside():
    assert [len(rows) for rows in Mfcc().transform([noise(0.025), noise(0.0349), noise(0.035)])] == [1, 1, 2]


def test_digital_silence_has_finite_features():
    silence = Clip("silence", "", np.zeros(4000, np.float32), 8000)
    assert np.isfinite(Mfcc().transform([silence])[0]).all()
    assert (LogMel().transform([silence])[0] == 0).all()


def test_a_clip_shorter_than_a_frame_is_refused_by_name():
    with pytest.raises(ValueError) as error:
        Mfcc().transform([noise(0.5), noise(0.02, name="click")])
    assert str(error.value) == (
        "Mfcc cannot use clip 'click': expected at least 200 samples (25 ms), got 160; "
        "leave it out or pad it with silence."
    )


def test_a_clip_of_another_rate_than_the_training_clips_is_refused():
    fitted = LogMel().fit([noise(0.5)])
    with pytest.raises(ValueError) as error:
        fitted.transform([noise(0.5, rate=16000, name="studio")])
    assert (
        str(error.value)
        == "LogMel cannot use clip 'studio': expected 8000 Hz, got 16000 Hz; resample it to 8000 Hz."
    )


def test_no_clips_give_no_features():
    assert Mfcc().transform([]) == []


def test_a_highest_frequency_below_0_counts_from_half_the_rate(people):
    """As Kaldi's --high-freq: recorders cut the uppermost part off, each in its own way."""
    clips = people[:3]
    above, below = (Mfcc(high_hz=hz).fit(clips).transform(clips) for hz in (3500.0, -500.0))
    assert all(np.array_equal(a, b) for a, b in zip(above, below, strict=True))
    assert not np.array_equal(above[0], Mfcc().fit(clips).transform(clips)[0])
