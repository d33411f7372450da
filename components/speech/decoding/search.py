"""Search graph and state scores of one utterance -> its words, their frames and the best path."""

from __future__ import annotations

from dataclasses import dataclass

import kaldifst
import numpy as np
from kaldi_decoder import DecodableCtc, FasterDecoder, FasterDecoderOptions

from components.speech.decoding.fst import write_fst
from components.speech.decoding.token_passing import TokenPassing

WIDER = 4  # factor by which the beam grows where no path reaches an end
MAX_ACTIVE = 7000  # tokens kept per frame: with any scores a search takes about 7 ms for each
MIN_ACTIVE = 20  # tokens kept per frame whatever the beam, as in Kaldi
WORD_END, GAP_END, FRAME = 1, 2, 3  # kinds of output labels
Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Path:
    """The best path through a search graph.

    Attributes
    ----------
    words : on the path.
    word_frames : (first, last + 1) frame of each word.
    states : int (frames,), the column of each frame; empty if no path survived.
    cost : minus the weighted log probability; inf if no path survived.
    reached_final : whether the path ends in a final state.
    """

    words: list[str]
    word_frames: list[Span]
    states: np.ndarray
    cost: float
    reached_final: bool


@dataclass(frozen=True, eq=False)
class Graph:
    """A search graph: reads column + 1, writes words and marks of where words and gaps end.

    fst: the transducer. words: the word of each output label (index 0 is epsilon). columns: how many columns
    the score matrix must have. blank: a column that belongs to no word (CTC), or None.
    An output label is word + kind * len(words), word 0 for none: kind 1 ends a word there, kind 2 ends a
    gap, kind 3 reads a frame. Every arc with an input has an output, because the decoder joins an arc without
    output with a neighbour without input, which would move the end of a word.
    tokens: a search of the same arcs that keeps all paths near the best.
    Graphs hold a kaldifst object, which cannot be pickled: keep what they were built from, and build again.
    """

    fst: kaldifst.StdConstFst
    words: tuple[str, ...]
    columns: int
    tokens: TokenPassing
    blank: int | None = None

    def decode(
        self,
        log_likelihoods: np.ndarray,
        beam: float = 16.0,
        acoustic_scale: float = 1.0,
        max_active: int = MAX_ACTIVE,
    ) -> Path:
        """Scores float32 (frames, columns) -> the best path.

        beam: most by which the cost of a partial path may exceed the best, after scaling. acoustic_scale:
        weight of the scores against the costs of the graph. max_active: partial paths kept per frame.
        If no path reaches an end the search is repeated twice, each time with a four times wider beam; if
        that fails too the words are empty and reached_final is False, as they are for no frames.
        Raises ValueError for another shape, scores that are nan or plus infinity, or settings out of range.
        """
        if not (beam > 0 and max_active > MIN_ACTIVE):
            raise ValueError(
                f"Graph.decode expected beam > 0 and max_active > {MIN_ACTIVE}, got {beam} and {max_active}; "
                "beam=16 and max_active=7000 suit most graphs."
            )
        scores = self._checked(log_likelihoods)
        if len(scores):
            scaled = DecodableCtc(np.ascontiguousarray(scores * np.float32(acoustic_scale)))
            for width in (1, WIDER, WIDER**2):
                options = FasterDecoderOptions(beam * width, max_active, MIN_ACTIVE)
                decoder = FasterDecoder(self.fst, options)
                decoder.decode(scaled)
                if decoder.reached_final():
                    return self._path(decoder.get_best_path()[1])
        return Path([], [], np.zeros(0, dtype=int), float("inf"), False)

    def most_tokens(self, frames: int, max_active: int) -> int:
        """Frames of an utterance and max_active of decode -> the most tokens, whatever the scores."""
        return frames * min(self.fst.num_states, max_active)

    def _checked(self, log_likelihoods: np.ndarray) -> np.ndarray:
        scores = np.asarray(log_likelihoods, dtype=np.float32)
        if scores.ndim != 2 or scores.shape[1] < self.columns:
            raise ValueError(
                f"Graph.decode expected scores of shape (frames, {self.columns} or more), got "
                f"{scores.shape}; score with the states this graph was built for."
            )
        if np.isnan(scores).any() or np.isposinf(scores).any():
            raise ValueError(
                "Graph.decode expected log likelihoods below infinity, got nan or inf; "
                "look at the features and the scorer of this utterance."
            )
        return scores

    def _path(self, best: kaldifst.Lattice) -> Path:
        """Linear lattice of the decoder -> Path."""
        states, marks, cost = [], [], 0.0
        for line in best.to_str(
            show_weight_one=True
        ).splitlines():  # kaldifst gives no other access to its arcs
            *arc, weight = line.split()
            cost += sum(map(float, weight.split(",")))
            if len(arc) == 4:
                states += [int(arc[2]) - 1] if arc[2] != "0" else []
                marks.append((len(states), int(arc[3])))
        columns = np.array(states, dtype=int)
        words, frames = self._words(marks, columns)
        return Path(words, frames, columns, cost, True)

    def _words(self, marks: list[Span], columns: np.ndarray) -> tuple[list[str], list[Span]]:
        """Marks (frame, output label) -> words, and frames of each from the end of the word or gap before."""
        words, frames, begin = [], [], 0
        for frame, label in marks:
            kind, word = divmod(label, len(self.words))
            if word:
                words.append(self.words[word])
            if kind == WORD_END:
                frames.append(self._without_blanks(begin, frame, columns))
            if kind in (WORD_END, GAP_END):
                begin = frame
        return words, frames

    def _without_blanks(self, begin: int, end: int, columns: np.ndarray) -> tuple[int, int]:
        if self.blank is None:
            return begin, end
        labelled = begin + np.flatnonzero(columns[begin:end] != self.blank)
        return int(labelled[0]), int(labelled[-1]) + 1


def search_graph(
    arcs: np.ndarray,
    weights: np.ndarray,
    finals: np.ndarray,
    words: tuple[str, ...],
    columns: int,
    blank: int | None = None,
) -> Graph:
    """Arcs, weights and finals as of fst.write_fst, with marks as output labels -> a search graph.

    words, columns, blank: as of Graph.
    """
    arcs = arcs.copy()
    arcs[arcs[:, 2] > 0, 3] += FRAME * len(words)
    fst = kaldifst.StdConstFst(write_fst(arcs, weights, finals))
    return Graph(fst, words, columns, TokenPassing.from_arcs(arcs, weights, finals), blank)
