"""Clips of another domain beside the training clips: put onto a training before it, taken off after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import nn

from components.contract import Clip
from components.neural.model.heads import Targets
from components.neural.model.network import FURTHER_CTC, Network
from components.neural.tokenizer import Tokenizer, normalise_spaces, usable_targets
from components.neural.training.addition import Addition
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule, schedule_for
from components.neural.training.trainer import Training

DOMAIN = "domain"  # name of the head


class ClipsBeside(Addition):
    """Clips of another domain: half of the speech in every batch is theirs, drawn at random.

    They are no dev clips, and their words are not searched for. With texts, they are learned from as well.

    Parameters
    ----------
    settings : a CtcRecogniser's, of the training.
    clips : at least one. texts : of each; none: nobody learns what they say.
    head : channels of the encoder -> an untrained head that is told the domain of each clip that is trained
        on, 1 for these; None: no head.
    """

    def __init__(
        self,
        settings: Any,
        clips: Sequence[Clip],
        texts: Sequence[str] = (),
        head: Callable[[int], nn.Module] | None = None,
    ) -> None:
        self.settings, self.clips, self.head = settings, clips, head
        self.further_texts = [normalise_spaces(text) for text in texts]

    def put_on(self, network: Network, data: TrainingData) -> TrainingData:
        """A network, to which the head is added in place, and its data -> the data with these clips."""
        features, count = network.front_end.extract(self.clips), len(data.names)
        tokens = self._tokens(data.tokenizer, network.output_rows(features.lengths))
        targets: dict[str, Targets] = {name: tokens for name in data.targets if name not in FURTHER_CTC}
        if self.head is not None:
            network.heads[DOMAIN] = self.head(network.encoder.channels).to(features.values.device)
            network.loss_weights[DOMAIN] = 1.0
            data = replace(data, targets={**data.targets, DOMAIN: self._own_domain(data)})
            targets[DOMAIN] = [np.array([1])] * len(self.clips)
        both = data.followed_by(features, [clip.name for clip in self.clips], targets)
        return replace(both, scarce=[count + np.arange(len(self.clips))])

    def take_off(self, network: Network) -> Network:
        """A trained network -> itself without the head."""
        if self.head is not None:
            del network.heads[DOMAIN]
            network.loss_weights.pop(DOMAIN)
        return network

    def start(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> Training:
        """As of every Start: from scratch, for as many steps as the clips of both domains need."""
        schedule = schedule_for(self.settings, data.features.lengths, network.feature_rows(1))
        (beside,) = data.scarce
        half = max(1, schedule.batch_rows // 2)
        pairs = max(1, round(half / 2 / data.features.lengths[beside].mean()))
        data = replace(data, scarce=[beside] * pairs)
        return Training(network, data, replace(schedule, batch_rows=half), rng)

    def _tokens(self, tokenizer: Tokenizer, rows: np.ndarray) -> Targets:
        """Token ids of each clip; None without texts, and for a clip too short for its text."""
        ids = [tokenizer.encode(text) for text in self.further_texts] or [None] * len(self.clips)
        return usable_targets(ids, rows)

    def _own_domain(self, data: TrainingData) -> Targets:
        """The domain of every other clip; None for dev clips, whose loss is that of their words alone."""
        own: Targets = [np.array([0])] * len(data.names)
        for clip in data.dev:
            own[clip] = None
        return own
