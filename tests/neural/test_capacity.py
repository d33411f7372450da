"""How wide a network is for how much speech."""

import numpy as np
import pytest

from components.contract import Clip
from components.laws.examples import labelled
from components.neural.capacity import grown_channels, hours_of
from components.neural.recogniser import CtcRecogniser
from tests.neural.quick import QUICK


def test_channels_grow_with_the_fourth_root_of_the_hours_and_not_within_the_first():
    assert [grown_channels(128, hours) for hours in (0.0, 0.5, 1.0)] == [128] * 3
    grown = [grown_channels(128, hours) for hours in (2, 4, 16, 81)]
    assert grown == [152, 184, 256, 384]
    assert grown_channels(64, 16) == 128


def test_hours_are_those_of_all_clips():
    clips = [Clip(str(n), "", np.zeros(8000, np.float32), 8000) for n in range(9)]
    assert hours_of(clips) == pytest.approx(9 / 3600)


def test_a_network_that_grows_is_as_wide_as_its_clips_ask_for_and_loads_so(monkeypatch):
    clips, texts = labelled(12)
    monkeypatch.setattr("components.neural.recogniser.hours_of", lambda clips: 16.0)
    trained = CtcRecogniser(**QUICK, grows=True).fit(clips, texts)
    assert trained.channels_ == 2 * QUICK["channels"]
    assert [c.chosen for c in trained.choices_ if c.what == "channels"] == [str(trained.channels_)]
    again = CtcRecogniser()
    again.__setstate__(trained.__getstate__())
    assert again.predict(clips[:3]) == trained.predict(clips[:3])
