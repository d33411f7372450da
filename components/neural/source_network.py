"""Nothing labelled: what a network that was trained on another corpus answers by itself."""

from __future__ import annotations

from components.neural.decoding.calibration import default_calibrator
from components.neural.decoding.config import GRAPH
from components.neural.fine_tuned import read_network
from components.neural.recogniser import CtcRecogniser
from components.speech.source_alone import SourceAlone


class SourceNetwork(SourceAlone):
    """Clips -> texts, by a network of another corpus as it is, which may be told what is said here.

    The settings are SourceAlone's.
    """

    def _told(self) -> CtcRecogniser:
        """Raises ValueError for words with a token that no text of the source has."""
        network = read_network(self.source)
        if (model := self._language_model()) is None:
            return network
        tokenizer = network.tokenizer_.with_words(model.vocabulary_)
        if unknown := [word for word in model.vocabulary_ if not tokenizer.encodings(word)]:
            raise ValueError(
                f"SourceNetwork expected a source whose texts have all {tokenizer.units} of what may be "
                f"said, got none with those of {', '.join(unknown[:5])}; take another source, or leave 0 out."
            )
        network.tokenizer_ = tokenizer
        network.search_ = network.search_.with_lm(model, tokenizer)
        network.decoding_, network.confidence_ = GRAPH, default_calibrator(network.search_).fit([], [])
        return network
