"""Masked prediction: an encoder whose frames are partly hidden, and a head that tells what was there."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool1d

from components.neural.model import Encoder
from components.neural.model.heads import Targets, labelled
from components.neural.model.heads.ctc import CtcHead, evenly_spread
from components.neural.packing import PackedBatch

SPAN = 3  # rows of 40 ms that are hidden together, at least


class MaskedEncoder(nn.Module):
    """Frames (frames, bands) -> rows (rows, channels + 1) of an encoder that does not see all of them.

    The last column is 1 where the frames of a row were hidden, 0 elsewhere: in training spans of SPAN rows or
    more, drawn anew for every batch by torch's generator, so many that `share` of all rows are in one. In the
    place of hidden frames stands one learned frame.
    """

    def __init__(self, encoder: Encoder, bands: int, share: float) -> None:
        super().__init__()
        self.encoder, self.hidden_frame = encoder, nn.Parameter(torch.zeros(bands))
        self.channels, self.padding = encoder.channels + 1, encoder.padding
        self.subsampling_factor = encoder.subsampling_factor
        self.begins = 1 - (1 - share) ** (1 / SPAN)  # probability that a row begins a span

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, bands) -> (rows, channels + 1)."""
        hidden = self._hidden(batch)
        frames = torch.lerp(
            batch.values, self.hidden_frame, hidden.repeat_interleave(self.subsampling_factor, 0)
        )
        rows = self.encoder(batch.with_values(frames))
        return rows.with_values(torch.cat([rows.values, hidden], 1))

    def _hidden(self, batch: PackedBatch) -> Tensor:
        """Frames -> 1 where a row is hidden, else 0, (rows, 1)."""
        rows = len(batch.values) // self.subsampling_factor
        if not self.training:
            return batch.values.new_zeros(rows, 1)
        begins = (torch.rand(1, rows, device=batch.values.device) < self.begins).to(batch.values.dtype)
        return max_pool1d(begins, SPAN, stride=1, padding=SPAN // 2).t()


class ClusterHead(nn.Module):
    """Rows (rows, channels + 1) of a MaskedEncoder -> the clusters of the hidden frames, two for each row.

    clusters: how many there are. A target is the cluster of every frame of a clip.
    """

    def __init__(self, channels: int, clusters: int) -> None:
        super().__init__()
        self.output = CtcHead(channels, clusters)  # without CTC's loss: of every row, not of an alignment

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Encoded rows and clusters -> cross entropy of each labelled clip, in nats a hidden row."""
        encoded, targets = labelled(encoded, targets)
        values, hidden = encoded.values[:, :-1], encoded.values[:, -1:]
        log_probs = self.output(encoded.with_values(values))
        hidden = hidden.repeat_interleave(CtcHead.rows_out, 0)[:, 0]
        rows, clusters = evenly_spread(log_probs, targets)
        losses, counts = values.new_zeros(2, len(targets))
        clips = log_probs.clip_of_row[rows]
        losses = losses.index_add(0, clips, -log_probs.values[rows, clusters] * hidden[rows])
        return losses / counts.index_add(0, clips, hidden[rows]).clamp_min(1)
