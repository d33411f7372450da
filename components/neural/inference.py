"""A network and features of clips -> what it puts out for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from components.neural.hypothesis import Hypothesis
from components.neural.model.network import CTC, Network
from components.neural.packing import PackedBatch, RaggedFeatures, split_batches

SECONDS_AT_ONCE = 60


@dataclass(frozen=True, eq=False)
class NetworkOutput:
    """What a network puts out for one clip.

    Attributes
    ----------
    log_probs : natural log-probabilities of CTC's tokens, float32 (rows, 1 + tokens), every 20 ms.
    encoded : float32 (rows, channels), the encoder's rows, every 40 ms; None without a decoder.
    hypothesis : what the decoder decodes greedily; None without a decoder.
    """

    log_probs: np.ndarray
    encoded: np.ndarray | None = None
    hypothesis: Hypothesis | None = None


def forward(
    network: Network, features: RaggedFeatures, clips: np.ndarray, ctc: str = CTC
) -> list[NetworkOutput]:
    """Network with a CTC head, features and which clips (indices) -> the output for each, in that order.

    ctc: name of the CTC head that gives the log-probabilities.
    """
    return forward_heads(network, features, clips, [ctc])[ctc]


@torch.no_grad()
def forward_heads(
    network: Network, features: RaggedFeatures, clips: np.ndarray, heads: Iterable[str]
) -> dict[str, list[NetworkOutput]]:
    """As forward, of each of several CTC heads, by name: the clips are encoded once."""
    outputs: dict[str, dict[int, NetworkOutput]] = {head: {} for head in heads}
    for batch, encoded in encoded_batches(network, features, clips):
        decoded = []
        if network.decoder is not None:
            rows_of_clips = [rows.cpu().numpy() for rows in encoded.unpack()]
            decoded = [rows_of_clips, network.decoder.greedy(encoded)]
        for head, own in outputs.items():
            log_probs = [rows.cpu().numpy() for rows in network.heads[head](encoded).unpack()]
            own.update(zip(batch.tolist(), map(NetworkOutput, log_probs, *decoded), strict=True))
    return {head: [own[i] for i in clips.tolist()] for head, own in outputs.items()}


@torch.no_grad()
def encoded_batches(
    network: Network, features: RaggedFeatures, clips: np.ndarray
) -> Iterator[tuple[np.ndarray, PackedBatch]]:
    """Network, features and which clips (indices) -> batches, the longest clips first, and encoded rows."""
    network.eval()
    longest_first = clips[np.argsort(-features.lengths[clips], kind="stable")]
    for batch in split_batches(longest_first, features.lengths, network.feature_rows(SECONDS_AT_ONCE)):
        yield batch, network.encode(network.pack(features, batch))
