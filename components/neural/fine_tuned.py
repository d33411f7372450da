"""Transfer learning: a recogniser whose network starts from one that was trained on another corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.contract import Clip
from components.neural.model.network import CTC, Network, is_within
from components.neural.recogniser import CtcRecogniser
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training
from components.neural.transfer import freeze, keep_tokens, warm_start
from components.ranges import above, at_least, check_ranges
from components.study.saving import check_source, files_of, load

LAST_LAYER, LAST_THEN_ALL, ALL_LAYERS = "last-layer", "last-then-all", "all-layers"
OLD_HEAD, FIRST_LAYERS = "old-head", "first-layers"
BODY = ("front_end", "encoder")  # the parts of a network that are not its last layer
SIZE = ("front_end", "bands", "channels", "layers", "kernel_size", "encoder")  # settings that shape them
HEAD_STEPS = 0.25  # of the steps, for the new last layer alone, before all layers are trained


@dataclass
class StartFromSource:
    """What is done with an untrained network before its training, see FineTuned.

    taken, left_out, trained_numbers: as FineTuned's attributes, once it was called.
    """

    source: CtcRecogniser
    method: str
    kept_layers: int
    rate_share: float

    def __call__(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> None:
        """A network, made anew, and what it will be trained with -> it starts from the source, in place."""
        left_out = self._left_out(network)
        start = warm_start(network, self.source.weights_, tuple(left_out))
        self.taken = len(start.taken)
        self.left_out = {name: _reason(name, left_out) for name in start.skipped}
        if self.method == OLD_HEAD:
            keep_tokens(network.heads[CTC], tokenizers[CTC].tokens_, *self._old_head())
        if self.method != FIRST_LAYERS:  # there what was trained before is frozen, and all else is new
            network.rate_shares = dict.fromkeys(BODY, self.rate_share)
        for part in self._frozen():
            freeze(network, part)
        if self.method == LAST_THEN_ALL:
            _train_last_layer(network, data, schedule, rng)
        self.trained_numbers = sum(w.numel() for w in network.parameters() if w.requires_grad)

    def _left_out(self, network: Network) -> dict[str, str]:
        """Prefixes of names of tensors that start anew, and why."""
        left_out = {"heads": "the last layer is made anew for the tokens of these texts"}
        if self.method == FIRST_LAYERS:
            layers = range(self.kept_layers, len(network.encoder.layers))
            left_out |= {f"encoder.layers.{i}": f"only {self.kept_layers} layers are kept" for i in layers}
        return left_out

    def _frozen(self) -> tuple[str, ...]:
        if self.method == LAST_LAYER:
            return BODY
        if self.method != FIRST_LAYERS:
            return ()
        lowest = ("front_end", "encoder.cepstral", "encoder.stem")
        return (*lowest, *(f"encoder.layers.{i}" for i in range(self.kept_layers)))

    def _old_head(self) -> tuple[Sequence[str], Mapping[str, np.ndarray]]:
        """The source's tokens, and the weights of its CTC head by name."""
        prefix = f"heads.{CTC}."
        weights = self.source.weights_.items()
        return self.source.alphabet_, {
            name.removeprefix(prefix): weight for name, weight in weights if name.startswith(prefix)
        }


def _reason(name: str, left_out: Mapping[str, str]) -> str:
    return next(reason for prefix, reason in left_out.items() if is_within(name, prefix))


def _train_last_layer(
    network: Network, data: TrainingData, schedule: Schedule, rng: np.random.Generator
) -> None:
    """Train the heads alone, without the dev clips, in a part of the steps; the network changes in place."""
    head = deepcopy(network)  # a training scales dropout, which the next one would scale again
    for part in BODY:
        freeze(head, part)
    steps = max(1, int(schedule.steps * HEAD_STEPS))
    trained = Training(head, data, replace(schedule, steps=steps), rng).run_until_dev_joins()
    network.load_state_dict(trained.state_dict())


class FineTuned(BaseEstimator):
    """Clips -> texts, by a network that was trained on another corpus and is trained on.

    Parameters
    ----------
    recogniser : its settings for this training (None: the usual ones); the size of the network is that of the
        source's.
    source : file of the trained recogniser to start from, recogniser.skops: see study.saving.
    method : "last-layer": a new last layer, and nothing else is trained. "all-layers": a new last layer, and
        all layers are trained. "last-then-all": the new last layer alone, then all (LP-FT). "old-head": all
        layers, and the last one keeps what it knows of the tokens that both have. "first-layers": the first
        `kept_layers` of the encoder are kept as they are, all others are made anew.
    kept_layers : see there; the layers below the encoder's numbered ones are always among those kept.
    rate_share : learning rate of the layers that were trained before, as a share of that of new ones.

    Attributes
    ----------
    recogniser_ : the trained recogniser.
    taken_ : number of weight tensors taken from the source. left_out_ : {name: why} of those that were not.
    trained_numbers_ : how many numbers this training changed.

    Sources: Kumar et al. (2022), Fine-tuning can distort pretrained features (last layer, then all); Yosinski
    et al. (2014), How transferable are features in deep neural networks? (the first layers).
    """

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        source: str = "",
        method: Literal[
            "last-layer", "last-then-all", "all-layers", "old-head", "first-layers"
        ] = LAST_THEN_ALL,
        kept_layers: int = 2,
        rate_share: float = 0.25,
    ) -> None:
        self.recogniser = recogniser
        self.source = source
        self.method = method
        self.kept_layers = kept_layers
        self.rate_share = rate_share

    def check_settings(self) -> None:
        """Raises ValueError without a source, for a method that there is none of, or a share out of range."""
        check_ranges(self, kept_layers=at_least(0), rate_share=above(0))
        check_source(self, self.source)
        (self.recogniser or CtcRecogniser()).check_settings()

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> FineTuned:
        """Clips and their texts -> a recogniser that starts from the source's weights.

        Raises ValueError for a source that cannot be read, is no such network or heard another sample rate,
        and what CtcRecogniser.fit raises.
        """
        self.check_settings()
        source = read_network(self.source)
        if len(clips) and clips[0].rate != source.rate_:
            raise ValueError(
                f"FineTuned expected clips at its source's {source.rate_} Hz, got {clips[0].rate} Hz; "
                "resample one of the two."
            )
        size = {name: getattr(source, name) for name in SIZE}
        recogniser = clone(self.recogniser or CtcRecogniser()).set_params(**size)
        start = StartFromSource(source, self.method, self.kept_layers, self.rate_share)
        self.recogniser_ = recogniser.fit(clips, texts, start)
        self.taken_, self.left_out_ = start.taken, start.left_out
        self.trained_numbers_ = start.trained_numbers
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one text each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    @property
    def augmented_passes(self) -> float:
        """How often it was trained on each clip, augmented, on average."""
        return self.recogniser_.augmented_passes

    @property
    def history_(self) -> list[dict]:
        """Notes of the training, as CtcRecogniser's."""
        return self.recogniser_.history_


def read_network(file: str) -> CtcRecogniser:
    """File of a trained recogniser -> the CtcRecogniser in it; ValueError where there is none."""
    recogniser = load(Path(file).parent)
    recogniser = getattr(recogniser, "recogniser_", recogniser)
    if not isinstance(recogniser, CtcRecogniser):
        raise ValueError(
            f"FineTuned expected a network to start from, got {type(recogniser).__name__} in {file}; "
            "train one, such as mel-ctc."
        )
    return recogniser
