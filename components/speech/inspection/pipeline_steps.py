"""A trained modular recogniser and one clip -> what every step made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from components.contract import Clip, Framed
from components.speech.acoustic.units import phone_of
from components.speech.modular.phone_recogniser import PhoneRecogniser

Timed = tuple[str, float, float]  # what, from and to, seconds


def explain(recogniser: Pipeline, clip: Clip) -> dict[str, Any]:
    """Pipeline and clip -> step name: output, in the order of the steps, then what the last step found.

    Of a PhoneRecogniser: `state_log_likelihoods` (frames, states), `states` int (frames,), `phones` and
    `words`, each (what, from seconds, to seconds). Of any recogniser last `transcript`.
    """
    found: dict[str, Any] = {}
    items: Sequence[Any] = [clip]
    for name, step in recogniser.steps[:-1]:
        items = step.transform(items)
        found[name] = items[0]
    last = recogniser.steps[-1][1]
    if isinstance(last, PhoneRecogniser):
        found |= _search(last, items[0], hop_seconds(recogniser))
    found["transcript"] = last.predict(items)[0]
    return found


def hop_seconds(recogniser: Pipeline) -> float:
    """Pipeline -> seconds from one frame to the next."""
    return next(step.hop_ms for _, step in recogniser.steps if isinstance(step, Framed)) / 1000


def _search(recogniser: PhoneRecogniser, frames: np.ndarray, hop: float) -> dict[str, Any]:
    path = recogniser.decode(frames)
    words = [
        (word, first * hop, last * hop)
        for word, (first, last) in zip(path.words, path.word_frames, strict=True)
    ]
    return {
        "state_log_likelihoods": recogniser.acoustic_.log_likelihoods(frames),
        "states": path.states,
        "phones": timed_phones(path.states, recogniser.acoustic_.states_, hop),
        "words": words,
    }


def timed_phones(path: np.ndarray, states: Mapping[str, Sequence[int]], hop: float) -> list[Timed]:
    """States of frames (frames,) and the states of each unit -> phones with their times in seconds."""
    if not len(path):
        return []
    unit_of = {state: unit for unit, own in states.items() for state in own}
    units = [unit_of[state] for state in path.tolist()]
    new = [
        frame
        for frame in range(len(path))
        if frame == 0 or units[frame] != units[frame - 1] or path[frame] < path[frame - 1]
    ]
    return [
        (phone_of(units[first]), first * hop, last * hop)
        for first, last in zip(new, [*new[1:], len(path)], strict=True)
    ]
