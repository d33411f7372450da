"""A network's output for a clip -> text, words with their rows, votes, and an n-best list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from components.contract import Clip
from components.neural.decoding.graph_decoder import GraphDecoder
from components.neural.decoding.prefix_beam import PrefixBeamDecoder
from components.neural.decoding.word_times import WordSpan, align_words, greedy_words, hypothesis_votes
from components.neural.inference import NetworkOutput
from components.neural.model.network import Network
from components.neural.packing import RaggedFeatures
from components.neural.tokenizer import Tokenizer
from components.speech.decoding.confidence import Votes, sentence_votes
from components.speech.decoding.greedy import collapse
from components.speech.decoding.n_best import NBest, Sentence
from components.speech.ragged import in_chunks

RESCORED = 20  # sentences
SAMPLES_AT_ONCE = 1 << 26  # an hour at 16 kHz


@dataclass(frozen=True, eq=False)
class Decoder:
    """Decodes greedily (search None), or by a search through CTC's tokens.

    Where the network has a head that decodes label by label, greedy decoding takes its hypothesis, and the
    n-best list of a search is rescored: the head's log-probability counts as much as CTC's.
    Source: Sainath et al. (2019), Two-pass end-to-end speech recognition.
    """

    network: Network
    tokenizer: Tokenizer
    search: GraphDecoder | PrefixBeamDecoder | None

    def text(self, output: NetworkOutput) -> str:
        """The transcript."""
        if self.search is None and output.hypothesis is None:
            return self.tokenizer.decode(collapse(output.log_probs.argmax(1)))
        if self.search is None:
            return self.tokenizer.decode(output.hypothesis.tokens)
        if output.hypothesis is None:
            return self.search.text(output.log_probs)
        return self._rescored(output)[0].text

    def words(self, output: NetworkOutput) -> list[WordSpan]:
        """The transcript's words, and their rows of 20 ms."""
        if output.hypothesis is not None:
            return align_words(output.log_probs, self.tokenizer, self.text(output))
        if self.search is None:
            return greedy_words(output.log_probs, self.tokenizer)[0]
        path = self.search.decode(output.log_probs)
        return [(word, *rows) for word, rows in zip(path.words, path.word_frames, strict=True)]

    def votes(self, output: NetworkOutput) -> Votes:
        """Votes on the transcript's words."""
        if self.search is None and output.hypothesis is not None:
            return hypothesis_votes(output.hypothesis, self.tokenizer)
        if self.search is None:
            return greedy_words(output.log_probs, self.tokenizer)[1]
        if output.hypothesis is None:
            return self.search.votes(output.log_probs)
        return sentence_votes(self._rescored(output), self.search.beams[-1])

    def n_best(self, output: NetworkOutput, n: int) -> list[Sentence]:
        """At most n sentences, the transcript first; none for greedy decoding."""
        if self.search is None:
            return []
        if output.hypothesis is None:
            return self.search.n_best(output.log_probs, n)
        return self._rescored(output)[:n]

    @torch.no_grad()
    def _rescored(self, output: NetworkOutput) -> NBest:
        """The search's likeliest sentences, ordered by the sum of its costs and the decoder head's."""
        sentences = self.search.n_best(output.log_probs, RESCORED, self.search.beams)
        if not sentences[0].words:  # the search failed
            return sentences
        costs = self._costs(output.encoded, [self.tokenizer.encode(row.text) for row in sentences])
        costs = costs / self.search.lm_scale  # as the search scales its own
        pairs = zip(sentences, costs.tolist(), strict=True)
        rescored = [replace(row, cost=row.cost + cost) for row, cost in pairs]
        return NBest(sorted(rescored, key=lambda row: row.cost), sentences.beam)

    def _costs(self, encoded: np.ndarray, token_ids: Sequence[np.ndarray]) -> np.ndarray:
        """Minus the decoder head's log-probability of each of several token sequences of one clip."""
        device = next(self.network.parameters()).device
        rows = torch.from_numpy(encoded).to(device)
        copies = RaggedFeatures.from_list([rows] * len(token_ids))
        packed = copies.batch(np.arange(len(token_ids)), None, padding=0, multiple_of=1)
        return self.network.decoder.losses(packed, token_ids).cpu().numpy()


def decode_all(
    decoders: Mapping[str, Decoder],
    outputs_of: Callable[[Sequence[Clip]], Sequence[NetworkOutput]],
    clips: Sequence[Clip],
) -> dict[str, list[str]]:
    """Decoders by name, what puts out for clips, clips -> name -> a text each.

    The outputs of an hour are held at a time.
    """
    texts: dict[str, list[str]] = {name: [] for name in decoders}
    for some in in_chunks(list(clips), SAMPLES_AT_ONCE):
        outputs = outputs_of(some)
        for name, decoder in decoders.items():
            texts[name] += map(decoder.text, outputs)
    return texts
