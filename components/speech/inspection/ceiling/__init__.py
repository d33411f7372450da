"""Ceiling analysis: a trained modular recogniser -> its errors with one stage at a time replaced."""

from components.speech.inspection.ceiling.results import (
    AS_TRAINED,
    ORACLES,
    Ceiling,
    StageScores,
    pooled,
    read_ceiling,
    sentence,
)

__all__ = ["AS_TRAINED", "ORACLES", "Ceiling", "StageScores", "pooled", "read_ceiling", "sentence"]
