"""A trained recogniser and one clip -> what is seen inside it, whichever kind of recogniser it is."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.inside.characters import look_at_characters
from components.inside.phones import look_at_steps
from components.inside.seen import Inside
from components.modular.augmented import taught
from components.neural.recogniser import CtcRecogniser


def look_inside(recogniser: BaseEstimator, clip: Clip, n: int = 10) -> Inside:
    """Trained recogniser and clip -> what is seen inside it, with at most n transcripts and their scores.

    Raises ValueError for a recogniser that is neither a Pipeline that makes frames nor a CtcRecogniser, and
    for a clip that the recogniser cannot use.
    """
    recogniser = taught(recogniser)
    if isinstance(recogniser, CtcRecogniser):
        return look_at_characters(recogniser, clip, n)
    if isinstance(recogniser, Pipeline):
        return look_at_steps(recogniser, clip, n)
    raise ValueError(
        f"look_inside wanted a Pipeline or a CtcRecogniser, got {type(recogniser).__name__}; "
        "use predict to hear its answer."
    )
