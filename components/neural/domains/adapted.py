"""Domain adaptation: a recogniser whose network learns from clips and from those of a source at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from sklearn.base import BaseEstimator, clone

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.check_settings import check_training_data
from components.neural.domains.beside import ClipsBeside
from components.neural.domains.heads import CoralHead, ReversalHead
from components.neural.recogniser import CtcRecogniser
from components.neural.wrapper import CtcWrapper
from components.ranges import above, above_up_to, check_ranges
from components.speech.alike import RANDOM, choose_alike

MIXED, REVERSAL, CORAL = "mixed", "reversal", "coral"
HEADS = {REVERSAL: ReversalHead, CORAL: CoralHead}


class DomainAdapted(CtcWrapper, BaseEstimator):
    """Clips -> texts, by one network that is trained on clips and on those of a source at once.

    Half of every batch is of either. Dev clips, the words that are searched for and the language model are
    those of the clips, without their texts those of the source.

    Parameters
    ----------
    recogniser : settings of the network and of its training (None: the usual ones).
    method : "mixed": nothing but both. "reversal": a head learns to tell the two apart by the encoder's rows,
        and the encoder, by its reversed gradient, to hide it. "coral": the distance of the means and
        covariances of both's rows is a loss.
    strength : of the reversed gradient, or of the distance.
    learns_texts : whether the texts of the clips are learned from; if not, the source's alone are, and the
        clips only show their domain: "mixed" is then the source alone.
    source_share : of the source's clips, that are taken.
    selection : which these are: "random"; "likelihood-ratio", the likeliest under a GMM of the clips against
        one of the source's; "domain-classifier", those that a logistic regression takes for the clips.

    Attributes
    ----------
    recogniser_ : the trained recogniser. source_clips_ : number of the source's clips taken.
    """

    learns_from_source = True

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        method: Literal["mixed", "reversal", "coral"] = MIXED,
        strength: float = 0.1,
        learns_texts: bool = True,
        source_share: float = 1.0,
        selection: Literal["random", "likelihood-ratio", "domain-classifier"] = RANDOM,
    ) -> None:
        self.recogniser = recogniser
        self.method = method
        self.strength = strength
        self.learns_texts = learns_texts
        self.source_share = source_share
        self.selection = selection

    def check_settings(self) -> None:
        """Raises ValueError for a strength or share out of range, and what the recogniser raises."""
        (self.recogniser or CtcRecogniser()).check_settings()
        check_ranges(self, strength=above(0), source_share=above_up_to(0, 1))

    def fit(
        self,
        clips: Sequence[Clip],
        texts: Sequence[str],
        source: tuple[Sequence[Clip], Sequence[str]] | None = None,
    ) -> DomainAdapted:
        """Clips, their texts, and those of the source -> a trained recogniser; as CtcRecogniser.fit.

        source: clips at the same sample rate, and their texts; without any it is the recogniser alone, and
        ValueError where it is not to learn from the texts of the clips.
        """
        self.check_settings()
        check_training_data(clips, texts)
        recogniser = clone(self.recogniser or CtcRecogniser())
        taken = self._taken(clips, *(source or ((), ())))
        self.source_clips_ = len(taken[0])
        head = HEADS.get(self.method) and partial(HEADS[self.method], strength=self.strength)
        learned, beside = ((clips, texts), taken) if self.learns_texts else (taken, (clips, ()))
        if not self.source_clips_ or (head is None and not self.learns_texts):
            self.recogniser_ = recogniser.fit(*learned)
        else:
            addition = ClipsBeside(recogniser, *beside, head)
            self.recogniser_ = recogniser.fit(*learned, addition.start, addition)
        return self

    def _taken(
        self, clips: Sequence[Clip], source: Sequence[Clip], texts: Sequence[str]
    ) -> tuple[list[Clip], list[str]]:
        """Clips, and clips and texts of the source -> those of the source that are learned from."""
        if not len(source) and not self.learns_texts:
            raise ValueError(
                "DomainAdapted expected clips and texts of a source where learns_texts is false, got none; "
                "give a study --source CORPUS."
            )
        check_clips(self, source, rate=clips[0].rate)
        seed = (self.recogniser or CtcRecogniser()).seed
        chosen = choose_alike(source, clips, self.source_share, self.selection, seed)
        return [source[i] for i in chosen], [texts[i] for i in chosen]
