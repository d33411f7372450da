"""The end-to-end side: front ends, encoders, augmentation, one training loop, the recogniser on top."""

from __future__ import annotations

from components.neural.recogniser import CtcRecogniser

__all__ = ["CtcRecogniser", "mel_ctc", "wave_ctc"]


def mel_ctc() -> CtcRecogniser:
    """Log-mel, a convolutional network, CTC over characters, with or without a language model."""
    return CtcRecogniser(front_end="mel")


def wave_ctc() -> CtcRecogniser:
    """Filters learned on the raw waveform, a convolutional network, CTC over characters."""
    return CtcRecogniser(front_end="wave")
