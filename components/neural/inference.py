"""A network and features of clips -> what it puts out for each of them."""

from __future__ import annotations

from collections.abc import Iterator
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


@torch.no_grad()
def forward(
    network: Network, features: RaggedFeatures, clips: np.ndarray, ctc: str = CTC
) -> list[NetworkOutput]:
    """Network with a CTC head, features and which clips (indices) -> the output for each, in that order.

    ctc: name of the CTC head that gives the log-probabilities.
    """
    outputs: dict[int, NetworkOutput] = {}
    for batch, encoded in encoded_batches(network, features, clips):
        columns = [[rows.cpu().numpy() for rows in network.heads[ctc](encoded).unpack()]]
        if network.decoder is not None:
            rows_of_clips = [rows.cpu().numpy() for rows in encoded.unpack()]
            columns += [rows_of_clips, network.decoder.greedy(encoded)]
        outputs.update(zip(batch.tolist(), map(NetworkOutput, *columns), strict=True))
    return [outputs[i] for i in clips.tolist()]


@torch.no_grad()
def encoded_batches(
    network: Network, features: RaggedFeatures, clips: np.ndarray
) -> Iterator[tuple[np.ndarray, PackedBatch]]:
    """Network, features and which clips (indices) -> batches, the longest clips first, and encoded rows."""
    network.eval()
    longest_first = clips[np.argsort(-features.lengths[clips], kind="stable")]
    for batch in split_batches(longest_first, features.lengths, network.feature_rows(SECONDS_AT_ONCE)):
        yield batch, network.encode(network.pack(features, batch))
