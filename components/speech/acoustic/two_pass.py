"""What acoustic models share that train a second GmmHmm from the alignment of a first one."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Self

import numpy as np

from components.speech.acoustic.acoustic_model import AcousticModel
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.start import Start
from components.speech.acoustic.units import Lexicon
from components.speech.decoding.alignment_graph import AlignmentGraph


class TwoPassModel(AcousticModel):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states) of `model_`, the second GmmHmm.

    acoustic: settings of both models (None: GmmHmm()).
    """

    acoustic: GmmHmm | None
    model_: GmmHmm
    mixtures_ = property(attrgetter("model_.mixtures_"))
    states_ = property(attrgetter("model_.states_"))
    stay_ = property(attrgetter("model_.stay_"))
    spellings_ = property(attrgetter("model_.spellings_"))
    parents_ = property(attrgetter("model_.parents_"))
    skipped_ = property(attrgetter("model_.skipped_"))

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
        start: Start | None = None,
        brief: bool = False,
    ) -> Self:
        """As of every AcousticModel. start, brief: where it says `starts_from_alignments`, as of GmmHmm."""
        settings = GmmHmm() if self.acoustic is None else self.acoustic
        given = {} if start is None else {"start": start, "brief": brief}
        self.model_ = self._two_passes(settings, frames, transcripts, lexicon, n_originals, **given)
        return self

    def _two_passes(
        self,
        settings: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None,
    ) -> GmmHmm:
        """Settings of both models, and what fit takes -> the second model, trained."""
        raise NotImplementedError

    def alignment_graph(self, words: Sequence[str]) -> AlignmentGraph:
        return self.model_.alignment_graph(words)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        return self.model_.log_likelihoods(self._project([frames])[0])

    def align(self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        return self.model_.align(self._project(frames), graphs)

    def _project(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Clips (frames, dims) -> what the second model takes of each, (frames, its dims)."""
        return list(frames)
