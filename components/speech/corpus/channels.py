"""Several channels -> one."""

from __future__ import annotations

import numpy as np

SILENT = 1e-3  # of the loudest channel's level, -60 dB: nobody recorded on it
FRAME = 160  # samples, 10 to 20 ms of speech
APART = 0.2  # correlation of levels; one voice in two microphones has 0.5 and more
LIVELY = 0.7  # spread of log power over frames; speech has 2, a steady noise 0.1
STEADY = 0.3  # spread below which a channel is a noise
FEWEST_FRAMES = 20
CANCELLED = 0.1  # of the mean power: what is left of channels in opposite phase


def mix_down(samples: np.ndarray, channel: int | None = None) -> np.ndarray:
    """float32 samples (samples, channels) -> (samples,): the channel named, else the mean of all.

    A channel on which nothing was recorded takes no part in the mean. Channels that cancel each other out,
    one of them wired the wrong way round, are not mixed: the loudest is taken. Raises ValueError for a
    channel that is not there, and for channels that rise and fall apart, as those of a telephone call do.
    """
    count = samples.shape[1]
    if channel is not None and not 0 <= channel < count:
        raise ValueError(f"channel {channel + 1} is asked for, the file has {count}")
    if channel is not None or count == 1:
        return samples[:, channel or 0]
    power = np.var(samples, axis=0)  # (channels,), of the sound alone: a constant is none
    audible = power > SILENT**2 * power.max()
    audible &= ~_is_noise(samples, audible)
    check_together(samples[:, audible])
    mixed = samples[:, audible].mean(axis=1) if audible.any() else samples.mean(axis=1)
    if audible.sum() > 1 and np.var(mixed) < CANCELLED * power[audible].mean():
        return samples[:, int(np.argmax(power))]
    return mixed


def check_together(samples: np.ndarray) -> None:
    """Samples (samples, channels) -> nothing; ValueError where they are of two people."""
    if _are_apart(samples):
        raise ValueError(
            f"{samples.shape[1]} channels that have nothing in common, as of two people on the phone; name "
            "the one that is meant in a column channel"
        )


def _is_noise(samples: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Samples (samples, channels) -> whether a channel has a steady noise alone beside one with speech."""
    if heard.sum() < 2 or len(samples) < FRAME * FEWEST_FRAMES:
        return np.zeros(len(heard), bool)
    spread = _levels(samples).std(axis=0)
    return heard & (spread < STEADY) if spread[heard].max() > LIVELY else np.zeros(len(heard), bool)


def _levels(samples: np.ndarray) -> np.ndarray:
    """Samples (samples, channels) -> log power of each frame (frames, channels)."""
    frames = len(samples) // FRAME
    power = np.square(samples[: frames * FRAME].reshape(frames, FRAME, -1)).mean(axis=1)
    return np.log(power + 1e-9)


def _are_apart(samples: np.ndarray) -> bool:
    """Samples (samples, channels) -> whether the levels of the two loudest channels do not go together."""
    frames = len(samples) // FRAME
    if samples.shape[1] < 2 or frames < FEWEST_FRAMES:
        return False
    levels = _levels(samples)
    levels = levels[:, np.argsort(-np.exp(levels).mean(axis=0))[:2]]
    return bool(np.all(levels.std(axis=0) > LIVELY) and np.corrcoef(levels.T)[0, 1] < APART)
