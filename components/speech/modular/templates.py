"""Frames -> whole transcripts, by the nearest training clips when time may stretch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from components.ranges import at_least, check_ranges
from components.speech.acoustic.flat_start import spread_states
from components.speech.modular.dtw import warped_distances
from components.speech.modular.word_svm import check_repeats

BANDS, NEAREST = (0.2, 0.1), (2, 1, 3, 5)  # the usual ones first
LEAST_CLIPS, MOST_ASKED = 40, 100  # to choose by: fewer tell nothing, more tell nothing new


class WordTemplates(ClassifierMixin, BaseEstimator):
    """Frames (frames, dims) -> transcripts, each a whole transcript seen in training.

    The answer is the transcript whose `nearest` templates are nearest on average (Rabiner et al., 1979), by
    dynamic time warping within `band` (Sakoe and Chiba, 1978) of the loud part of each clip. None: band and
    nearest are chosen by leaving each training clip out. most_templates: to compare with, drawn by `seed` in
    equal shares of the transcripts if there are more. level: the dimension that tells loud from soft.

    Learned: `templates_`, frames each, and `texts_`; `classes_`; `band_` and `nearest_`.
    Raises ValueError if transcripts are connected speech that never repeats.
    """

    def __init__(
        self,
        band: float | None = None,
        nearest: int | None = None,
        most_templates: int = 500,
        level: int = 0,
        seed: int = 0,
    ) -> None:
        self.band = band
        self.nearest = nearest
        self.most_templates = most_templates
        self.level = level
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a band or counts out of range, or a negative seed."""
        check_ranges(
            self,
            **dict.fromkeys(("band", "level", "seed"), at_least(0)),
            **dict.fromkeys(("nearest", "most_templates"), at_least(1)),
        )

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str]) -> WordTemplates:
        """frames: (frames, dims) each. texts: what was said in each."""
        texts = [str(text) for text in texts]
        check_repeats(self, texts)
        kept = self._kept(texts)
        self.templates_ = [self._loud_part(frames[row]) for row in kept]
        self.texts_ = np.array([texts[row] for row in kept])
        self.classes_ = np.array(sorted(set(texts)))
        self.band_, self.nearest_ = self._chosen()
        return self

    def predict(self, frames: Sequence[np.ndarray]) -> list[str]:
        """(frames, dims) each -> one transcript each, in order."""
        loud = [self._loud_part(rows) for rows in frames]
        return [self._answer(warped_distances(rows, self.templates_, self.band_)) for rows in loud]

    def _answer(self, distances: np.ndarray) -> str:
        return str(self.classes_[self._word_distances(distances, self.nearest_).argmin()])

    def _word_distances(self, distances: np.ndarray, nearest: int) -> np.ndarray:
        """Distances of templates -> of transcripts (classes,), means of the nearest; inf without template."""
        usable = np.isfinite(distances)
        own = [np.sort(distances[usable & (self.texts_ == word)])[:nearest] for word in self.classes_]
        return np.array([each.mean() if len(each) else np.inf for each in own])

    def _kept(self, texts: Sequence[str]) -> np.ndarray:
        """Rows of the clips to compare with, sorted; as many of each transcript as there is room for."""
        chance = np.random.default_rng(self.seed)
        room = max(1, self.most_templates // len(set(texts)))
        rows = chance.permutation(len(texts))
        by_word = {word: [row for row in rows if texts[row] == word][:room] for word in sorted(set(texts))}
        return np.sort(np.concatenate(list(by_word.values())))

    def _loud_part(self, frames: np.ndarray) -> np.ndarray:
        return frames[spread_states(frames[:, self.level], np.array([1]), 0) == 1]

    def _chosen(self) -> tuple[float, int]:
        """Band and nearest, given or with the fewest errors when each template in turn is left out."""
        bands = BANDS if self.band is None else (self.band,)
        counts = NEAREST if self.nearest is None else (self.nearest,)
        if len(self.templates_) < LEAST_CLIPS or len(bands) * len(counts) == 1:
            return bands[0], counts[0]
        rows = np.random.default_rng(self.seed).permutation(len(self.templates_))[:MOST_ASKED]
        errors = {}
        for band in bands:
            left_out = [self._left_out(row, band) for row in rows]
            errors |= {(band, count): self._errors(rows, left_out, count) for count in counts}
        return min(errors, key=errors.get)

    def _errors(self, rows: np.ndarray, left_out: Sequence[np.ndarray], nearest: int) -> int:
        found = [self.classes_[self._word_distances(each, nearest).argmin()] for each in left_out]
        return int((np.array(found) != self.texts_[rows]).sum())

    def _left_out(self, row: int, band: float) -> np.ndarray:
        """The distances of a template to the templates, infinite to itself."""
        distances = warped_distances(self.templates_[row], self.templates_, band)
        distances[row] = np.inf
        return distances
