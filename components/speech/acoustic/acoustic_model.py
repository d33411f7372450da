"""What every acoustic model promises the decoders: scores of HMM states, and alignments of transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np

from components.speech.acoustic.units import Lexicon
from components.speech.decoding.alignment_graph import AlignmentGraph


class AcousticModel(Protocol):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states).

    starts_from_alignments: whether fit takes `start` and `brief` as well, as GmmHmm's does: a training that
    begins with alignments that another model found, and costs a part of a whole one.
    """

    learns_from_copies = True
    starts_from_alignments = False

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
    ) -> Self:
        """Clips (frames, dims) with their transcripts, lexicon of all words -> the trained model.

        n_originals: number of clips, the first ones, that are no altered copies (None: all); only on these
        anything is counted or chosen, as a copy of a held-out clip in training would bias it.
        Raises ValueError if every clip is shorter than its states.
        """
        ...

    def alignment_graph(self, words: Sequence[str]) -> AlignmentGraph:
        """Transcript -> the state sequences it allows, silence optional around each word."""
        ...

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> float32 (frames, states), natural log, up to a constant of each frame."""
        ...

    def align(self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """Clips (frames, dims) and their graphs -> forced alignments, int (frames,) each: states."""
        ...
