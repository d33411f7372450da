"""The laws of trained recognisers, one function each, as those of tests/laws/laws.py."""

from __future__ import annotations

import math
from numbers import Number

import numpy as np

from components.study.choices import Choice
from tests.laws.laws import broke, state

CLOSE = 1e-4  # of log-probabilities, beside a much longer clip


def history_is_plain(recogniser):
    """HasHistory."""
    history = recogniser.history_
    plain = all(isinstance(v, Number | str | list | type(None)) for note in history for v in note.values())
    if not (isinstance(history, list) and plain):
        broke(recogniser, "history_ is a list of dicts of numbers and names", "note plain values")
    steps = [note["step"] for note in history if "step" in note]
    if steps != sorted(steps):
        broke(recogniser, "steps in history_ never fall", "count them over all phases of a training")


def records_choices(part):
    """RecordsChoices."""
    for choice in part.choices_:
        if not isinstance(choice, Choice) or (choice.compared and choice.chosen not in choice.compared):
            broke(part, "what was chosen is among what it was compared with", "compare it, too")


def counts_passes(recogniser):
    """CountsAugmentation."""
    passes = recogniser.augmented_passes
    if not (math.isfinite(passes) and passes >= 0):
        broke(recogniser, f"augmented_passes is a finite number, 0 or more ({passes})", "count them in fit")


def gives_close_log_probabilities(recogniser, clips, long_clip):
    """GivesLogProbabilities."""
    together = recogniser.log_probabilities([*clips, long_clip])
    for clip, rows in zip(clips, together, strict=False):
        (alone,) = recogniser.log_probabilities([clip])
        apart = np.abs(alone - rows).max() if alone.shape == rows.shape else np.inf
        if rows.dtype != np.float32 or not apart <= CLOSE:
            broke(
                recogniser,
                f"log-probabilities are the same beside a much longer clip (they differ by {apart:.2g})",
                "let nothing read the padding: neither backwards in time nor in a mean over the batch",
            )


def changes_nothing_by_answering(recogniser, clips):
    before, samples = state(recogniser), [clip.samples.copy() for clip in clips]
    recogniser.predict(clips)
    if state(recogniser) != before:
        broke(recogniser, "predict changes nothing of the recogniser", "set attributes in fit alone")
    if not all(np.array_equal(clip.samples, old) for clip, old in zip(clips, samples, strict=True)):
        broke(recogniser, "its clips are unchanged", "work on a copy: Clip.with_samples")
