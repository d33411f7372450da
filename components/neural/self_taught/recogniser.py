"""Self-taught learning: a recogniser whose network learned from clips without texts before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sklearn.base import BaseEstimator, clone

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.check_settings import check_training_data
from components.neural.recogniser import CtcRecogniser
from components.neural.self_taught.pretraining import MaskedPrediction
from components.neural.start_from_source import ALL_LAYERS, StartFromSource
from components.neural.wrapper import CtcWrapper
from components.ranges import above, check_ranges


class SelfTaught(CtcWrapper, BaseEstimator):
    """Clips -> texts, by a network that first learned from clips without texts, then from the labelled ones.

    Of the labelled clips the sound is learned from as well, so that the pre-training is the same however many
    of them there are. Source: Raina et al. (2007), Self-taught learning.

    Parameters
    ----------
    recogniser : its settings (None: the usual ones). pretraining: of what it learns before (None: likewise).
    method : "all-layers" are trained on the texts, "last-then-all", or "last-layer" alone, as of FineTuned.
    rate_share : learning rate of the layers that were trained before, as a share of that of new ones.

    Attributes
    ----------
    recogniser_ : the trained recogniser. taken_, left_out_, trained_numbers_: as of FineTuned.
    """

    learns_from_unlabelled = True

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        pretraining: MaskedPrediction | None = None,
        method: Literal["all-layers", "last-then-all", "last-layer"] = ALL_LAYERS,
        rate_share: float = 1.0,
    ) -> None:
        self.recogniser = recogniser
        self.pretraining = pretraining
        self.method = method
        self.rate_share = rate_share

    def check_settings(self) -> None:
        """Raises ValueError for settings of the recogniser or its pre-training out of range."""
        check_ranges(self, rate_share=above(0))
        (self.recogniser or CtcRecogniser()).check_settings()
        (self.pretraining or MaskedPrediction()).check_settings()

    def fit(self, clips: Sequence[Clip], texts: Sequence[str], unlabelled: Sequence[Clip] = ()) -> SelfTaught:
        """Clips and their texts, and clips without -> a trained recogniser. Raises as CtcRecogniser.fit."""
        self.check_settings()
        check_training_data(clips, texts)
        every = [*clips, *unlabelled]
        check_clips(self, every, rate=clips[0].rate)
        recogniser = clone(self.recogniser or CtcRecogniser())
        weights = (self.pretraining or MaskedPrediction()).weights(recogniser, every)
        start = StartFromSource(weights, self.method, rate_share=self.rate_share, learned_texts=False)
        self.recogniser_ = recogniser.fit(clips, texts, start)
        self.taken_, self.left_out_ = start.taken, start.left_out
        self.trained_numbers_ = start.trained_numbers
        return self
