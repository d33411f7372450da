"""`np.int64(6)` and `np.int64(1)` were the same trial: 38.0 % was reported where 44.0 % is true.

Numpy scalars, arrays, paths, enums, sets and functions among settings counted by the names of their types.
"""

import enum
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import StandardScaler

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.study.fingerprint import digest, settings


class Part(BaseEstimator):
    def __init__(self, knob=None):
        self.knob = knob


class Colour(enum.Enum):
    RED, BLUE = 1, 2


@dataclass
class Window:
    length: int
    kind: str = "hann"


def half(x):
    return x / 2


def third(x):
    return x / 3


class Loss:
    pass


class Gain:
    pass


def mark(value):
    return digest(settings(Part(value)))


DIFFERENT = {
    "numpy integers": (np.int64(6), np.int64(1)),
    "numpy floats": (np.float32(0.5), np.float32(0.25)),
    "numpy flags": (np.True_, np.False_),
    "arrays": (np.arange(4), np.arange(4)[::-1]),
    "shapes": (np.zeros((2, 3)), np.zeros((3, 2))),
    "kinds of number": (np.zeros(2, np.float32), np.zeros(2, np.float64)),
    "paths": (Path("a.txt"), Path("b.txt")),
    "enums": (Colour.RED, Colour.BLUE),
    "sets": ({"a", "b"}, {"a"}),
    "bytes": (b"a", b"b"),
    "dataclasses": (Window(5), Window(6)),
    "functions": (half, third),
    "classes": (Loss, Gain),
    "library functions": (np.mean, np.median),
    "numbers and flags": (True, 1),
    "texts and nothing": ("None", None),
    "models in a dict": ({"a": GmmHmm(components=4)}, {"a": GmmHmm(components=8)}),
    "scalers in a list": ([StandardScaler()], [StandardScaler(with_mean=False)]),
    "keys": ({1: "a"}, {"1": "a"}),
}


@pytest.mark.parametrize("values", DIFFERENT.values(), ids=DIFFERENT)
def test_other_content_is_another_trial(values):
    one, other = map(mark, values)
    assert one != other


SAME = {
    "numpy integers": (np.int64(6), 6),
    "floats": (np.float64(0.5), 0.5),
    "arrays": (np.arange(4), np.arange(8)[::2] // 2),
    "sets": (frozenset("ab"), {"b", "a"}),
    "dataclasses": (Window(5), Window(5)),
    "models": ({"a": GmmHmm(components=4)}, {"a": GmmHmm(components=np.int32(4))}),
}


@pytest.mark.parametrize("values", SAME.values(), ids=SAME)
def test_the_same_content_is_the_same_trial(values):
    one, other = map(mark, values)
    assert one == other


class Opaque:
    pass


def _closure(factor):
    def scale(x):
        return factor * x

    return scale


NO_CONTENT = {
    "object": Opaque(),
    "lambda": lambda x: x,
    "closure": _closure(2),
    "bound method": Opaque().__init__,
    "generator": np.random.default_rng(0),
    "object in a list": [1, Opaque()],
}


@pytest.mark.parametrize("value", NO_CONTENT.values(), ids=NO_CONTENT)
def test_what_has_no_content_is_refused_with_the_settings_name(value):
    with pytest.raises(ValueError, match=r"^setting knob expected .+, got .+; .+\.$"):
        settings(Part(value))


def test_the_whole_sentence_for_a_setting_without_content():
    with pytest.raises(ValueError) as error:
        settings(Part(Part(lambda x: x)))
    assert str(error.value) == (
        "setting knob__knob expected a value that can be told from others by its content, got a lambda; "
        "make it a function of a module."
    )
