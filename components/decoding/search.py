"""A graph and its search: state scores of one utterance become words, their frames and the path."""

from __future__ import annotations

from dataclasses import dataclass

import kaldifst
import numpy as np
from kaldi_decoder import DecodableCtc, FasterDecoder, FasterDecoderOptions

WIDER = 4.0


@dataclass(frozen=True, eq=False)
class Path:
    """The best way through a graph.

    words: what was said. word_frames: (first, last + 1) frame of each word. states: int (frames,), the
    column used in each frame; empty if no path survived. cost: minus the weighted log probability; inf if
    none survived. reached_final: whether the path ends where the graph lets a sentence end.
    """

    words: list[str]
    word_frames: list[tuple[int, int]]
    states: np.ndarray
    cost: float
    reached_final: bool


@dataclass(frozen=True, eq=False)
class Graph:
    """A search graph: reads column + 1, writes words and marks of where words and gaps end.

    fst: the transducer. words: the word of each output label (index 0 is epsilon). columns: how many columns
    the score matrix must have. blank: a column that belongs to no word (CTC), or None.
    An output label is word + kind * len(words); kind 1 also ends the word there, kind 2 ends a gap.
    Graphs hold a kaldifst object, which cannot be pickled: keep what they were built from, and build again.
    """

    fst: kaldifst.StdConstFst
    words: tuple[str, ...]
    columns: int
    blank: int | None = None

    def decode(
        self,
        log_likelihoods: np.ndarray,
        beam: float = 16.0,
        acoustic_scale: float = 1.0,
        max_active: int = 7000,
    ) -> Path:
        """Scores float32 (frames, columns) become the best path.

        beam: how much worse than the best a partial path may be (after scaling). acoustic_scale: weight of the
        scores against the graph's own costs. max_active: partial paths kept per frame.
        If no path reaches an end the search is repeated twice, each time with a four times wider beam; if that
        fails too the words are empty and reached_final is False, as they are for no frames.
        Raises ValueError for another shape, or scores that are nan or plus infinity.
        """
        scores = self._checked(log_likelihoods)
        if len(scores):
            scaled = DecodableCtc(np.ascontiguousarray(scores * np.float32(acoustic_scale)))
            for width in (beam, beam * WIDER, beam * WIDER**2):
                decoder = FasterDecoder(self.fst, FasterDecoderOptions(beam=width, max_active=max_active))
                decoder.decode(scaled)
                if decoder.reached_final():
                    return self._path(decoder.get_best_path()[1])
        return Path([], [], np.zeros(0, dtype=int), float("inf"), False)

    def _checked(self, log_likelihoods: np.ndarray) -> np.ndarray:
        scores = np.asarray(log_likelihoods, dtype=np.float32)
        if scores.ndim != 2 or scores.shape[1] < self.columns:
            raise ValueError(
                f"Graph.decode wanted scores of shape (frames, {self.columns} or more), got {scores.shape}; "
                "score with the states this graph was built for."
            )
        if np.isnan(scores).any() or np.isposinf(scores).any():
            raise ValueError(
                "Graph.decode wanted log likelihoods below infinity, got nan or inf; "
                "look at the features and the scorer of this utterance."
            )
        return scores

    def _path(self, best: kaldifst.Lattice) -> Path:
        """The decoder's best path, a linear lattice, becomes a Path."""
        states, marks, cost, node = [], [], 0.0, best.start
        while best.num_arcs(node):
            arc = next(iter(kaldifst.ArcIterator(best, node)))
            if arc.olabel:
                marks.append((len(states) + (arc.ilabel > 0), arc.olabel))
            if arc.ilabel:
                states.append(arc.ilabel - 1)
            cost += arc.weight.value1 + arc.weight.value2
            node = arc.nextstate
        final = best.final(node)
        cost += final.value1 + final.value2
        columns = np.array(states, dtype=int)
        words, frames = self._words(marks, columns)
        return Path(words, frames, columns, cost, True)

    def _words(self, marks: list[tuple[int, int]], columns: np.ndarray) -> tuple[list[str], list[tuple[int, int]]]:
        """Marks (frame, output label) become the words and the frames from the end of the one before to theirs."""
        words, frames, begin = [], [], 0
        for frame, label in marks:
            kind, word = divmod(label, len(self.words))
            if word:
                words.append(self.words[word])
            if kind == 1:
                frames.append(self._without_blanks(begin, frame, columns))
            if kind:
                begin = frame
        return words, frames

    def _without_blanks(self, begin: int, end: int, columns: np.ndarray) -> tuple[int, int]:
        if self.blank is None:
            return begin, end
        spoken = begin + np.flatnonzero(columns[begin:end] != self.blank)
        return int(spoken[0]), int(spoken[-1]) + 1
