"""What a recogniser chose by itself can be read off it."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from components.laws.examples import labelled
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.learned_settings import learned_settings


class Part(BaseEstimator):
    __module__ = "components.made_up"

    def __init__(self, knob=1):
        self.knob = knob


def part(**learned):
    made = Part()
    for name, value in learned.items():
        setattr(made, name, value)
    return made


def test_words_and_numbers_are_choices_and_the_rest_is_not():
    inner = part(order_=3, counts_={"one": 4}, settings_={"C": 1.0, "kernel": "rbf"})
    whole = part(
        share_=0.25, chosen_="usual", weights_=np.zeros(3), model_=inner, _hidden=1, scaler_=StandardScaler()
    )
    assert learned_settings(Pipeline([("first", part(rate_=8000)), ("last", whole)])) == {
        "first.rate": 8000.0,
        "last.chosen": "usual",
        "last.model.order": 3.0,
        "last.model.settings.C": 1.0,
        "last.model.settings.kernel": "rbf",
        "last.share": 0.25,
    }


def test_a_trained_recogniser_tells_the_weights_of_its_search():
    chose = learned_settings(mfcc_gmm_hmm().fit(*labelled()))
    assert chose["words.acoustic_scale"] == 0.1
    assert chose["mfcc.rate"] == 8000
