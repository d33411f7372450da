"""Trim keeps the speech and leaves the silence."""

import numpy as np
import pytest
import soundfile

from components.clip import Attested, Clip
from components.speech.features.trim import Trim
from components.speech.modular.recipes import mfcc_svm
from tests.fsdd import paths_of, read

RATE = 8000


def clip(*parts):
    """A clip of tones of so many seconds and levels."""
    waves = [level * np.sin(np.arange(int(seconds * RATE)) * 0.3) for seconds, level in parts]
    samples = np.concatenate(waves).astype(np.float32)
    return Clip("a", "ann", samples, RATE, attested=Attested("d", samples))


def seconds(trimmed):
    return pytest.approx(trimmed.seconds, abs=0.021)


def test_what_is_soft_on_both_sides_is_left_out():
    (heard,) = Trim(drop_db=20, margin_ms=0).transform([clip((0.5, 0.01), (0.4, 0.5), (0.3, 0.01))])
    assert seconds(heard) == 0.4
    assert heard.attested is None  # no longer what the corpus knows by that digest


def test_a_pause_within_the_speech_stays():
    (heard,) = Trim(margin_ms=0).transform([clip((0.3, 0.0), (0.2, 0.5), (0.2, 0.0), (0.2, 0.5), (0.3, 0.0))])
    assert seconds(heard) == 0.6


def test_a_margin_is_kept_on_both_sides():
    (heard,) = Trim(margin_ms=50).transform([clip((0.5, 0.001), (0.4, 0.5), (0.5, 0.001))])
    assert seconds(heard) == 0.5


@pytest.mark.parametrize("parts", [[(1.0, 0.0)], [(1.0, 0.5)], [(0.09, 0.5)], [(0.02, 0.0), (0.03, 0.5)]])
def test_silent_clips_full_clips_and_short_clips_stay_as_they_are(parts):
    one = clip(*parts)
    assert Trim(margin_ms=0).transform([one])[0] is one


def test_a_tenth_of_a_second_is_left_of_a_click():
    wave = np.zeros(RATE, np.float32)
    wave[4000] = 1.0
    (heard,) = Trim(margin_ms=0).transform([Clip("click", "ann", wave, RATE)])
    assert seconds(heard) == 0.1
    assert heard.samples.max() == 1.0


@pytest.mark.parametrize("where", [0, RATE - 1])
def test_a_click_at_the_edge_is_kept(where):
    wave = np.zeros(RATE, np.float32)
    wave[where] = 1.0
    (heard,) = Trim().transform([Clip("click", "ann", wave, RATE)])
    assert heard.samples.max() == 1.0 and 0 < len(heard.samples) < RATE


def test_trimming_halves_the_errors_of_whole_word_models_on_clips_of_one_second(all_recordings):
    paths = [
        path
        for word in ("one", "two", "three")
        for path in sorted((all_recordings / "speech_commands" / word).glob("*.opus"))
    ]
    paths = np.random.default_rng(1).permutation(paths)[:300]
    clips = [Clip(path.stem, "", *soundfile.read(path, dtype="float32")) for path in paths]
    texts = [path.parent.name for path in paths]
    trimmed, whole = mfcc_svm(), mfcc_svm().set_params(trim="passthrough")
    wrong = [
        np.mean(np.array(recogniser.fit(clips[:100], texts[:100]).predict(clips[100:])) != texts[100:])
        for recogniser in (trimmed, whole)
    ]
    assert wrong[0] < 0.6 * wrong[1]


@pytest.mark.parametrize("offset", [0.02, 0.1])
def test_a_constant_offset_leaves_the_trimming_as_it_is(recordings, offset):
    clips, _ = read(paths_of(recordings))
    rng = np.random.default_rng(0)
    quiet = [rng.normal(0, 5e-4, size) for size in rng.integers(RATE // 10, RATE, 2 * len(clips))]
    centred = [clip.samples - clip.samples.mean() for clip in clips]
    padded = [
        clip.with_samples(np.concatenate([quiet[2 * row], centred[row], quiet[2 * row + 1]]))
        for row, clip in enumerate(clips)
    ]
    shifted = [clip.with_samples(clip.samples + np.float32(offset)) for clip in padded]
    plain, trimmed = Trim().transform(padded), Trim().transform(shifted)
    assert sum(len(clip.samples) for clip in plain) < 0.6 * sum(len(clip.samples) for clip in padded)
    for clip, other in zip(plain, trimmed, strict=True):
        np.testing.assert_allclose(other.samples, clip.samples + np.float32(offset), atol=1e-6)
