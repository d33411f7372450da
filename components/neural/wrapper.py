"""What a system has whose answers are those of the CtcRecogniser that it trained."""

from __future__ import annotations

from collections.abc import Sequence

from components.contract import Clip
from components.neural.recogniser import CtcRecogniser


class CtcWrapper:
    """Clips -> texts by `recogniser_`, which its fit trained."""

    recogniser_: CtcRecogniser

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one text each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    @property
    def augmented_passes(self) -> float:
        """How often it was trained on each clip, augmented, on average."""
        return self.recogniser_.augmented_passes

    @property
    def history_(self) -> list[dict]:
        """Notes of the training on texts, as CtcRecogniser's."""
        return self.recogniser_.history_
