"""One network for two corpora with labels of their own: a shared encoder, a head for each corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sklearn.base import BaseEstimator, clone

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.corpus_head import CorpusHead
from components.neural.wrapper import CtcWrapper
from components.ranges import above, check_ranges

SHARED, APART = "shared", "apart"


class TwoHeads(CtcWrapper, BaseEstimator):
    """Clips -> texts, by a network that learns a source, another corpus, at the same time.

    The encoder is shared; each corpus has a head for its own labels, see CorpusHead. Batches mix both; the
    loss is the weighted sum of the mean over the clips of each corpus, however many there are of the other.
    Steps are those for all the speech of both.
    Source: Caruana (1997), Multitask learning; Heigold et al. (2013), Multilingual acoustic models using
    distributed deep neural networks (a head for each corpus).

    Parameters
    ----------
    recogniser : settings of the network and of its training (None: the usual ones).
    norms : "shared", or "apart": each corpus has batch norms of its own, statistics, scales and shifts.
    source_weight : of the loss of the source; that of the other corpus is 1.

    Attributes
    ----------
    recogniser_ : the trained network, without the source's head.
    """

    learns_from_source = True

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        norms: Literal["shared", "apart"] = SHARED,
        source_weight: float = 1.0,
    ) -> None:
        self.recogniser = recogniser
        self.norms = norms
        self.source_weight = source_weight

    def check_settings(self) -> None:
        """Raises ValueError for a weight out of range, and what the recogniser raises."""
        (self.recogniser or CtcRecogniser()).check_settings()
        check_ranges(self, source_weight=above(0))

    def fit(
        self,
        clips: Sequence[Clip],
        texts: Sequence[str],
        source: tuple[Sequence[Clip], Sequence[str]] | None = None,
    ) -> TwoHeads:
        """Clips, their texts, and those of the source -> a trained recogniser; as CtcRecogniser.fit.

        source: clips at the same sample rate, and their texts; without any it is the recogniser alone.
        """
        self.check_settings()
        head = None
        if source is not None and len(source[0]) and len(clips):
            check_clips(self, source[0], rate=clips[0].rate)
            head = CorpusHead(*source, self.norms == APART, self.source_weight)
        self.recogniser_ = clone(self.recogniser or CtcRecogniser()).fit(clips, texts, addition=head)
        return self
