"""Where a training stands, in numbers and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Progress:
    """What a training counts and notes while it goes on.

    Attributes
    ----------
    step : steps done. falls_from: step from which the learning rate falls, None before.
    losses : of the batches since the last check. dev_losses: of every check.
    clips_seen, pieces, left_out : clips trained on, pieces of a batch (see step), batches left out.
    notes : the history of the training, each a dict with its step.
    joining : of the step at which the dev clips joined, the number of notes and the averaged weights.
    """

    step: int = 0
    falls_from: int | None = None
    losses: list[float] = field(default_factory=list)
    dev_losses: list[float] = field(default_factory=list)
    clips_seen: int = 0
    pieces: int = 1
    left_out: int = 0
    notes: list[dict[str, Any]] = field(default_factory=list)
    joining: dict[str, Any] | None = None

    def note(self, **facts: Any) -> None:
        """Facts -> a note of this step."""
        self.notes.append({"step": self.step, **facts})

    def mean_loss(self) -> float:
        """Mean loss of the batches since the last check."""
        return float(np.mean(self.losses))

    def report(self, steps: int) -> dict[str, float]:
        """Steps in all -> step, steps, and the latest loss and dev WER where there are any."""
        latest = {name: note[name] for note in self.notes for name in ("loss", "dev_wer") if name in note}
        loss = {"loss": self.mean_loss()} if self.losses else {}
        return {"step": self.step, "steps": steps, **latest, **loss}

    def history(self, at_joining: dict[str, Any]) -> list[dict[str, Any]]:
        """A note of the step at which the dev clips joined, {} for none -> all notes in the order of time."""
        before = len(self.notes) if self.joining is None else self.joining["notes"]
        return [*self.notes[:before], *([at_joining] if at_joining else []), *self.notes[before:]]
