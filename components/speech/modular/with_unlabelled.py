"""A recogniser of stages and a last step that learns from frames of clips without texts as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from components.clip_checks import check_clips
from components.contract import Clip, Stage
from components.parts import copies_parameter, stateless_stages


class WithUnlabelled(BaseEstimator):
    """Clips -> transcripts, by a Pipeline whose last step is given what its stages make of unlabelled clips.

    recogniser: the Pipeline; its stages learn from the labelled clips alone, its last step is one of
    LearnsFromUnlabelled, or gives them to one. Learned: `recogniser_`, the trained Pipeline.
    """

    learns_from_copies = True
    learns_from_unlabelled = True

    def __init__(self, recogniser: Pipeline | None = None) -> None:
        self.recogniser = recogniser

    def check_settings(self) -> None:
        """Raises ValueError without a Pipeline."""
        if not isinstance(self.recogniser, Pipeline):
            raise ValueError(
                f"WithUnlabelled expected a Pipeline to train, got {type(self.recogniser).__name__}; give it "
                "one: WithUnlabelled(mfcc_gmm_hmm())."
            )

    def fit(
        self,
        clips: Sequence[Clip],
        texts: Sequence[str],
        n_originals: int | None = None,
        unlabelled: Sequence[Clip] = (),
    ) -> WithUnlabelled:
        """Clips and their texts, and clips without -> a trained recogniser.

        n_originals: number of clips, the first ones, that are no altered copies (None: all).
        Raises ValueError for a clip that is empty or not finite, and what the recogniser raises.
        """
        self.check_settings()
        check_clips(self, [*clips, *unlabelled])
        recogniser = clone(self.recogniser)
        frames = clone(recogniser[:-1]).fit(clips, texts).transform(unlabelled) if len(unlabelled) else []
        given = {f"{recogniser.steps[-1][0]}__unlabelled": frames}
        self.recogniser_ = recogniser.fit(clips, texts, **given, **copies_parameter(recogniser, n_originals))
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one transcript each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def stateless_stages(self) -> list[Stage | Any]:
        """The recogniser's stages whose output can be shared."""
        return stateless_stages(self.recogniser)
