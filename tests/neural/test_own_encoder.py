"""An encoder with a setting of its own is one class and a line of a recipe: nothing else is edited."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from torch import nn

from components.laws.examples import labelled
from components.neural import CtcRecogniser
from components.neural.model import BuildsEncoder, Encoder
from components.neural.model.encoders import ConvolutionalEncoder
from components.study.check_settings import check_settings
from components.study.fingerprint import code_version, settings
from components.study.saving import load, save
from tests.neural.test_network_laws import assert_other_clips_change_nothing
from tests.neural.toy import BANDS, network, two_heads

QUICK = {"bands": BANDS, "channels": 16, "layers": 1, "steps": 2, "device": "cpu"}


class WiderAtTheEnd(nn.Module):
    """Convolutions, and behind them a hidden layer so many times as wide."""

    subsampling_factor = ConvolutionalEncoder.subsampling_factor

    def __init__(self, sizes, width):
        super().__init__()
        self.convolutions = ConvolutionalEncoder(*sizes)
        self.channels, self.padding = self.convolutions.channels, self.convolutions.padding
        wide = width * self.channels
        self.wide = nn.Sequential(nn.Linear(self.channels, wide), nn.ReLU(), nn.Linear(wide, self.channels))

    def forward(self, batch):
        batch = self.convolutions(batch)
        return batch.with_values(self.wide(batch.values))


class Wider(BaseEstimator):
    """WiderAtTheEnd. width: of the hidden layer, in channels."""

    def __init__(self, width: int = 2):
        self.width = width

    def build(self, bands, channels, layers, kernel_size, dropout):
        return WiderAtTheEnd((bands, channels, layers, kernel_size, dropout), self.width)


def test_its_setting_is_set_checked_and_told_apart_as_any_other():
    recogniser = CtcRecogniser(encoder=Wider(), **QUICK)
    check_settings(recogniser.set_params(encoder__width=3))
    assert settings(recogniser)["encoder__width"] == clone(recogniser).encoder.width == 3
    assert settings(CtcRecogniser())["encoder"] == "convolutional"
    assert code_version(recogniser) != code_version(CtcRecogniser())  # its file is part of the result
    with pytest.raises(ValueError, match="setting encoder__width expected a whole number, got 'wide'; 2 is"):
        check_settings(recogniser.set_params(encoder__width="wide"))
    with pytest.raises(
        ValueError, match="setting encoder expected 'convolutional' or 'conformer' or a Builds"
    ):
        check_settings(CtcRecogniser(encoder=3))


def test_it_keeps_the_law_of_encoders():
    made = network(two_heads(), lambda *sizes: Wider(3).build(*sizes))
    assert isinstance(Wider(), BuildsEncoder) and isinstance(made.encoder, Encoder)
    assert_other_clips_change_nothing(made.eval())


def test_it_is_trained_saved_and_loaded_with_its_setting(tmp_path):
    clips, texts = labelled(12)
    recogniser = CtcRecogniser(encoder=Wider(3), **QUICK).fit(clips, texts)
    assert recogniser.weights_["encoder.wide.0.weight"].shape == (3 * 16, 16)
    save(recogniser, tmp_path)
    loaded = load(tmp_path, trusted=[f"{__name__}.Wider"])
    for one, other in zip(*(made.log_probabilities(clips[:3]) for made in (recogniser, loaded)), strict=True):
        np.testing.assert_array_equal(one, other)
