"""Transfer learning: a recogniser whose network starts from one that was trained on another corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from sklearn.base import BaseEstimator, clone

from components.contract import Clip
from components.neural.choose_start import ChooseStart
from components.neural.model.network import is_within
from components.neural.recogniser import CtcRecogniser
from components.neural.start_from_source import LAST_LAYER, LAST_THEN_ALL, OLD_HEAD, SIZE, StartFromSource
from components.neural.wrapper import CtcWrapper
from components.ranges import above, at_least, check_ranges
from components.study.saving import check_source, files_of, load

AUTO = "auto"


class FineTuned(CtcWrapper, BaseEstimator):
    """Clips -> texts, by a network that was trained on another corpus and is trained on.

    Parameters
    ----------
    recogniser : its settings for this training (None: the usual ones); the size of the network is that of the
        source's.
    source : file of the trained recogniser to start from, recogniser.skops: see study.saving.
    method : "last-layer": a new last layer, and nothing else is trained. "all-layers": a new last layer, and
        all layers are trained. "last-then-all": the new last layer alone, then all (LP-FT). "old-head": all
        layers, and the last one keeps what it knows of the tokens that both have. "first-layers": the first
        `kept_layers` of the encoder are kept as they are, all others are made anew. "auto": from scratch,
        the last layer alone, or all layers, as far as dev clips say, see ChooseStart.
    kept_layers : see there; the layers below the encoder's numbered ones are always among those kept.
    rate_share : learning rate of the layers that were trained before, as a share of that of new ones.

    Attributes
    ----------
    recogniser_ : the trained recogniser.
    taken_ : number of weight tensors taken from the source. left_out_ : {name: why} of those that were not.
    trained_numbers_ : how many numbers this training changed.
    choices_ : the start that "auto" chose on dev clips, and against what; empty for other methods.

    Sources: Kumar et al. (2022), Fine-tuning can distort pretrained features (last layer, then all); Yosinski
    et al. (2014), How transferable are features in deep neural networks? (the first layers).
    """

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        source: str = "",
        method: Literal[
            "auto", "last-layer", "last-then-all", "all-layers", "old-head", "first-layers"
        ] = LAST_THEN_ALL,
        kept_layers: int = 2,
        rate_share: float = 0.25,
    ) -> None:
        self.recogniser = recogniser
        self.source = source
        self.method = method
        self.kept_layers = kept_layers
        self.rate_share = rate_share

    def check_settings(self) -> None:
        """Raises ValueError without a source, for a method that there is none of, or a share out of range."""
        check_ranges(self, kept_layers=at_least(0), rate_share=above(0))
        check_source(self, self.source)
        (self.recogniser or CtcRecogniser()).check_settings()

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> FineTuned:
        """Clips and their texts -> a recogniser that starts from the source's weights.

        Raises ValueError for a source that cannot be read, is no such network or heard another sample rate,
        and what CtcRecogniser.fit raises.
        """
        self.check_settings()
        source = read_network(self.source)
        if len(clips) and clips[0].rate != source.rate_:
            raise ValueError(
                f"FineTuned expected clips at its source's {source.rate_} Hz, got {clips[0].rate} Hz; "
                "resample one of the two."
            )
        size = {name: getattr(source, name) for name in SIZE} | {"channels": source.channels_, "grows": False}
        recogniser = clone(self.recogniser or CtcRecogniser()).set_params(**size)
        start = self._start(source)
        self.recogniser_ = recogniser.fit(clips, texts, start)
        self.choices_ = [start.choice] if isinstance(start, ChooseStart) else []
        self.taken_, self.left_out_ = start.taken, start.left_out
        self.trained_numbers_ = start.trained_numbers
        return self

    def source_before_and_after(self) -> list[CtcRecogniser]:
        """The source as it was, and with today's layers below its own last one; [] from scratch."""
        if not self.taken_:
            return []
        before, after = read_network(self.source), read_network(self.source)
        now = self.recogniser_.weights_
        after.weights_ = {
            name: weight if is_within(name, "heads") else now[name]
            for name, weight in before.weights_.items()
        }
        return [before, after]

    def _start(self, source: CtcRecogniser) -> StartFromSource | ChooseStart:
        """How the network of this training starts."""
        known = {"tokens": source.alphabet_, "units": source.tokenizer_.units}
        if self.method == AUTO:
            return ChooseStart(StartFromSource(source.weights_, LAST_LAYER, **known))
        known = known if self.method == OLD_HEAD else {}
        return StartFromSource(source.weights_, self.method, self.kept_layers, self.rate_share, **known)


def read_network(file: str) -> CtcRecogniser:
    """File of a trained recogniser -> the CtcRecogniser in it; ValueError where there is none."""
    recogniser = load(Path(file).parent)
    recogniser = getattr(recogniser, "recogniser_", recogniser)
    if not isinstance(recogniser, CtcRecogniser):
        raise ValueError(
            f"FineTuned expected a network to start from, got {type(recogniser).__name__} in {file}; "
            "train one, such as mel-ctc."
        )
    return recogniser
