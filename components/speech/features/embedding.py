"""Clips -> Google's speech embedding, learned by others on keywords in hours of speech; frozen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.clip_checks import check_clips
from components.contract import Clip
from components.ranges import at_least, check_ranges
from components.speech.corpus.audio_file import resample
from components.speech.features.embedding_file import EMBEDDING, MEL, embedding_files, read_networks, session
from components.speech.features.store import looked_up

RATE, FRAME_SAMPLES = 16_000, 160  # Hz; samples of a frame of 10 ms
WINDOW, BANDS, DIMS = 76, 32, 96  # frames and bands that an embedding sees; its numbers
EDGE_FRAMES = 3  # that the spectrogram loses at the end
INT16 = 32_768.0


class SpeechEmbedding(TransformerMixin, BaseEstimator):
    """Clips of any rate -> embeddings, float32 (rows, 96) each, one every hop_ms.

    Each is made of the 760 ms around it, with silence beyond the ends of the clip; clips are resampled to
    16 kHz. Nothing in it is learned here. Sources: Lin et al. (2020), Training keyword spotters with limited
    and synthesized speech data; openWakeWord, whose wheel of version 0.4.0 has the weights (Apache-2.0).

    Parameters
    ----------
    weights : the wheel of openwakeword 0.4.0, or a folder with melspectrogram.onnx and embedding_model.onnx.
    hop_ms : from one embedding to the next, in whole 10 ms.
    """

    stateless = True

    def __init__(self, weights: str = "", hop_ms: int = 80) -> None:
        self.weights = weights
        self.hop_ms = hop_ms

    def check_settings(self) -> None:
        """Raises ValueError for a hop below 10 ms, other weights, or without onnxruntime."""
        check_ranges(self, hop_ms=at_least(10))
        read_networks(self.weights)

    def depends_on(self) -> Sequence[Path]:
        """The files of the weights."""
        return embedding_files(self.weights) if self.weights else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str] | None = None) -> SpeechEmbedding:
        """Nothing to learn; the weights are kept, so that it answers without their file. ValueError as of
        check_settings."""
        check_ranges(self, hop_ms=at_least(10))
        read = read_networks(self.weights)
        self._networks = {name: np.frombuffer(net, np.uint8) for name, net in read.items()}
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> (rows, 96) each, in order. Raises ValueError for a clip that is empty or not finite."""
        check_clips(self, clips)
        return looked_up(self, clips, self._compute) if clips else []

    def _read(self) -> dict[str, bytes]:
        kept = getattr(self, "_networks", None)
        return read_networks(self.weights) if kept is None else {name: kept[name].tobytes() for name in kept}

    def _compute(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        networks = self._read()
        mel, embedding = session(networks[MEL]), session(networks[EMBEDDING])
        return [_embeddings(mel, embedding, clip, self.hop_ms // 10) for clip in clips]


def _embeddings(mel: Any, embedding: Any, clip: Clip, hop: int) -> np.ndarray:
    """Two sessions and a clip -> (rows, 96), one every `hop` frames, the first around the first of them."""
    samples = INT16 * resample(clip.samples, clip.rate, RATE)
    silence = np.array([WINDOW // 2, WINDOW // 2 + EDGE_FRAMES]) * FRAME_SAMPLES
    spectrum = mel.run(None, {"input": np.pad(samples, silence)[None]})[0].reshape(-1, BANDS)
    spectrum = spectrum / 10 + 2  # as the embedding was trained
    windows = np.lib.stride_tricks.sliding_window_view(spectrum, WINDOW, axis=0)[::hop]
    windows = np.ascontiguousarray(windows.swapaxes(1, 2)[..., None], dtype=np.float32)
    return embedding.run(None, {"input_1": windows})[0].reshape(-1, DIMS)  # of (rows, WINDOW, BANDS, 1)
