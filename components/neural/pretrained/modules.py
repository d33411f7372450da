"""The two halves of another's network: convolutions on the waveform, and a transformer on their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torchaudio.models import Wav2Vec2Model

from components.contract import Clip
from components.mapped import sweep
from components.neural.augmentation import BatchAugmentation, augment_samples
from components.neural.packing import PackedBatch, RaggedFeatures
from components.neural.pretrained.weights import ROW_SAMPLES, window_of
from components.speech.corpus.audio_file import resample

RATE = 16_000  # Hz, of all such networks
FRAME_SAMPLES = 160  # of 10 ms
QUIET = 1e-7  # variance


class PretrainedFrontEnd(nn.Module):
    """Clips -> samples at 16 kHz, each clip's of mean 0 and variance 1 -> rows of the convolutions.

    A row of 20 ms stands for two frames of 10 ms. rate: of the clips, Hz. model: whose convolutions it has.
    """

    rows_per_frame = FRAME_SAMPLES
    augments = frozenset({"speed", "room", "noise", "masking"})

    def __init__(self, rate: int, model: Wav2Vec2Model) -> None:
        super().__init__()
        self.rate, self.extractor = rate, model.feature_extractor
        self.overlap = window_of(self.extractor)[0] - ROW_SAMPLES

    @torch.no_grad()
    def extract(self, clips: Sequence[Clip]) -> RaggedFeatures:
        """Samples of every clip, end to end: (samples, 1)."""
        device = next(self.extractor.parameters()).device
        features = (self.features(clip.samples).to(device) for clip in sweep(clips))
        return RaggedFeatures.of_corpus(features, device)

    def features(self, samples: np.ndarray) -> Tensor:
        """(samples,) of the clips' rate -> (samples, 1) at 16 kHz, of mean 0 and variance 1."""
        samples = samples if self.rate == RATE else resample(samples, self.rate, RATE)
        at_16_khz = torch.tensor(samples, dtype=torch.float32)[:, None]
        return (at_16_khz - at_16_khz.mean()) / (at_16_khz.var(correction=0) + QUIET).sqrt()

    def augment(self, batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation) -> PackedBatch:
        """Reverberation and noise on samples; the speed of the batch has moved the formants already."""
        return augment_samples(batch, rng, policy, RATE)

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(samples, 1) -> (frames, dims)."""
        before = self.overlap // 2
        edges = (before, self.overlap - before)
        rows = by_length(
            batch, ROW_SAMPLES, lambda some: self.extractor(nn.functional.pad(some[..., 0], edges), None)[0]
        )
        return batch.subsampled(FRAME_SAMPLES, rows.repeat_interleave(2, 0))


class PretrainedEncoder(nn.Module):
    """Frames -> rows of the transformer, every 20 ms, two of them side by side every 40 ms.

    model: whose transformer it has. layers: how many of its layers, the first ones; None: all. use_bfloat16:
    whether training multiplies in it.
    """

    subsampling_factor, padding = 4, 0
    use_bfloat16 = False

    def __init__(self, model: Wav2Vec2Model, layers: int | None = None) -> None:
        super().__init__()
        self.projection, self.transformer = model.encoder.feature_projection, model.encoder.transformer
        self.transformer.layers = self.transformer.layers[:layers]
        self.channels = 2 * self.projection.projection.out_features

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, dims) -> (rows, channels)."""
        rows = batch.subsampled(2, batch.values[::2])
        is_bfloat16 = self.use_bfloat16 and self.training
        with torch.autocast(rows.values.device.type, torch.bfloat16, enabled=is_bfloat16):
            values = by_length(rows, 1, lambda some: self.transformer(self.projection(some)))
        return rows.with_values(values.float()).stacked(2)


def by_length(batch: PackedBatch, factor: int, function: Callable[[Tensor], Tensor]) -> Tensor:
    """Clips of one length at a time, (clips, rows, channels) -> (clips, rows / factor, dims) by the function.

    Returns (rows / factor, dims) of the whole batch, zero between clips. As there is no padding within the
    clips of one length, none of them depends on another, whatever the function takes means of.
    """
    lengths = -(-batch.lengths // factor)
    places, pieces = [], []
    for length in np.unique(lengths):
        starts = batch.starts[lengths == length][:, None]
        rows = torch.as_tensor(starts + np.arange(length * factor), device=batch.values.device)
        pieces.append(function(batch.values[rows]).flatten(0, 1))
        places.append((starts // factor + np.arange(length)).ravel())
    values = torch.cat(pieces)
    rows = torch.as_tensor(np.concatenate(places), device=values.device)
    return values.new_zeros(len(batch.values) // factor, values.shape[1]).index_copy(0, rows, values)
