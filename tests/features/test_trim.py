"""Silence goes, speech stays."""

import numpy as np

from components.contract import Clip
from components.features.trim import Trim

RATE = 8000


def speech(before, loud, after, level=0.3):
    """Seconds of hush, of noise and of hush again."""
    rng = np.random.default_rng(0)
    parts = [rng.normal(0, size, int(RATE * seconds)) for size, seconds in ((1e-4, before), (level, loud))]
    parts.append(rng.normal(0, 1e-4, int(RATE * after)))
    return Clip("said", "ann", np.concatenate(parts).astype(np.float32), RATE, digest="d")


def test_silence_goes_up_to_the_margin():
    clip = speech(0.5, 0.4, 0.7)
    (heard,) = Trim(margin_ms=50).transform([clip])
    np.testing.assert_array_equal(heard.samples, clip.samples[int(0.45 * RATE) : int(0.95 * RATE)])
    assert heard.digest == ""  # no longer what the corpus knows by that digest


def test_a_clip_without_silence_stays_whole():
    assert len(Trim().transform([speech(0, 0.5, 0)])[0].samples) == 4000


def test_a_soft_stretch_is_kept_or_not_by_how_far_it_drops():
    loud, soft = speech(0, 0.2, 0), speech(0, 0.2, 0, level=0.003)  # 40 dB below
    clip = Clip("both", "", np.concatenate([loud.samples, soft.samples]), RATE)
    assert [len(Trim(drop_db, 0).transform([clip])[0].samples) for drop_db in (35, 45)] == [1600, 3200]


def test_a_click_keeps_the_least_length_wherever_it_is():
    for before, after in ((0.5, 0.5), (0, 0.5), (0.5, 0)):
        (heard,) = Trim(margin_ms=0, least_ms=100).transform([speech(before, 0.01, after)])
        assert len(heard.samples) == 800


def test_a_silent_clip_and_a_short_one_stay_whole():
    silent = Clip("b", "ann", np.zeros(1000, np.float32), RATE)
    short = Clip("c", "ann", np.ones(30, np.float32), RATE)
    assert [len(clip.samples) for clip in Trim().transform([silent, short])] == [1000, 30]
