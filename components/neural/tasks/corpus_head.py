"""A further corpus with a head of its own: put onto a network and its data before training, off after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from components.contract import Clip
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.network import Network
from components.neural.model.norms import keep_first_norms, set_norms_apart
from components.neural.tasks.scarce import with_scarce
from components.neural.tokenizer import Tokenizer, normalise_spaces, usable_targets
from components.neural.training.addition import Addition
from components.neural.training.data import TrainingData
from components.neural.training.prepare import separator

SOURCE = "source"  # name of the head


class CorpusHead(Addition):
    """Clips and texts of a further corpus, a source, and the CTC head over characters that learns them.

    Each clip has a target for the heads of its own corpus alone, and counts for their losses alone; a head
    with targets for fewer than a tenth of all clips has two of them in every batch. The source's clips are
    trained on from the start to the end: dev clips, and with them all that is chosen, are of the other
    corpus. Clips too short for their text are left out.

    Parameters
    ----------
    clips, texts : of the source, at the network's sample rate.
    norms_apart : whether each corpus has batch norms of its own.
    weight : of the head's loss beside the network's other losses.
    """

    def __init__(
        self, clips: Sequence[Clip], texts: Sequence[str], norms_apart: bool = False, weight: float = 1.0
    ) -> None:
        self.clips, self.texts = list(clips), [normalise_spaces(text) for text in texts]
        self.norms_apart = norms_apart
        self.weight = weight

    def put_on(self, network: Network, data: TrainingData) -> TrainingData:
        """A network, to which the head is added in place, and its data -> the data and the source's clips."""
        tokenizer = Tokenizer().fit(self.texts)
        others, count = [*network.heads], len(data.names)
        head = CtcHead(network.encoder.channels, 1 + len(tokenizer.tokens_))
        network.heads[SOURCE] = head.to(data.features.values.device)
        network.loss_weights[SOURCE] = self.weight
        if self.norms_apart:
            set_norms_apart(network)
        features = network.front_end.extract(self.clips)
        own, further = (
            replace(some, corpora=np.full(len(some.lengths), number))
            for number, some in enumerate((data.features, features))
        )
        rows = network.output_rows(features.lengths)
        ids = usable_targets([*map(tokenizer.encode, self.texts)], rows)
        data = replace(
            data,
            features=own,
            train=np.append(data.train, count + np.flatnonzero([one is not None for one in ids])),
            separators={**data.separators, SOURCE: separator(tokenizer)},
        )
        both = data.followed_by(further, [clip.name for clip in self.clips], {SOURCE: ids})
        return with_scarce(both, [*others, SOURCE])

    def take_off(self, network: Network) -> Network:
        """A trained network -> itself without this head and the source's norms."""
        keep_first_norms(network)
        network.heads.pop(SOURCE)
        network.loss_weights.pop(SOURCE)
        return network
