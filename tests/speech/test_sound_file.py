"""A clip comes out of its sound file as it went in."""

import io

import numpy as np
import pytest
import soundfile

from components.contract import Clip
from components.speech.sound_file import sound_bytes


@pytest.mark.parametrize(("rate", "kind"), [(8000, "FLAC"), (22050, "FLAC"), (8000, "WAV")])
def test_a_clip_is_the_same_to_the_last_of_sixteen_bits_at_any_rate(rate, kind):
    noise = np.random.default_rng(0).uniform(-0.9, 0.9, rate // 2).astype(np.float32)
    samples, read_rate = soundfile.read(
        io.BytesIO(sound_bytes(Clip("a", "ann", noise, rate), kind)), dtype="float32"
    )
    assert read_rate == rate
    np.testing.assert_allclose(samples, noise, atol=2**-15)
