"""Augmentation of a whole batch at once: other tempos, throats and noises, and hidden patches.

strength scales tempos, throats and patches: 1 for data seen a few times, more for data seen often. The ranges
are those of components.speech.augmentation.policy. Louder or softer clips are not made: both front ends level
every clip.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchaudio.functional import fftconvolve

from components.neural.packing import Tape, mean_power
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
ECHO_FRAMES = 32  # that are summed; more hardly sound
TINY = 1e-10


@dataclass(frozen=True)
class Alterations:
    """In what ways a batch is altered, kinds of components.speech.augmentation.policy, and how strongly."""

    strength: float = 1.0
    kinds: frozenset[str] = frozenset(USUAL)

    def of(self, kind: str) -> float:
        """How strongly in one way: 0 in a way that is not wanted."""
        return self.strength if kind in self.kinds else 0.0


def alterations_for(passes: float, kinds: Iterable[str]) -> Alterations:
    """How to augment clips that are heard so many times. Raises ValueError for an unknown kind."""
    return Alterations(strength_for(passes), check_kinds(kinds))


def strength_for(passes: float) -> float:
    """How strong to augment clips that are heard so many times: 0.6 for up to 21, 1.5 for 100.

    The more often a clip is heard, the sooner it is learned by heart.
    """
    return float(np.clip(0.6 * np.log(max(passes, 1.0)) - 1.25, 0.6, 2.2))


def drop_more(network: torch.nn.Module, strength: float) -> None:
    """Dropout grows with the square of the strength: data heard often is learned by heart."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = min(0.5, layer.p * strength**2)


def speeds(clips: int, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """How fast each clip is played, (clips,)."""
    return 1 + strength * rng.uniform(-SPEED, SPEED, clips)


def disturb_frames(
    tape: Tape, rng: np.random.Generator, how: Alterations, centres_hz: np.ndarray, hop_seconds: float
) -> Tape:
    """Log-mel frames -> the same said by another throat, in a room, in a noise of random level and colour.

    Source: Jaitly and Hinton (2013), Vocal tract length perturbation.
    """
    clips, bands = len(tape.lengths), tape.values.shape[1]
    values = _warped(tape, 1 + how.of("vtlp") * rng.uniform(-VTLP, VTLP, clips), centres_hz)
    if not how.kinds & {"noise", "room"}:
        return tape.with_values(values)
    power = tape.with_values(values.exp())
    if "room" in how.kinds:
        power = echoed_frames(power, *draw_rooms(clips, rng, how.strength), hop_seconds)
    if "noise" not in how.kinds:
        return power.with_values(power.values.clamp_min(TINY).log())
    depth = NEPERS * rng.uniform(*SNR_DB, (clips, 1))
    colour = rng.uniform(-2, 2, (clips, 1)) * np.linspace(-1, 1, bands)
    noise = mean_power(power) * _tensor(np.exp(colour - depth), values)  # (clips, bands)
    noisy = noise.index_select(0, tape.clip_of_row).add_(power.values).log_()
    return tape.with_values(noisy)


def _warped(tape: Tape, factors: np.ndarray, centres_hz: np.ndarray) -> Tensor:
    """Each clip's bands read at frequencies multiplied by its factor: (rows, bands)."""
    (rows, bands), everyone = tape.values.shape, tape.clip_of_row
    read_at = np.interp(factors[:, None] * centres_hz, centres_hz, np.arange(bands))  # (clips, bands)
    below = np.minimum(read_at.astype(np.int32), bands - 2)
    share = _tensor(read_at - below, tape.values).index_select(0, everyone)  # (rows, bands)
    # read from one long row: two thirds of what `gather` takes
    first = torch.arange(0, rows * bands, bands, dtype=torch.int32, device=everyone.device)[:, None]
    below = torch.as_tensor(below, device=everyone.device).index_select(0, everyone).add_(first).flatten()
    values = tape.values.flatten()
    read = [long.index_select(0, below).view(rows, bands) for long in (values, values[1:])]
    return torch.lerp(*read, share)


def echoed_frames(power: Tape, decay_seconds: np.ndarray, wet: np.ndarray, hop_seconds: float) -> Tape:
    """Powers (rows, bands), and each clip's room (see draw_rooms) -> powers with its decaying echo added.

    Source: Lebart et al. (2001), A new method based on spectral subtraction for speech dereverberation, whose
    model of an echo this is: in each band its power falls by the same share from frame to frame.
    """
    everyone, share = power.clip_of_row, 10 ** (-6 * hop_seconds / decay_seconds)  # (clips,)
    fading = _tensor(share[:, None], power.values).index_select(0, everyone)  # (rows, 1)
    sound, frames = power.values, 1
    while frames < ECHO_FRAMES:  # each time twice as many frames are summed
        before = sound[:-frames] * (everyone[frames:] == everyone[:-frames])[:, None]
        sound = torch.cat([sound[:frames], sound[frames:] + before * fading[frames:] ** frames])
        frames *= 2
    level = _tensor((wet * (1 - share) / share)[:, None], sound).index_select(0, everyone)  # (rows, 1)
    return power.with_values(torch.lerp(power.values, sound, level))


def echoed_samples(
    tape: Tape, decay_seconds: np.ndarray, wet: np.ndarray, rate: int, rng: np.random.Generator
) -> Tape:
    """Samples (rows, 1), and each clip's room (see draw_rooms) -> samples heard in it."""
    heard = room_impulse_responses(rate, decay_seconds, wet, rng)  # (clips, samples)
    dry = tape.padded()[..., 0].t()  # (clips, longest)
    return tape.laid(fftconvolve(dry, _tensor(heard, dry))[:, : dry.shape[1]].t()[..., None])


def disturb_samples(tape: Tape, rng: np.random.Generator, how: Alterations, rate: int) -> Tape:
    """Samples of loudness one -> the same in a room, in a noise of random level, smooth or rough."""
    if "room" in how.kinds:
        tape = echoed_samples(tape, *draw_rooms(len(tape.lengths), rng, how.strength), rate, rng)
    if "noise" not in how.kinds:
        return tape
    clips, rows = len(tape.lengths), len(tape.values)
    level = 10 ** (-rng.uniform(*SNR_DB, (clips, 1)) / 20)
    rough = rng.standard_normal((rows + 1, 1), dtype=np.float32)
    noise = _tensor(rough[1:] + rng.uniform(-0.9, 0.9) * rough[:-1], tape.values)
    return tape.with_values(tape.values + noise * _tensor(level, noise)[tape.clip_of_row])


def hide_patches(tape: Tape, rng: np.random.Generator, strength: float) -> Tape:
    """Levelled frames -> the same with stretches of time and of bands set to zero.

    Source: Park et al. (2019), SpecAugment.
    """
    if not strength:
        return tape
    values, everyone = tape.values, tape.clip_of_row
    place = torch.arange(len(values), device=values.device)
    place = (place - torch.as_tensor(tape.starts, device=values.device).index_select(0, everyone))[:, None]
    band = torch.arange(values.shape[1], device=values.device)
    heard = tape.valid.clone()  # (rows, 1)
    kept = torch.ones(len(tape.lengths), len(band), dtype=torch.bool, device=values.device)  # (clips, bands)
    for _ in range(MASKS):
        begin, end = _stretch(tape.lengths, strength * MASKED_TIME, rng, values)  # (clips, 1)
        heard &= (place < begin.index_select(0, everyone)) | (place >= end.index_select(0, everyone))
        begin, end = _stretch(np.full(len(tape.lengths), len(band)), strength * MASKED_BANDS, rng, values)
        kept &= (band < begin) | (band >= end)
    shown = kept.to(values.dtype).index_select(0, everyone).mul_(heard)
    return replace(tape, values=values * shown)


def _stretch(
    lengths: np.ndarray, share: float, rng: np.random.Generator, like: Tensor
) -> tuple[Tensor, Tensor]:
    """A random stretch of at most a share of each length: where it begins and ends, (clips, 1) each."""
    width = rng.uniform(0, share, len(lengths)) * lengths
    begin = rng.uniform(0, 1, len(lengths)) * (lengths - width)
    return _tensor(begin[:, None], like), _tensor((begin + width)[:, None], like)


def _tensor(array: np.ndarray, like: Tensor) -> Tensor:
    return torch.as_tensor(array, dtype=like.dtype, device=like.device)
