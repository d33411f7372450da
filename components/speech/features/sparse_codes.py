"""Frames -> sparse codes of the patches around them, by a dictionary that is learned without texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA

from components.mapped import keep
from components.ranges import at_least, check_ranges
from components.speech.features.splice import Splice
from components.speech.ragged import in_chunks, map_blocks, rows_of

MOST_PATCHES = 40_000  # that whitening and dictionary are learned from
MOST_FRAMES = 1 << 14  # spliced at once: 29 MB of 440 float32 each
LOUDNESS = 0.1  # added to the variance of a patch, so that silence stays quiet
VARIANCE = 0.95  # share of the patches' that is kept
FLOOR = (
    0.1  # of the largest variance, added to each when it is divided by: noise is not made as loud as sound
)
ROUNDS = 20  # of k-means
TINY = 1e-6


class SparseCodes(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> sparse codes, float32 (frames, 2 * atoms), of the patches around them.

    A patch is a frame with its neighbours. It is normalised to mean 0 and deviation 1, whichever its
    loudness, and whitened as far as it is no noise. The atoms of the dictionary are the directions, either
    way, around which patches lie, by k-means. The code is by how much more than `threshold` a patch extends
    along each atom, then against each; 0 elsewhere.

    Parameters
    ----------
    atoms : of the dictionary; as many as patches where these are fewer.
    context : frames of a patch to each side of the middle one.
    threshold : in deviations of whitened patches.
    seed : draws the patches to learn from where there are more than MOST_PATCHES, and the first atoms.

    Attributes
    ----------
    weights_, offset_ : of a normalised patch (dims of a patch,), its extent along the atoms is
        patch @ weights_ - offset_.

    Sources: Raina et al. (2007), Self-taught learning: transfer learning from unlabeled data; Coates and Ng
    (2011), The importance of encoding versus training with sparse coding and vector quantization.
    """

    learns_from_unlabelled = True

    def __init__(self, atoms: int = 128, context: int = 5, threshold: float = 1.0, seed: int = 0) -> None:
        self.atoms = atoms
        self.context = context
        self.threshold = threshold
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for numbers out of range."""
        check_ranges(self, atoms=at_least(1), context=at_least(0), threshold=at_least(0), seed=at_least(0))

    def fit(
        self,
        frames: Sequence[np.ndarray],
        texts: Sequence[str] | None = None,
        unlabelled: Sequence[np.ndarray] = (),
    ) -> SparseCodes:
        """Learns whitening and dictionary of all frames (frames, dims). unlabelled: of further clips.

        Raises ValueError without any frames.
        """
        every, rng = [*frames, *unlabelled], np.random.default_rng(self.seed)
        if not (count := sum(map(len, every))):
            raise ValueError(
                "SparseCodes cannot learn from no frames: expected at least one, got 0; give it clips."
            )
        drawn = np.sort(rng.permutation(count)[:MOST_PATCHES])
        patches = normalised(rows_of(every, self._splice().transform, drawn, MOST_FRAMES))
        mean, whitening = _whitening(patches)
        atoms = _directions((patches - mean) @ whitening, self.atoms, rng)
        self.weights_ = (whitening @ atoms.T).astype(np.float32)
        self.offset_ = mean @ self.weights_
        return self

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> (frames, 2 * atoms) each, in order."""
        return keep(self._codes(some) for some in in_chunks(frames, MOST_FRAMES))

    def _codes(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return map_blocks(self._splice().transform(frames), self._block_codes)

    def _block_codes(self, patches: np.ndarray) -> np.ndarray:
        extents = normalised(patches) @ self.weights_ - self.offset_
        both = np.concatenate([extents, -extents], axis=1)
        return np.maximum(both - np.float32(self.threshold), 0)

    def _splice(self) -> Splice:
        return Splice(self.context, self.context)


def normalised(patches: np.ndarray) -> np.ndarray:
    """Patches (patches, dims) -> the same with mean 0 and, where there is sound, a deviation of about 1."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    return centred / np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + np.float32(LOUDNESS))


def _whitening(patches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Patches (patches, dims) -> their mean (dims,), and weights (dims, fewer dims) that whiten them."""
    if len(patches) < 2:
        return patches[0], np.eye(patches.shape[1], dtype=np.float32)
    pca = PCA(VARIANCE, svd_solver="covariance_eigh").fit(patches)
    variances = pca.explained_variance_
    floored = variances + max(FLOOR * variances.max(), TINY)
    scales = np.sqrt(floored * max(np.mean(variances / floored), TINY))
    return pca.mean_, (pca.components_ / scales[:, None]).T


def _directions(rows: np.ndarray, atoms: int, rng: np.random.Generator) -> np.ndarray:
    """Rows (rows, dims) -> directions (atoms, dims) of length 1, each the mean of the rows nearest to it.

    Rows count by their length, and either way: spherical k-means, also called gain-shape quantisation.
    """
    directions = _unit(rows[rng.permutation(len(rows))[:atoms]])
    for _ in range(ROUNDS):
        totals = np.zeros_like(directions)
        for first in range(0, len(rows), MOST_FRAMES):
            some = rows[first : first + MOST_FRAMES]
            extents = some @ directions.T
            nearest = np.abs(extents).argmax(axis=1)
            np.add.at(totals, nearest, some * extents[np.arange(len(some)), nearest][:, None])
        directions = _unit(directions + totals)
    return directions


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), TINY)
