"""What is trained besides the words of the training clips: put onto a training before it, off after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from components.neural.model.network import Network
from components.neural.training.data import TrainingData


class Addition(Protocol):
    """Further heads, further clips, or both. further_texts: those that the tokens of the words must write."""

    further_texts: Sequence[str] = ()

    def put_on(self, network: Network, data: TrainingData) -> TrainingData:
        """A network, to which heads are added in place, and its data -> the data with clips and targets."""
        ...

    def take_off(self, network: Network) -> Network:
        """A trained network -> itself as it was before, but for what it learned."""
        ...
