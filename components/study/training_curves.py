"""A trained recogniser -> how its training went, step by step, where it noted that."""

from __future__ import annotations

from typing import Any

from components.contract import HasHistory

SHOWN = ("loss", "learning_rate", "dev_loss", "dev_wer")


def training_curves(recogniser: Any) -> dict[str, list[tuple[int, float]]]:
    """Recogniser -> name -> (step, value) in order, of what `history_` has; nothing without one."""
    history = recogniser.history_ if isinstance(recogniser, HasHistory) else []
    notes = [note for note in history if "step" in note]
    curves = {name: [(note["step"], note[name]) for note in notes if name in note] for name in SHOWN}
    return {name: points for name, points in curves.items() if points}
