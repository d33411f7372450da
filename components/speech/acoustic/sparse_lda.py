"""Self-taught learning: a GMM-HMM of frames and their sparse codes, projected by LDA and MLLT."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import clone

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.acoustic.units import Lexicon
from components.speech.features.sparse_codes import SparseCodes


class SparseLdaGmmHmm(LdaMlltGmmHmm):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), by LDA and MLLT of sparse codes too.

    A dictionary of patches of frames is learned with transcripts or without; what LDA and MLLT project are
    the spliced frames and, behind them, their codes.

    Parameters
    ----------
    acoustic, context, statics, dims, mllt, seed : as of LdaMlltGmmHmm. statics: of the codes' patches, too.
    codes : settings of the codes (None: SparseCodes()).

    Attributes
    ----------
    codes_ : the trained SparseCodes. weights_, model_ : as of LdaMlltGmmHmm.
    """

    learns_from_unlabelled = True

    def __init__(
        self,
        acoustic: GmmHmm | None = None,
        codes: SparseCodes | None = None,
        context: int = 4,
        statics: int | None = 13,
        dims: int = 40,
        mllt: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(acoustic, context, statics, dims, mllt, seed)
        self.codes = codes

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
        unlabelled: Sequence[np.ndarray] = (),
    ) -> SparseLdaGmmHmm:
        """As of every AcousticModel. unlabelled: frames (frames, dims) of clips without transcripts."""
        codes = clone(self.codes or SparseCodes())
        self.codes_ = codes.fit(self._statics(frames), unlabelled=self._statics(unlabelled))
        return super().fit(frames, transcripts, lexicon, n_originals)

    def _splice(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        codes = self.codes_.transform(self._statics(frames))
        return [np.concatenate(rows, axis=1) for rows in zip(super()._splice(frames), codes, strict=True)]

    def _statics(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [rows[:, : self.statics] for rows in frames]
