"""Dev clips -> loss and word error rate of a network under training; clips that make it diverge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from components.neural.hypothesis import word_errors
from components.neural.model.network import CTC, Network
from components.neural.packing import PackedBatch, RaggedFeatures, split_batches
from components.neural.training.data import TrainingData
from components.speech.decoding.greedy import collapse

DEV_SECONDS_AT_ONCE = 300  # for the sake of memory


@torch.no_grad()
def evaluate(network: Network, data: TrainingData) -> dict[str, float]:
    """The dev clips, not augmented -> dev_loss, their mean loss, and dev_wer of CTC's best path.

    Where CTC's tokens are phonemes, their error rate; without a CTC head no dev_wer.
    """
    losses, texts = [], []
    for log_probs, own in _outputs(network, data):
        losses.append(own)
        texts += [] if log_probs is None else _best_paths(log_probs, data)
    return {"dev_loss": float(torch.cat(losses).mean()), **_error_rate(texts, data)}


@torch.no_grad()
def dev_losses(network: Network, data: TrainingData) -> np.ndarray:
    """The dev clips, not augmented -> the loss of each, (clips,)."""
    return torch.cat([losses for _, losses in _outputs(network, data)]).cpu().numpy()


def _outputs(network: Network, data: TrainingData) -> Iterator[tuple[PackedBatch | None, torch.Tensor]]:
    """The dev clips, batch after batch -> what the head named ctc makes of them, if any, and losses."""
    network.eval()
    for clips in split_batches(data.dev, data.features.lengths, network.feature_rows(DEV_SECONDS_AT_ONCE)):
        encoded = network.encode(network.pack(data.features, clips))
        log_probs = None if network.ctc is None else network.ctc(encoded)
        yield log_probs, network.losses(encoded, data.targets_of(clips), log_probs)


def _best_paths(log_probs: PackedBatch, data: TrainingData) -> list[str]:
    best = [rows.argmax(1).cpu().numpy() for rows in log_probs.unpack()]
    return [data.tokenizer.decode(collapse(path)) for path in best]


def _error_rate(texts: list[str], data: TrainingData) -> dict[str, float]:
    """Texts of the dev clips -> dev_wer over those that have a target, {} if none has."""
    pairs = [(data.targets[CTC][i], text) for i, text in zip(data.dev, texts, strict=bool(texts))]
    pairs = [(data.tokenizer.decode(ids), text) for ids, text in pairs if ids is not None]
    words = sum(len(expected.split()) for expected, _ in pairs)
    return {"dev_wer": word_errors(*zip(*pairs, strict=True)) / words} if words else {}


@torch.no_grad()
def not_finite(network: Network, features: RaggedFeatures, clips: np.ndarray) -> list[int]:
    """Those of the clips whose output is not finite, each encoded alone."""
    network.eval()
    return [i for i in clips.tolist() if not _is_finite(network, features, i)]


def _is_finite(network: Network, features: RaggedFeatures, clip: int) -> bool:
    rows = network.encode(network.pack(features, np.array([clip])))
    rows = rows if network.ctc is None else network.ctc(rows)
    return bool(rows.unpack()[0].isfinite().all())
