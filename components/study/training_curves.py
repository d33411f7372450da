"""A trained system -> how its training went, step by step, where it noted that."""

from __future__ import annotations

from typing import Any

from components.contract import HasHistory

SHOWN = ("loss", "learning_rate")
DEV = "dev_"  # what names of values on examples kept back for development begin with


def training_curves(system: Any) -> dict[str, list[tuple[int, float]]]:
    """System -> name -> (step, value) in order, of what `history_` has; nothing without one."""
    history = system.history_ if isinstance(system, HasHistory) else []
    notes = [note for note in history if "step" in note]
    noted = dict.fromkeys(name for note in notes for name in note)
    names = [name for name in SHOWN if name in noted] + [name for name in noted if name.startswith(DEV)]
    return {name: [(note["step"], note[name]) for note in notes if name in note] for name in names}
