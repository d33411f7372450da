"""What parts are tried with: chords in the place of words, and what a stage makes of them."""

from __future__ import annotations

import inspect
from functools import cache

import numpy as np

from components.contract import Clip
from components.speech.features.deltas import Deltas
from components.speech.features.mfcc import Mfcc
from components.speech.features.statistics import Statistics

RATE = 8000
WORDS = {"one": 300, "two": 600, "three": 1200}


def tone(name, hertz, seconds=0.5, speaker="ann"):
    """A clip that is a chord with a little noise, different for each pitch."""
    rng = np.random.default_rng(int(hertz))
    time = np.arange(int(RATE * seconds)) / RATE
    samples = 0.3 * np.sin(2 * np.pi * hertz * time) + 0.1 * np.sin(2 * np.pi * 2.7 * hertz * time)
    return Clip(name, speaker, (samples + 0.01 * rng.standard_normal(len(time))).astype(np.float32), RATE)


LONG = tone("long clip", 500, 6.0)  # much longer than all others


def clips(count=4):
    """Clips of different pitch and length, the last much longer than the others."""
    return [tone(f"clip{i}", 200 + 150 * i, 0.4 + 0.1 * i + 2.0 * (i == count - 1)) for i in range(count)]


def labelled(count=24):
    """Clips of three words by three speakers, and the words."""
    rows = [
        (word, tone(f"{word}{i}", hertz + 3 * i, 0.4 + 0.02 * (i % 5), f"s{i % 3}"))
        for i in range(count // 3)
        for word, hertz in WORDS.items()
    ]
    return [clip for _, clip in rows], [word for word, _ in rows]


@cache
def frames(count=24):
    """(frames, dims) of labelled clips."""
    return Deltas(order=1).transform(Mfcc().fit_transform(labelled(count)[0]))


def items_of(kind):
    """A class of stages or classifiers -> what it takes: clips or vectors if it says so, else frames."""
    takes = inspect.signature(getattr(kind, "transform", None) or kind.predict).parameters
    if "clips" in takes:
        return clips()
    rows = Mfcc().fit_transform(clips())
    return Statistics().transform(rows) if "vectors" in takes else rows


LABELS = {
    "texts": lambda place: ("one", "two")[place % 2],
    "labels": lambda place: ("one", "two")[place % 2],
    "y": lambda place: ("one", "two")[place % 2],
    "numbers": lambda place: 20.0 + 10.0 * place,
}


def labels_of(kind, items):
    """A class of parts and what it takes -> by name, what its fit learns from beside them; {} if nothing."""
    asked = LABELS.keys() & inspect.signature(kind.fit).parameters.keys()
    return {name: [LABELS[name](place) for place in range(len(items))] for name in sorted(asked)[:1]}


LEXICON = {"one": [("w", "ah", "n")], "two": [("t", "uw")], "three": [("th", "r", "iy")]}


def fit_arguments(kind):
    """A class -> example arguments by name for its fit, those without a default; None if there are none."""
    required = {
        name
        for name, parameter in inspect.signature(kind.fit).parameters.items()
        if name not in ("self", "y") and parameter.default is inspect.Parameter.empty
    }
    texts = labelled()[1]
    whole = {
        "clips": labelled()[0],
        "frames": frames(),
        "vectors": Statistics().transform(frames()),
        "texts": texts,
        "transcripts": [[text] for text in texts],
        "lexicon": LEXICON,
    }
    if "transform" in dir(kind):
        items = items_of(kind)
        beside = labels_of(kind, items)
        return {next(iter(required - beside.keys())): items, **beside}
    if required <= whole.keys():
        return {name: whole[name] for name in required}
    return _framewise(required)


def _framewise(required):
    """Arguments of parts that learn from frames and their states."""
    states = [np.arange(len(rows)) * 4 // len(rows) for rows in frames()]
    if required == {"frames", "states", "state_count"}:
        return {"frames": frames(), "states": states, "state_count": 4}
    if required == {"frames", "states", "parents"}:
        joined = {"frames": np.concatenate(frames()), "states": np.concatenate(states)}
        return joined | {"parents": np.arange(4)}
    return None
