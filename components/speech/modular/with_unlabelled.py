"""A recogniser of stages and a last step, of which one learns from clips without texts as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from components.clip_checks import check_clips
from components.contract import Clip, Stage
from components.parts import copies_parameter, learns_from_unlabelled, stateless_stages


class WithUnlabelled(BaseEstimator):
    """Clips -> transcripts, by a Pipeline with a step that is given unlabelled clips as well.

    What it is given is what the steps before make of them. It is the first stage of frames that is one of
    LearnsFromUnlabelled, else the last step, which is one, or gives them to one; the steps before it learn
    from the labelled clips alone.

    Parameters
    ----------
    recogniser : the Pipeline.
    takes_unlabelled : False learns from the labelled clips alone, to compare with.

    Attributes
    ----------
    recogniser_ : the trained Pipeline.
    """

    learns_from_copies = True
    learns_from_unlabelled = True

    def __init__(self, recogniser: Pipeline | None = None, takes_unlabelled: bool = True) -> None:
        self.recogniser = recogniser
        self.takes_unlabelled = takes_unlabelled

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
        unlabelled = unlabelled if self.takes_unlabelled else ()
        check_clips(self, [*clips, *unlabelled])
        recogniser = clone(self.recogniser)
        place = _learner(recogniser)
        frames = clone(recogniser[:place]).fit(clips, texts).transform(unlabelled) if len(unlabelled) else []
        given = {f"{recogniser.steps[place][0]}__unlabelled": frames}
        self.recogniser_ = recogniser.fit(clips, texts, **given, **copies_parameter(recogniser, n_originals))
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one transcript each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def stateless_stages(self) -> list[Stage | Any]:
        """The recogniser's stages whose output can be shared."""
        return stateless_stages(self.recogniser)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({"takes_unlabelled": True, **state})  # not there before


def _learner(recogniser: Pipeline) -> int:
    """A Pipeline -> the place of the step that is given unlabelled clips."""
    last = len(recogniser.steps) - 1
    return next((row for row in range(1, last) if learns_from_unlabelled(recogniser[row])), last)
