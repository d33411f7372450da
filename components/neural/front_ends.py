"""Front ends: from waveforms to frames on a tape, by a fixed log-mel filterbank or by learned filters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from components.contract import Clip

from .tape import Shelf, Tape, shelve

HOP_MS = 10
WINDOW_MS = 25
FLOOR = 1e-8
SCALAR = False


def mel_points(rate: int, count: int, low_hz: float = 60.0) -> np.ndarray:
    """count frequencies in Hz, equally spaced in mel from low_hz to half the rate (O'Shaughnessy, 1987)."""
    mel = np.linspace(np.log1p(low_hz / 700), np.log1p(rate / 2 / 700), count)
    return 700 * np.expm1(mel)


def mel_matrix(rate: int, fft: int, bands: int) -> np.ndarray:
    """Triangular filters (fft // 2 + 1, bands), each of height one, equally spaced in mel."""
    edges = mel_points(rate, bands + 2)
    hz = np.arange(fft // 2 + 1)[:, None] * rate / fft  # (bins, 1)
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


class MelFrontEnd(nn.Module):
    """Clips -> log-mel frames every 10 ms, each band's mean over the clip removed.

    Nothing is learned, so the log-mel of every clip is computed once, before training.
    """

    def __init__(self, rate: int, bands: int = 40) -> None:
        super().__init__()
        self.rate, self.width, self.rows_per_frame = rate, bands, 1
        self.hop = rate * HOP_MS // 1000
        self.window = rate * WINDOW_MS // 1000
        self.fft = 1 << (self.window - 1).bit_length()
        self.register_buffer("mel", torch.from_numpy(mel_matrix(rate, self.fft, bands)), persistent=False)
        self.register_buffer("taper", torch.hann_window(self.window), persistent=False)

    def shelve(self, clips: Sequence[Clip]) -> Shelf:
        """Log-mel frames of every clip, end to end: (frames, bands)."""
        return shelve([self.log_mel(clip.samples) for clip in clips])

    @torch.no_grad()
    def log_mel(self, samples: np.ndarray) -> Tensor:
        """(samples,) -> (frames, bands), one frame a hop, the first centred on the first sample."""
        frames = max(1, round(len(samples) / self.hop))
        samples = torch.tensor(samples, device=self.mel.device)
        half = self.window // 2
        padded = nn.functional.pad(samples, (half, half + self.window))
        windows = padded.unfold(0, self.window, self.hop)[:frames] * self.taper  # (frames, window)
        spectrum = torch.view_as_real(torch.fft.rfft(windows, self.fft))  # (frames, bins, 2)
        return (spectrum.square().sum(-1) @ self.mel + FLOOR).log()

    def forward(self, tape: Tape) -> Tape:
        """Remove each band's mean over the clip and scale: (frames, bands) -> (frames, bands)."""
        return normalised(tape)


def normalised(tape: Tape) -> Tape:
    """Each clip's channels brought to mean zero, and its values to one spread: neighbours play no part."""
    count = tape.per_clip(tape.values)
    mean = tape.sums(tape.values) / count  # (clips, channels)
    if SCALAR: mean = mean.mean(1, keepdim=True).expand_as(mean)
    centred = tape.with_values(tape.values - mean[tape.clip_of_row])
    power = tape.sums(centred.values.square()).mean(1, keepdim=True) / count  # (clips, 1)
    return tape.with_values(centred.values * (power + 1e-2).rsqrt()[tape.clip_of_row])
