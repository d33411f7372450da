"""Front ends: waveforms -> frames every 10 ms, by a fixed log-mel filterbank or by learned filters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from components.contract import Clip
from components.mapped import sweep
from components.neural.augmentation import BatchAugmentation, augment_frames, augment_samples
from components.neural.packing import PackedBatch, RaggedFeatures, mean_power
from components.speech.mel import NEPER, bin_frequencies, mel_frequencies, triangles

HOP_MS = 10
WINDOW_MS = 25
LOWEST_HZ = 60.0
FLOOR = 1e-7
FILTER_SIZE = 10.0
BELOW_POWER, UNIT, FLOOR_UNITS = 3.5, 2.5, -2.5  # nats, nats, units


def mel_points(rate: int, count: int) -> np.ndarray:
    """Frequencies in Hz, (count,), equally spaced in mel from 60 Hz to half the rate."""
    return mel_frequencies(count, LOWEST_HZ, rate / 2, NEPER)


class MelFrontEnd(nn.Module):
    """Clips -> log-mel frames.

    Nothing in it is learned, so the log-mel of every clip is computed once, before training, and
    augmentation happens on frames. rows_per_frame: feature rows that become one frame. augments: the kinds of
    augmentation that it makes itself.
    """

    rows_per_frame = 1
    augments = frozenset({"speed", "vtlp", "room", "noise", "masking"})

    def __init__(self, rate: int, bands: int) -> None:
        super().__init__()
        self.rate, self.bands = rate, bands
        self.hop, self.window = rate * HOP_MS // 1000, rate * WINDOW_MS // 1000
        self.fft = 1 << (self.window - 1).bit_length()
        mel = torch.from_numpy(_triangles(rate, self.fft, bands))
        self.register_buffer("mel", mel, persistent=False)
        self.register_buffer("taper", torch.hann_window(self.window), persistent=False)

    @torch.no_grad()
    def extract(self, clips: Sequence[Clip]) -> RaggedFeatures:
        """Log-mel frames of every clip, end to end: (frames, bands)."""
        device = self.mel.device
        samples = (torch.tensor(clip.samples, device=device) for clip in sweep(clips))
        return RaggedFeatures.of_corpus(map(self.features, samples), device)

    def features(self, samples: Tensor) -> Tensor:
        """(samples,) -> log-mel (frames, bands), one frame a hop, the first centred on the first sample."""
        frames = (samples.shape[0] + self.hop - 1) // self.hop
        padded = nn.functional.pad(samples.float(), (self.window // 2, self.window))
        windows = padded.unfold(0, self.window, self.hop)[:frames] * self.taper  # (frames, window)
        spectrum = torch.view_as_real(torch.fft.rfft(windows, self.fft))  # (frames, bins, 2)
        return (spectrum.square().sum(-1) @ self.mel + FLOOR).log()

    def augment(self, batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation) -> PackedBatch:
        """VTLP, reverberation and noise, on log-mel frames."""
        return augment_frames(batch, rng, policy, mel_points(self.rate, self.bands + 2)[1:-1], HOP_MS / 1000)

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """Level each clip: (frames, bands) -> (frames, bands)."""
        return levelled(batch)


class WaveFrontEnd(nn.Module):
    """Waveforms -> log energies of learned filters: no hand-made feature between sound and network.

    Filters of 25 ms start as complex Gabor atoms at mel-spaced frequencies and are all free to change;
    their energy, every 2.5 ms, is averaged to 10 ms with learned weights.
    Source: Zeghidour et al. (2018), Learning filterbanks from raw speech for phone recognition.
    """

    steps_per_frame = 4
    augments = frozenset({"speed", "room", "noise", "masking"})

    def __init__(self, rate: int, bands: int) -> None:
        super().__init__()
        self.rate, self.stride = rate, rate * HOP_MS // 1000 // self.steps_per_frame
        self.rows_per_frame = self.stride * self.steps_per_frame
        self.bands = bands
        atoms = torch.from_numpy(_gabor_atoms(rate, bands))
        # scaled up, so that a step of the optimiser's size changes a filter by a small share of itself
        self.scale = float(atoms.square().mean().sqrt()) / FILTER_SIZE
        self.filters = nn.Parameter(atoms / self.scale)
        self.pooling = nn.Parameter(torch.zeros(self.steps_per_frame, bands))

    @torch.no_grad()
    def extract(self, clips: Sequence[Clip]) -> RaggedFeatures:
        """Samples of every clip at one loudness, end to end: (samples, 1)."""
        device = self.filters.device
        samples = (torch.tensor(clip.samples, device=device) for clip in sweep(clips))
        return RaggedFeatures.of_corpus(map(self.features, samples), device)

    def features(self, samples: Tensor) -> Tensor:
        """(samples,) -> the same at one loudness, (samples, 1)."""
        samples = samples.float()[:, None]
        return samples / (samples.square().mean().sqrt() + 1e-4)

    def augment(self, batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation) -> PackedBatch:
        """Reverberation and noise on samples; the speed of the batch has moved the formants already."""
        return augment_samples(batch, rng, policy, self.rate)

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(samples, 1) -> (frames, bands), each clip levelled."""
        window = len(self.filters)
        half = (window - self.stride) // 2
        samples = nn.functional.pad(batch.values[:, 0], (half, window - self.stride - half))
        windows = samples.unfold(0, window, self.stride)  # (steps, window)
        energy = (windows @ (self.filters * self.scale)).square()  # (steps, 2 * bands)
        energy = energy[:, : self.bands] + energy[:, self.bands :]  # (steps, bands)
        energy = energy.reshape(-1, self.steps_per_frame, self.bands)  # (frames, steps_per_frame, bands)
        pooled = (energy * torch.softmax(self.pooling, 0)).sum(1)
        return levelled(batch.subsampled(self.rows_per_frame, (pooled + 1e-4).log()))


def levelled(batch: PackedBatch) -> PackedBatch:
    """Log powers -> each clip's about zero, from -2.5 up, whatever its loudness; neighbours play no part.

    Zero is 15 dB below a clip's mean power, the least 42 dB. A mean of logs would depend on how much silence
    there is around the words, and most on silence without any noise.
    """
    zero = mean_power(batch.with_values(batch.values.exp())).log() - BELOW_POWER  # (clips, 1)
    above = batch.values - zero.index_select(0, batch.clip_of_row)
    return batch.with_values((above / UNIT).clamp_min(FLOOR_UNITS))


def _triangles(rate: int, fft: int, bands: int) -> np.ndarray:
    """Mel filters (fft // 2 + 1, bands), at least one bin wide so that no band is empty."""
    return triangles(bin_frequencies(rate, fft), mel_points(rate, bands + 2), rate / fft)


def _gabor_atoms(rate: int, bands: int) -> np.ndarray:
    """Cosine and sine atoms (window, 2 * bands) as wide in frequency as their mel band."""
    edges = mel_points(rate, bands + 2)
    seconds = (np.arange(rate * WINDOW_MS // 1000) - rate * WINDOW_MS / 2000)[:, None] / rate  # (window, 1)
    # no shorter than the 2.5 ms between two windows, or sound would fall between them
    spread = np.clip(1 / (np.pi * (edges[2:] - edges[:-2])), 0.0016, 0.005)
    shape = np.exp(-0.5 * (seconds / spread) ** 2)
    shape /= shape.sum(0)
    turns = 2 * np.pi * edges[1:-1] * seconds  # (window, bands)
    return np.hstack([shape * np.cos(turns), shape * np.sin(turns)]).astype(np.float32)
