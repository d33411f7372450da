"""Clips kept with a study's run come out as they went in, and only as many as a page can carry."""

import io

import numpy as np
import soundfile

from components.contract import Clip
from components.study.tracking import find_study, log_sounds, open_study, read_sounds
from components.study.tracking.sounds import MOST_BYTES
from tests.study.tracking.test_tracking import STUDY


def clip(name, seconds, rate=8000):
    noise = np.random.default_rng(0).uniform(-0.9, 0.9, int(seconds * rate))
    return Clip(name, "ann", noise.astype(np.float32), rate)


def test_a_kept_clip_is_the_same_to_the_last_of_sixteen_bits_at_any_rate(store):
    run = open_study(store, STUDY)
    clips = [clip("a/b.wav", 0.5), clip("<b>", 0.3, 22050)]
    log_sounds(store, run, clips)
    kept = read_sounds(store, find_study(store).info.run_id)
    assert list(kept) == ["a/b.wav", "<b>"]
    for one in clips:
        samples, rate = soundfile.read(io.BytesIO(kept[one.name]), dtype="float32")
        assert rate == one.rate
        np.testing.assert_allclose(samples, one.samples, atol=2**-15)


def test_a_study_that_kept_none_has_none(store):
    assert read_sounds(store, open_study(store, STUDY)) == {}


def test_the_most_wanted_clips_that_fit_are_kept_in_place_of_earlier_ones(store):
    run = open_study(store, STUDY)
    log_sounds(store, run, [clip("old", 1), clip("older", 1), clip("oldest", 1)])
    log_sounds(store, run, [clip("first", 20), clip("too long", 20), clip("short", 1)])
    kept = read_sounds(store, run)
    assert list(kept) == ["first", "short"]
    assert sum(map(len, kept.values())) <= MOST_BYTES
