"""Clips without texts -> weights of a front end and an encoder, by masked prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from sklearn.base import BaseEstimator, clone

from components.contract import Clip
from components.neural.model.build import build_network, device_of
from components.neural.model.network import Network
from components.neural.recogniser import CtcRecogniser
from components.neural.self_taught.clusters import frame_clusters
from components.neural.self_taught.masking import ClusterHead, MaskedEncoder
from components.neural.start_from_source import SIZE
from components.neural.training.checkpoint import found_or_trained
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule, schedule_for
from components.neural.training.trainer import Training
from components.ranges import above_up_to, at_least, check_ranges
from components.study.fingerprint import code_version, digest, library_versions, settings

CLUSTERS = "clusters"
SEED = 0  # one for all trials: it draws weights, batches, what is hidden, and where clusters start
HOW = ("dropout", "batch_seconds", "learning_rate", "weight_decay", "augmentation", "precision")


class MaskedPrediction(BaseEstimator):
    """How an encoder learns from clips without texts: which cluster its hidden frames are of.

    The clusters are those of MFCC, as in the first round of HuBERT. No seed of a trial plays a part, so that
    one pre-training serves all trials that have the same clips.
    Source: Hsu et al. (2021), HuBERT.

    Parameters
    ----------
    clusters : of frames.
    share : of the rows of 40 ms that are hidden.
    steps : optimiser steps. None: as many as CtcRecogniser takes for so much speech.
    """

    def __init__(self, clusters: int = 100, share: float = 0.5, steps: int | None = None) -> None:
        self.clusters = clusters
        self.share = share
        self.steps = steps

    def check_settings(self) -> None:
        """Raises ValueError for numbers out of range."""
        check_ranges(self, clusters=at_least(2), share=above_up_to(0, 1), steps=at_least(1))

    def weights(self, recogniser: CtcRecogniser, clips: Sequence[Clip]) -> Mapping[str, np.ndarray]:
        """Settings of the recogniser to come, and clips of one rate, which it may know the texts of or not ->
        weights of its front end and encoder, by name.

        The order of the clips does not count, and nothing of them but their samples. Inside `checkpointing`
        what was learned from the same clips before is found again, and a killed training goes on.
        Raises what CtcRecogniser.fit raises for a training that diverges or a clip that is too long.
        """
        clips = sorted(clips, key=lambda clip: clip.digest)
        return found_or_trained(self._key(recogniser, clips), lambda: self._trained(recogniser, clips))

    def _key(self, recogniser: CtcRecogniser, clips: Sequence[Clip]) -> str:
        """All that the weights depend on; of the recogniser, what its training by texts does not change."""
        known = settings(recogniser).items()
        shaping = {name: value for name, value in known if name.partition("__")[0] in (*SIZE, *HOW)}
        made_by = [code_version(self), library_versions(), device_of(recogniser.device).type]
        return digest([settings(self), shaping, made_by, [clip.digest for clip in clips], clips[0].rate])

    def _trained(self, recogniser: CtcRecogniser, clips: Sequence[Clip]) -> dict[str, np.ndarray]:
        devices = [] if device_of(recogniser.device).type == "cpu" else None
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(SEED)
            network = self._network(recogniser, clips[0].rate)
            data = self._data(network, clips)
            schedule = self._schedule(recogniser, network, data)
            trained = Training(network, data, schedule, np.random.default_rng(SEED)).run_to_end()
        parts = {"front_end": trained.front_end, "encoder": trained.encoder.encoder}
        return {
            f"{part}.{name}": weight.cpu().numpy().copy()
            for part, module in parts.items()
            for name, weight in module.state_dict().items()
        }

    def _network(self, recogniser: CtcRecogniser, rate: int) -> Network:
        """A network as the recogniser's, with a head for clusters in the place of its own heads."""
        own = build_network(recogniser, rate, 1)
        encoder = MaskedEncoder(own.encoder, recogniser.bands, self.share)
        head = ClusterHead(own.encoder.channels, self.clusters)
        return Network(own.front_end, encoder, {CLUSTERS: head}).to(device_of(recogniser.device))

    def _data(self, network: Network, clips: Sequence[Clip]) -> TrainingData:
        targets = {CLUSTERS: frame_clusters(clips, self.clusters, SEED)}
        every, none = np.arange(len(clips)), np.arange(0)
        names = [clip.digest for clip in clips]
        return TrainingData(network.front_end.extract(clips), names, targets, every, none)

    def _schedule(self, recogniser: CtcRecogniser, network: Network, data: TrainingData) -> Schedule:
        """As of the recogniser, without what is of texts, and without further masks."""
        plain = clone(recogniser).set_params(steps=self.steps, epochs=None)
        schedule = schedule_for(plain, data.features.lengths, network.feature_rows(1))
        augmentation = replace(schedule.augmentation, kinds=schedule.augmentation.kinds - {"masking"})
        return replace(schedule, augmentation=augmentation, concat_pairs=False, flat_start=0)
