"""Frames -> transcripts, by k nearest neighbours under dynamic time warping (DTW)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from components.ranges import at_least, check_ranges
from components.speech.acoustic.flat_start import equal_alignment
from components.speech.modular.dtw import dtw_distances
from components.speech.modular.word_svm import check_repeats

BANDS, NEAREST = (0.2, 0.1), (2, 1, 3, 5)  # tried values, defaults first
LEAST_CLIPS, MOST_LEFT_OUT = 40, 100  # clips to tune on: with fewer it is noise, more change nothing


class DtwClassifier(ClassifierMixin, BaseEstimator):
    """Frames (frames, dims) -> transcripts, each one of the training transcripts.

    A transcript's distance is the mean DTW distance of its nearest templates (Rabiner et al., 1979); only the
    part of a clip that is not silence is compared.

    Parameters
    ----------
    band : as of dtw.dtw_distances (None: chosen by leave-one-out errors on training clips).
    nearest : number of nearest templates of a transcript (None: chosen likewise).
    most_templates : templates kept; if there are more clips, drawn in equal shares of the transcripts.
    level : index of the energy dimension, by which silence is found.
    seed : draws the templates.

    Attributes
    ----------
    templates_, texts_ : frames (frames, dims) and transcript of each template.
    classes_ : the transcripts, sorted.
    band_, nearest_ : as given or chosen.

    Sources: Sakoe and Chiba (1978); Rabiner et al. (1979).
    Raises ValueError if the transcripts are connected speech that never repeats.
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

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str]) -> DtwClassifier:
        """Clips (frames, dims) and their transcripts -> itself, with templates."""
        texts = [str(text) for text in texts]
        check_repeats(self, texts)
        rows = self._draw(texts)
        self.templates_ = [self._speech(frames[row]) for row in rows]
        self.texts_ = np.array([texts[row] for row in rows])
        self.classes_ = np.array(sorted(set(texts)))
        self.band_, self.nearest_ = self._tune()
        return self

    def predict(self, frames: Sequence[np.ndarray]) -> list[str]:
        """(frames, dims) each -> one transcript each, in order."""
        speech = [self._speech(rows) for rows in frames]
        return [self._nearest_text(dtw_distances(rows, self.templates_, self.band_)) for rows in speech]

    def _nearest_text(self, distances: np.ndarray) -> str:
        return str(self.classes_[self._class_distances(distances, self.nearest_).argmin()])

    def _class_distances(self, distances: np.ndarray, nearest: int) -> np.ndarray:
        """Distances (templates,) -> distances (classes,), means of the nearest templates; inf if none."""
        finite = np.isfinite(distances)
        own = [np.sort(distances[finite & (self.texts_ == word)])[:nearest] for word in self.classes_]
        return np.array([each.mean() if len(each) else np.inf for each in own])

    def _draw(self, texts: Sequence[str]) -> np.ndarray:
        """Transcripts -> rows of the templates, sorted; for each transcript an equal share of them."""
        rng = np.random.default_rng(self.seed)
        share = max(1, self.most_templates // len(set(texts)))
        rows = rng.permutation(len(texts))
        by_word = {word: [row for row in rows if texts[row] == word][:share] for word in sorted(set(texts))}
        return np.sort(np.concatenate(list(by_word.values())))

    def _speech(self, frames: np.ndarray) -> np.ndarray:
        return frames[equal_alignment(frames[:, self.level], np.array([1]), 0) == 1]

    def _tune(self) -> tuple[float, int]:
        """Band and nearest as given, or those of the fewest leave-one-out errors."""
        bands = BANDS if self.band is None else (self.band,)
        counts = NEAREST if self.nearest is None else (self.nearest,)
        if len(self.templates_) < LEAST_CLIPS or len(bands) * len(counts) == 1:
            return bands[0], counts[0]
        rows = np.random.default_rng(self.seed).permutation(len(self.templates_))[:MOST_LEFT_OUT]
        errors = {}
        for band in bands:
            left_out = [self._distances_to_others(row, band) for row in rows]
            errors |= {(band, count): self._errors(rows, left_out, count) for count in counts}
        return min(errors, key=errors.get)

    def _errors(self, rows: np.ndarray, left_out: Sequence[np.ndarray], nearest: int) -> int:
        hypotheses = [self.classes_[self._class_distances(each, nearest).argmin()] for each in left_out]
        return int((np.array(hypotheses) != self.texts_[rows]).sum())

    def _distances_to_others(self, row: int, band: float) -> np.ndarray:
        """Row of a template -> distances (templates,), infinite to itself."""
        distances = dtw_distances(self.templates_[row], self.templates_, band)
        distances[row] = np.inf
        return distances
