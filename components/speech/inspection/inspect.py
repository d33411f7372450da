"""Trained recogniser of any kind and one clip -> an Inspection."""

from __future__ import annotations

from dataclasses import replace

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from components.contract import Clip, Inspectable
from components.parts import task_answers, unwrapped
from components.speech.inspection.pipeline import inspect_pipeline
from components.speech.inspection.records import Inspection


def inspect_recogniser(recogniser: BaseEstimator, clip: Clip, n: int = 10) -> Inspection:
    """Trained recogniser and clip -> its Inspection, with an n-best list of at most n transcripts.

    Raises ValueError for a recogniser that is neither a Pipeline that makes frames nor one with a method
    `inspect`, and for a clip that the recogniser cannot use.
    """
    answers = {name: answer for name, (answer,) in task_answers(recogniser, [clip]).items()}
    return replace(_inspect_words(unwrapped(recogniser), clip, n), answers=answers)


def _inspect_words(recogniser: BaseEstimator, clip: Clip, n: int) -> Inspection:
    if isinstance(recogniser, Pipeline):
        return inspect_pipeline(recogniser, clip, n)
    if isinstance(recogniser, Inspectable):
        return recogniser.inspect(clip, n)
    raise ValueError(
        f"inspection expected a Pipeline or a recogniser with a method inspect, got "
        f"{type(recogniser).__name__}; use predict to get its transcript."
    )
