"""Features learned on another corpus, by a perceptron, under a GMM-HMM of the clips at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import PCA

from components.ranges import at_least, check_ranges
from components.speech.acoustic.adapted import AdaptedGmmHmm, read_acoustic_model
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.hybrid_hmm import HybridHmm
from components.speech.acoustic.start import AlignedBy
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import Lexicon
from components.speech.ragged import chunks, concatenate, split
from components.study.saving import check_source, files_of

BOTTLENECK, POSTERIORS, DISCRIMINANTS = "bottleneck", "posteriors", "discriminants"
MOST_FRAMES = 1 << 14  # spliced at once: 33 MB of 507 float32 each


class LearnedFeatureGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of learned features.

    A perceptron that tells the states of the source's phones apart makes features of the frames, which PCA
    decorrelates. Phones of the source, adapted by MAP, align the clips; a GmmHmm of phones that words share
    is trained on their features, starting from that alignment.

    Parameters
    ----------
    source : file of a trained recogniser with a HybridHmm whose classifier has a bottleneck, of phones that
        words share: see study.saving.
    outputs : "bottleneck", the narrow layer of the perceptron; "posteriors", log posteriors of the source's
        phones; "discriminants", the first linear discriminants of the source's states (LDA).
    append : whether the features are appended to the frames (tandem), or take their place.
    dims : most dimensions of the features.
    acoustic : settings of the model of the features (None: GmmHmm()).

    Attributes
    ----------
    classifier_ : the perceptron. phones_ : {phone of the source: its states}. pca_ : the decorrelation.
    model_ : the model of the features, and of it what TwoPassModel names.

    Sources: Grezl et al. (2007), Probabilistic and bottle-neck features for LVCSR of meetings; Hermansky,
    Ellis and Sharma (2000), Tandem connectionist feature extraction for conventional HMM systems.
    """

    def __init__(
        self,
        source: str = "",
        outputs: Literal["bottleneck", "posteriors", "discriminants"] = BOTTLENECK,
        append: bool = False,
        dims: int = 30,
        acoustic: GmmHmm | None = None,
    ) -> None:
        self.source = source
        self.outputs = outputs
        self.append = append
        self.dims = dims
        self.acoustic = acoustic

    def check_settings(self) -> None:
        """Raises ValueError without a source, or for dimensions out of range."""
        check_ranges(self, dims=at_least(1))
        check_source(self, self.source)

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def _two_passes(
        self,
        settings: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None,
    ) -> GmmHmm:
        self.check_settings()
        hybrid = read_hybrid(self.source)
        self.classifier_, self.phones_ = hybrid.classifier_, hybrid.states_
        first = AdaptedGmmHmm(self.source).fit(frames, transcripts, lexicon).model_
        learned = self._learned(frames)
        joined = np.concatenate(learned)
        self.pca_ = PCA(min(self.dims, *joined.shape), svd_solver="full").fit(joined)
        features = [self._features(*pair) for pair in zip(frames, learned, strict=True)]
        units = first.spellings_, first.states_
        second = clone(settings).set_params(rounds=1)  # the alignment is not one of a flat start
        start = AlignedBy(first, frames)
        return second.fit(features, transcripts, lexicon, n_originals, start, units)

    def _project(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [self._features(*pair) for pair in zip(frames, self._learned(frames), strict=True)]

    def _features(self, frames: np.ndarray, learned: np.ndarray) -> np.ndarray:
        """Frames (frames, dims) and what the perceptron makes of them -> features, float32 (frames, dims)."""
        decorrelated = self.pca_.transform(learned).astype(np.float32)
        return np.concatenate([frames, decorrelated], axis=1) if self.append else decorrelated

    def _learned(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Clips (frames, dims) -> what the perceptron makes of each, (frames, its own dims)."""
        learned: list[np.ndarray] = []
        for rows in chunks([len(clip) for clip in frames], MOST_FRAMES):
            spliced, counts = concatenate(self.classifier_.splice(frames[rows]))
            learned += split(self._outputs(spliced), counts)
        return learned

    def _outputs(self, spliced: np.ndarray) -> np.ndarray:
        """Spliced frames (frames, spliced dims) -> the same of each frame."""
        if self.outputs == BOTTLENECK:
            return self.classifier_.narrow_layer(spliced)
        if self.outputs == DISCRIMINANTS:
            first = slice(self.dims)  # of all, which vary alike, PCA would take any
            return self.classifier_.discriminants(spliced)[:, first]
        posteriors = self.classifier_.spliced_posteriors(spliced)
        return np.log(np.stack([posteriors[:, own].sum(axis=1) for own in self.phones_.values()], axis=1))


def read_hybrid(file: str) -> HybridHmm:
    """File of a trained recogniser -> its HybridHmm with a bottleneck; ValueError without one."""
    model = read_acoustic_model(file)
    if not isinstance(model, HybridHmm) or not getattr(model.classifier_, "bottleneck", None):
        raise ValueError(
            f"LearnedFeatureGmmHmm expected a HybridHmm whose classifier has a bottleneck, got "
            f"{type(model).__name__} in {file}; train mfcc-phone-mlp-hmm."
        )
    return model
