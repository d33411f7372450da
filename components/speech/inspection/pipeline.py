"""Trained pipeline and clip -> the outputs of its steps, and from these an Inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.pipeline import Pipeline

from components.contract import Clip, Framed
from components.speech.acoustic.units import phone_of
from components.speech.inspection.records import Band, Inspection, Map, Segment, words_with_confidence
from components.speech.modular.phone_recogniser import PhoneRecogniser


def inspect_pipeline(recogniser: Pipeline, clip: Clip, n: int) -> Inspection:
    """Pipeline and clip -> features and transcript; with a PhoneRecogniser also states, phones and words."""
    outputs = step_outputs(recogniser, clip)
    clips = [clip, *(value for value in outputs.values() if isinstance(value, Clip))]
    clip = clips[-1]  # as the features were computed from: perhaps trimmed
    features = _features(recogniser, outputs)
    last = recogniser[-1]
    if not isinstance(last, PhoneRecogniser):
        return Inspection(clip, outputs["transcript"], features)
    frames = outputs[recogniser.steps[-2][0]]
    return Inspection(
        clip,
        outputs["transcript"],
        features,
        _states(last, outputs, features.hop),
        outputs["phones"],
        words_with_confidence(outputs["words"], last.votes(frames), last.confidence_),
        [(sentence.text, -sentence.cost) for sentence in last.n_best(frames, n)],
    )


def _features(recogniser: Pipeline, outputs: dict[str, Any]) -> Map:
    """Step outputs -> the first one that is an array of frames."""
    frames = ((name, outputs[name]) for name, _ in recogniser.steps[:-1])
    for name, values in frames:
        if isinstance(values, np.ndarray) and values.ndim == 2:
            return Map(name.upper().replace("_", " "), values, hop_seconds(recogniser))
    raise ValueError(
        f"inspect_recogniser expected a step that makes frames, got {', '.join(dict(recogniser.steps))}; "
        "use predict to get its transcript."
    )


def _states(recogniser: PhoneRecogniser, outputs: dict[str, Any], hop: float) -> Map:
    """Step outputs -> posteriors of the states on the best path (without one, of the likeliest per frame).

    The posteriors are those of the acoustic model alone, under equal priors of all states.
    """
    scores, path = outputs["state_log_likelihoods"], outputs["states"]
    visited = set((path if len(path) else scores.argmax(1)).tolist())
    states = recogniser.acoustic_.states_
    first = {unit: min((np.flatnonzero(np.isin(path, own))), default=0) for unit, own in states.items()}
    units = sorted((unit for unit in states if visited & set(states[unit])), key=first.__getitem__)
    rows, bands = [], []
    for unit in units:
        bands.append(Band(phone_of(unit), len(rows), len(rows) + len(states[unit])))
        rows += states[unit]
    row_of = {state: row for row, state in enumerate(rows)}
    rows_of_path = np.array([row_of[state] for state in path.tolist()], dtype=int)
    return Map("States", softmax(scores, axis=1)[:, rows], hop, bands, rows_of_path)


def step_outputs(recogniser: Pipeline, clip: Clip) -> dict[str, Any]:
    """Pipeline and clip -> {step: output} in the order of the steps, then the results of the last step.

    With a PhoneRecogniser: `state_log_likelihoods` (frames, states), `states` int (frames,), `phones` and
    `words`, segments in seconds. Last of all `transcript`.
    """
    outputs: dict[str, Any] = {}
    items: Sequence[Any] = [clip]
    for name, step in recogniser.steps[:-1]:
        items = step.transform(items)
        outputs[name] = items[0]
    last = recogniser.steps[-1][1]
    if isinstance(last, PhoneRecogniser):
        outputs |= _search(last, items[0], hop_seconds(recogniser))
    outputs["transcript"] = last.predict(items)[0]
    return outputs


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
        "phones": phone_segments(path.states, recogniser.acoustic_.states_, hop),
        "words": words,
    }


def phone_segments(path: np.ndarray, states: Mapping[str, Sequence[int]], hop: float) -> list[Segment]:
    """States int (frames,), {unit: its states} and seconds per frame -> phones with times in seconds."""
    if not len(path):
        return []
    unit_of = {state: unit for unit, own in states.items() for state in own}
    units = [unit_of[state] for state in path.tolist()]
    starts = [
        frame
        for frame in range(len(path))
        if frame == 0 or units[frame] != units[frame - 1] or path[frame] < path[frame - 1]
    ]
    return [
        (phone_of(units[first]), first * hop, last * hop)
        for first, last in zip(starts, [*starts[1:], len(path)], strict=True)
    ]
