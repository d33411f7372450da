"""Domain adaptation: a recogniser whose network learns from clips and from those of a source at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from sklearn.base import BaseEstimator, clone

from components.contract import Clip
from components.neural.check_settings import check_training_data
from components.neural.domains.beside import ClipsBeside
from components.neural.domains.heads import CoralHead, ReversalHead
from components.neural.recogniser import CtcRecogniser
from components.ranges import at_least, between, check_ranges
from components.speech.alike import RANDOM, choose_alike

MIXED, REVERSAL, CORAL = "mixed", "reversal", "coral"
HEADS = {REVERSAL: ReversalHead, CORAL: CoralHead}
TEST = "test"  # part of a corpus


class DomainAdapted(BaseEstimator):
    """Clips -> texts, by one network that is trained on clips and on those of a source at once.

    Half of every batch is of either. Dev clips, the words that are searched for and the language model are
    those of the clips, without their texts those of the source.

    Parameters
    ----------
    recogniser : settings of the network and of its training (None: the usual ones).
    source : file of a prepared corpus, corpus.json; its test part is left out.
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

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        source: str = "",
        method: Literal["mixed", "reversal", "coral"] = MIXED,
        strength: float = 0.1,
        learns_texts: bool = True,
        source_share: float = 1.0,
        selection: Literal["random", "likelihood-ratio", "domain-classifier"] = RANDOM,
    ) -> None:
        self.recogniser = recogniser
        self.source = source
        self.method = method
        self.strength = strength
        self.learns_texts = learns_texts
        self.source_share = source_share
        self.selection = selection

    def check_settings(self) -> None:
        """Raises ValueError without a source, or for a strength or share out of range."""
        check_ranges(self, strength=at_least(0), source_share=between(0, 1))
        _check_corpus(self.source)
        (self.recogniser or CtcRecogniser()).check_settings()

    def depends_on(self) -> Sequence[Path]:
        """The table of the source, which has a digest of each of its clips."""
        return [Path(self.source)] if self.source else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> DomainAdapted:
        """Clips and their texts -> a trained recogniser.

        Raises ValueError for a source at another sample rate, and what CtcRecogniser.fit raises.
        """
        self.check_settings()
        check_training_data(clips, texts)
        source = self._source_part(clips)
        self.source_clips_ = len(source[0])
        recogniser = clone(self.recogniser or CtcRecogniser())
        head = HEADS.get(self.method) and partial(HEADS[self.method], strength=self.strength)
        if self.learns_texts:
            beside = ClipsBeside(recogniser, *source, head)
            self.recogniser_ = recogniser.fit(clips, texts, beside.start, beside)
        elif head is None:
            self.recogniser_ = recogniser.fit(*source)
        else:
            beside = ClipsBeside(recogniser, clips, head=head)
            self.recogniser_ = recogniser.fit(*source, beside.start, beside)
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one text each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    @property
    def augmented_passes(self) -> float:
        """How often it was trained on each clip of either, augmented, on average."""
        return self.recogniser_.augmented_passes

    @property
    def history_(self) -> list[dict]:
        """Notes of the training, as CtcRecogniser's."""
        return self.recogniser_.history_

    def _source_part(self, clips: Sequence[Clip]) -> tuple[list[Clip], list[str]]:
        """Clips -> clips and texts of the part of the source that is learned from."""
        from components.speech.corpus.corpus import open_corpus  # knows every reader: slow to import

        corpus = open_corpus(Path(self.source).parent, "source")
        if len(clips) and clips[0].rate != corpus.rate:
            raise ValueError(
                f"DomainAdapted expected clips at its source's {corpus.rate} Hz, got {clips[0].rate} Hz; "
                "resample one of the two."
            )
        rows = [row for row, part in enumerate(corpus.parts) if part != TEST]
        source, seed = [corpus.clips[row] for row in rows], (self.recogniser or CtcRecogniser()).seed
        chosen = choose_alike(source, clips, self.source_share, self.selection, seed)
        return [source[i] for i in chosen], [corpus.texts[rows[i]] for i in chosen]


def _check_corpus(path: str) -> None:
    if not path or not Path(path).is_file():
        raise ValueError(
            f"DomainAdapted expected a source, the file corpus.json of a prepared corpus, got "
            f"{path or 'none'}; give a study --source CORPUS."
        )
