"""Settings that cannot be used are refused before any training, all at once, by the names users type."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from components.recognisers import RECOGNISERS, build
from components.study.check_settings import check_settings, described


def refusal(name, **settings):
    with pytest.raises(ValueError) as error:
        check_settings(build(name, settings))
    return str(error.value)


@pytest.mark.parametrize("name", RECOGNISERS)
@pytest.mark.parametrize("variant", ["", ":plain", ":augmented"])
def test_every_recogniser_of_the_catalogue_passes(name, variant):
    check_settings(build(name + variant, seed=3, language="de", device="cpu"))


def test_a_setting_of_the_wrong_type_is_named_as_users_type_it():
    assert refusal("mfcc-gmm-hmm", deltas__width="wide") == (
        "setting deltas__width expected a whole number, got 'wide'; 2 is usual."
    )


def test_all_bad_settings_are_reported_at_once_types_and_ranges():
    lines = refusal("mfcc-gmm-hmm", deltas__width=0, mfcc__bands=1.5, cmvn__prior_frames=[1], words__beam=-1)
    assert lines.splitlines() == [
        "setting mfcc__bands expected a whole number, got 1.5; 23 is usual.",
        "setting deltas__width expected a number from 1 on, got 0; 2 is usual.",
        "setting cmvn__prior_frames expected a number, got [1]; 30.0 is usual.",
        "setting words__beam expected a number above 0, got -1; 16.0 is usual.",
    ]


@pytest.mark.parametrize("name", ["mfcc-gmm-hmm", "mfcc-gmm-hmm:speed", "mfcc-gmm-hmm-chosen"])
def test_in_a_wrapper_settings_keep_their_names(name):
    assert refusal(name, mfcc__bands=0).startswith("setting mfcc__bands expected a number from 1 on, got 0;")


def test_a_wrappers_own_settings_are_checked_too():
    assert refusal("plp-gmm-hmm", copies=-1, strength="strong").splitlines() == [
        "setting strength expected a number, got 'strong'; 1.0 is usual."
    ]
    assert refusal("plp-gmm-hmm", copies=-1) == (
        "setting copies expected a number from 0 on, got -1; leave it out."
    )


def test_a_parts_own_sentence_is_passed_on_with_its_place():
    assert refusal("mfcc-gmm-hmm", words__language="klingon").startswith("words: eSpeak NG does not")
    assert refusal("mfcc-gmm-hmm", words__grammar="#JSGF V1.0; grammar g; public <a> = b").startswith(
        "words: "
    )
    assert refusal("plp-gmm-hmm", augmentation=["sped"]).startswith("unknown augmentation 'sped'")


class Part(BaseEstimator):
    def __init__(
        self,
        whole: int = 1,
        real: float = 1.0,
        flag: bool = True,
        kind: Literal["mel", "wave"] = "mel",
        names: Sequence[str] = (),
        maybe: int | None = None,
        table: Mapping[str, float] | None = None,
        inner: StandardScaler | None = None,
        free=None,
    ):
        self.whole, self.real, self.flag, self.kind, self.names = whole, real, flag, kind, names
        self.maybe, self.table, self.inner, self.free = maybe, table, inner, free


GOOD = [
    {"real": 1},
    {"real": np.float32(0.5), "whole": np.int64(3), "flag": np.True_},
    {"names": ["a", "b"], "kind": "wave", "maybe": 3},
    {"table": {"a": 1, "b": np.float64(2)}, "inner": StandardScaler()},
    {"free": object()},
]


@pytest.mark.parametrize("settings", GOOD)
def test_what_means_the_same_passes(settings):
    check_settings(Part(**settings))


BAD = [
    ("whole", "1"),
    ("whole", 1.5),
    ("whole", True),
    ("whole", None),
    ("real", [1.0]),
    ("real", "1.0"),
    ("flag", 1),
    ("kind", "mell"),
    ("names", "speed"),
    ("names", [1]),
    ("maybe", 0.5),
    ("table", {"a": "b"}),
    ("inner", "scaler"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_means_something_else_is_refused(name, value):
    with pytest.raises(ValueError, match=rf"^setting {name} expected .+, got "):
        check_settings(Part(**{name: value}))
    with pytest.raises(ValueError, match=rf"^setting part__{name} expected .+, got "):
        check_settings(make_pipeline(Part(**{name: value})))


def test_types_are_described_in_words():
    assert described(int | None) == "a whole number or None"
    assert described(Literal["mel", "wave", "none"]) == "'mel', 'wave' or 'none'"
    assert described(Literal["mel"]) == "'mel'"
    assert described(Sequence[str]) == "a list, each item a text"
    assert described(Mapping[str, int]) == "values by name"
    assert described(StandardScaler) == "a StandardScaler"
