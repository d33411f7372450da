"""A trained pipeline and one clip -> what is seen inside it: features, states, phones and words."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.speech.acoustic.units import phone_of
from components.speech.inspection.pipeline_steps import hop_seconds, step_outputs
from components.speech.inspection.records import Band, Inspection, Map
from components.speech.inspection.word_confidence import words_with_confidence
from components.speech.modular.phone_recogniser import PhoneRecogniser


def inspect_pipeline(recogniser: Pipeline, clip: Clip, n: int) -> Inspection:
    """Pipeline and clip -> its features and answer; of a PhoneRecogniser states, phones and words as well."""
    found = step_outputs(recogniser, clip)
    made = [clip, *(value for value in found.values() if isinstance(value, Clip))]
    clip = made[-1]  # as it was heard: perhaps trimmed
    features = _features(recogniser, found)
    last = recogniser[-1]
    if not isinstance(last, PhoneRecogniser):
        return Inspection(clip, found["transcript"], features)
    frames = found[recogniser.steps[-2][0]]
    return Inspection(
        clip,
        found["transcript"],
        features,
        _states(last, found, features.hop),
        found["phones"],
        words_with_confidence(found["words"], last.votes(frames), last.confidence_),
        [(sentence.text, -sentence.cost) for sentence in last.n_best(frames, n)],
    )


def _features(recogniser: Pipeline, found: dict[str, Any]) -> Map:
    """The first frames that a step makes of the clip."""
    frames = ((name, found[name]) for name, _ in recogniser.steps[:-1])
    for name, values in frames:
        if isinstance(values, np.ndarray) and values.ndim == 2:
            return Map(name.upper().replace("_", " "), values, hop_seconds(recogniser))
    raise ValueError(
        f"inspect_recogniser expected a step that makes frames, got {', '.join(dict(recogniser.steps))}; "
        "use predict to hear its answer."
    )


def _states(recogniser: PhoneRecogniser, found: dict[str, Any], hop: float) -> Map:
    """Posteriors of the states on the path (where none survived, of the likeliest in each frame).

    Each frame's probabilities are shared among all states by their densities alone, so that they show what
    the acoustic model hears before lexicon and language model have their say.
    """
    scores, path = found["state_log_likelihoods"], found["states"]
    taken = set((path if len(path) else scores.argmax(1)).tolist())
    states = recogniser.acoustic_.states_
    first = {unit: min((np.flatnonzero(np.isin(path, own))), default=0) for unit, own in states.items()}
    units = sorted((unit for unit in states if taken & set(states[unit])), key=first.__getitem__)
    rows, bands = [], []
    for unit in units:
        bands.append(Band(phone_of(unit), len(rows), len(rows) + len(states[unit])))
        rows += states[unit]
    place = {state: row for row, state in enumerate(rows)}
    steps = np.array([place[state] for state in path.tolist()], dtype=int)
    return Map("States", softmax(scores, axis=1)[:, rows], hop, bands, steps)
