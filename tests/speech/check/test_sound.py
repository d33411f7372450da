"""Results about the sound: nothing of clean recordings, a count of those that are not."""

import numpy as np
import pytest

from components.speech.check.sound import sound_results
from components.speech.corpus.audio_file import resample
from components.speech.corpus.sound_facts import measure_all
from tests.speech.check.altered import all_clips


@pytest.fixture(scope="module")
def clips(recordings):
    return all_clips(recordings)[0]


def flattened(samples):
    """Samples -> as loud as others, without an offset, five in a hundred cut off on each side."""
    level = 0.6 * (samples - samples.mean()) / np.abs(samples).max()
    return np.clip(level, *np.percentile(level, [5, 95]))


def results_of(waveforms, rates, rate):
    facts = measure_all(waveforms, rates).facts
    return {
        result.name: result for result in sound_results(facts, [f"c{row}" for row in range(len(facts))], rate)
    }


def changed(clips, change, every=10):
    """Every so-manieth clip altered -> results."""
    waveforms = [change(clip.samples) if not row % every else clip.samples for row, clip in enumerate(clips)]
    return results_of([wave.astype(np.float32) for wave in waveforms], [8000] * len(clips), 8000)


def test_nothing_is_said_of_clean_recordings(clips):
    assert changed(clips, lambda samples: samples) == {}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("offset", lambda samples: samples + 0.02),
        ("clipping", flattened),
        ("digital-silence", lambda samples: np.concatenate([samples, np.zeros(len(samples))])),
    ],
)
def test_a_tenth_of_the_recordings_altered_is_told_with_its_count(clips, name, change):
    results = changed(clips, change)
    assert list(results) == [name] and results[name].verdict == "look"
    assert results[name].message.startswith("18 of 180 recordings (10 %) ")
    assert results[name].examples == ("c0", "c10", "c20", "c30", "c40")


def test_samples_beyond_full_scale_are_told(clips):
    result = changed(clips, lambda samples: 4 * samples / np.abs(samples).max())["beyond-full-scale"]
    assert result.verdict == "look" and "floating-point samples beyond 1, up to 4:" in result.message


def test_uneven_levels_are_told(clips):
    (result,) = changed(clips, lambda samples: samples / 300, every=5).values()
    assert result.name == "uneven-levels" and "of full scale" in result.message


def test_several_rates_are_told(clips):
    waveforms = [resample(clip.samples, 8000, 16000 if row % 3 else 8000) for row, clip in enumerate(clips)]
    results = results_of(waveforms, [16000 if row % 3 else 8000 for row in range(len(clips))], 16000)
    assert "(60 of 8000 Hz, 120 of 16000 Hz)" in results["mixed-rates"].message
    assert "--rate 8000" in results["mixed-rates"].message


def test_8_khz_speech_sold_as_16_khz_is_told(clips):
    waveforms = [resample(clip.samples, 8000, 16000) for clip in clips]
    results = results_of(waveforms, [16000] * len(clips), 16000)
    assert results["narrow-band"].message.startswith("180 of 180 recordings (100 %)")


def test_one_bad_recording_of_many_is_not_worth_a_line(clips):
    assert changed(clips, lambda samples: samples + 0.02, every=180) == {}
