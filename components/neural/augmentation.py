"""Augmentation of a whole batch at once: speed, VTLP, reverberation, noise, and SpecAugment's masks.

strength scales speeds, warps and masks: 1 for data seen a few times, more for data seen often. The ranges
are those of components.speech.augmentation.policy. The gain is not changed: both front ends level every clip.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchaudio.functional import fftconvolve

from components.neural.packing import PackedBatch, mean_power
from components.speech.augmentation.policy import (
    MASKED_BANDS,
    MASKED_TIME,
    MASKS,
    SNR_DB,
    SPEED,
    USUAL,
    VTLP,
    check_kinds,
    draw_rooms,
)
from components.speech.augmentation.reverb import room_impulse_responses

NEPERS = np.log(10) / 10  # of log power in a dB
ECHO_FRAMES = 32  # that are summed; later ones are hardly audible
POWER_FLOOR = 1e-10


@dataclass(frozen=True)
class BatchAugmentation:
    """Which kinds of components.speech.augmentation.policy alter a batch, and how strongly."""

    strength: float = 1.0
    kinds: frozenset[str] = frozenset(USUAL)

    def strength_of(self, kind: str) -> float:
        """Kind -> its strength, 0 for a kind that is left out."""
        return self.strength if kind in self.kinds else 0.0


def augmentation_for(passes: float, kinds: Iterable[str]) -> BatchAugmentation:
    """Passes over the clips, kinds -> how to augment. Raises ValueError for an unknown kind."""
    return BatchAugmentation(strength_for(passes), check_kinds(kinds))


def strength_for(passes: float) -> float:
    """Passes over the clips -> strength of augmentation: 0.6 for up to 21 passes, 1.5 for 100.

    The more passes, the sooner a network overfits.
    """
    return float(np.clip(0.6 * np.log(max(passes, 1.0)) - 1.25, 0.6, 2.2))


def scale_dropout(network: torch.nn.Module, strength: float) -> None:
    """Dropout grows with the square of the strength, against overfitting in many passes; changed in place."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = min(0.5, layer.p * strength**2)


def draw_speeds(clips: int, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """Speed of each clip, (clips,): 1.1 is ten per cent faster."""
    return 1 + strength * rng.uniform(-SPEED, SPEED, clips)


def augment_frames(
    batch: PackedBatch,
    rng: np.random.Generator,
    policy: BatchAugmentation,
    centres_hz: np.ndarray,
    hop_seconds: float,
) -> PackedBatch:
    """Log-mel frames -> the same with warped frequencies (VTLP), reverberation, and noise of random tilt.

    Source: Jaitly and Hinton (2013), Vocal tract length perturbation.
    """
    clips, bands = len(batch.lengths), batch.values.shape[1]
    values = _vtlp(batch, 1 + policy.strength_of("vtlp") * rng.uniform(-VTLP, VTLP, clips), centres_hz)
    if not policy.kinds & {"noise", "room"}:
        return batch.with_values(values)
    power = batch.with_values(values.exp())
    if "room" in policy.kinds:
        power = reverberate_frames(power, *draw_rooms(clips, rng, policy.strength), hop_seconds)
    if "noise" not in policy.kinds:
        return power.with_values(power.values.clamp_min(POWER_FLOOR).log())
    depth = NEPERS * rng.uniform(*SNR_DB, (clips, 1))
    colour = rng.uniform(-2, 2, (clips, 1)) * np.linspace(-1, 1, bands)
    noise = mean_power(power) * _tensor(np.exp(colour - depth), values)  # (clips, bands)
    noisy = noise.index_select(0, batch.clip_of_row).add_(power.values).log_()
    return batch.with_values(noisy)


def _vtlp(batch: PackedBatch, factors: np.ndarray, centres_hz: np.ndarray) -> Tensor:
    """Each clip's bands interpolated at frequencies multiplied by its factor: (rows, bands)."""
    (rows, bands), clip_of_row = batch.values.shape, batch.clip_of_row
    read_at = np.interp(factors[:, None] * centres_hz, centres_hz, np.arange(bands))  # (clips, bands)
    below = np.minimum(read_at.astype(np.int32), bands - 2)
    share = _tensor(read_at - below, batch.values).index_select(0, clip_of_row)  # (rows, bands)
    # read from one long row: two thirds of what `gather` takes
    first = torch.arange(0, rows * bands, bands, dtype=torch.int32, device=clip_of_row.device)[:, None]
    below = (
        torch.as_tensor(below, device=clip_of_row.device).index_select(0, clip_of_row).add_(first).flatten()
    )
    values = batch.values.flatten()
    ends = [row.index_select(0, below).view(rows, bands) for row in (values, values[1:])]
    return torch.lerp(*ends, share)


def reverberate_frames(
    power: PackedBatch, decay_seconds: np.ndarray, wet: np.ndarray, hop_seconds: float
) -> PackedBatch:
    """Powers (rows, bands), and each clip's room (see draw_rooms) -> powers with a decaying echo added.

    Source: Lebart et al. (2001), A new method based on spectral subtraction for speech dereverberation, whose
    model of an echo this is: in each band its power falls by the same share from frame to frame.
    """
    clip_of_row, share = power.clip_of_row, 10 ** (-6 * hop_seconds / decay_seconds)  # (clips,)
    decay = _tensor(share[:, None], power.values).index_select(0, clip_of_row)  # (rows, 1)
    summed, frames = power.values, 1
    while frames < ECHO_FRAMES:  # each time twice as many frames are summed
        before = summed[:-frames] * (clip_of_row[frames:] == clip_of_row[:-frames])[:, None]
        summed = torch.cat([summed[:frames], summed[frames:] + before * decay[frames:] ** frames])
        frames *= 2
    level = _tensor((wet * (1 - share) / share)[:, None], summed).index_select(0, clip_of_row)  # (rows, 1)
    return power.with_values(torch.lerp(power.values, summed, level))


def reverberate_samples(
    batch: PackedBatch, decay_seconds: np.ndarray, wet: np.ndarray, rate: int, rng: np.random.Generator
) -> PackedBatch:
    """Samples (rows, 1), and each clip's room (see draw_rooms) -> reverberated samples."""
    impulses = room_impulse_responses(rate, decay_seconds, wet, rng)  # (clips, samples)
    dry = batch.padded()[..., 0].t()  # (clips, longest)
    return batch.from_padded(fftconvolve(dry, _tensor(impulses, dry))[:, : dry.shape[1]].t()[..., None])


def augment_samples(
    batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation, rate: int
) -> PackedBatch:
    """Samples of root mean square one -> the same reverberated, in noise of random level and tilt."""
    if "room" in policy.kinds:
        batch = reverberate_samples(batch, *draw_rooms(len(batch.lengths), rng, policy.strength), rate, rng)
    if "noise" not in policy.kinds:
        return batch
    clips, rows = len(batch.lengths), len(batch.values)
    level = 10 ** (-rng.uniform(*SNR_DB, (clips, 1)) / 20)
    white = rng.standard_normal((rows + 1, 1), dtype=np.float32)
    noise = _tensor(white[1:] + rng.uniform(-0.9, 0.9) * white[:-1], batch.values)
    return batch.with_values(batch.values + noise * _tensor(level, noise)[batch.clip_of_row])


def spec_mask(batch: PackedBatch, rng: np.random.Generator, strength: float) -> PackedBatch:
    """Levelled frames -> the same with spans of time and of bands set to zero.

    Source: Park et al. (2019), SpecAugment.
    """
    if not strength:
        return batch
    values, clip_of_row = batch.values, batch.clip_of_row
    place = torch.arange(len(values), device=values.device)
    place = (place - torch.as_tensor(batch.starts, device=values.device).index_select(0, clip_of_row))[
        :, None
    ]
    band = torch.arange(values.shape[1], device=values.device)
    shown_rows = batch.valid.clone()  # (rows, 1)
    shown_bands = torch.ones(
        len(batch.lengths), len(band), dtype=torch.bool, device=values.device
    )  # (clips, bands)
    for _ in range(MASKS):
        begin, end = _random_spans(batch.lengths, strength * MASKED_TIME, rng, values)  # (clips, 1)
        shown_rows &= (place < begin.index_select(0, clip_of_row)) | (
            place >= end.index_select(0, clip_of_row)
        )
        begin, end = _random_spans(
            np.full(len(batch.lengths), len(band)), strength * MASKED_BANDS, rng, values
        )
        shown_bands &= (band < begin) | (band >= end)
    mask = shown_bands.to(values.dtype).index_select(0, clip_of_row).mul_(shown_rows)
    return replace(batch, values=values * mask)


def _random_spans(
    lengths: np.ndarray, share: float, rng: np.random.Generator, like: Tensor
) -> tuple[Tensor, Tensor]:
    """A random span of at most a share of each length: where it begins and ends, (clips, 1) each."""
    width = rng.uniform(0, share, len(lengths)) * lengths
    begin = rng.uniform(0, 1, len(lengths)) * (lengths - width)
    return _tensor(begin[:, None], like), _tensor((begin + width)[:, None], like)


def _tensor(array: np.ndarray, like: Tensor) -> Tensor:
    return torch.as_tensor(array, dtype=like.dtype, device=like.device)
