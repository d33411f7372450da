"""Trained modular recogniser and test clips -> its errors with one stage at a time replaced by an oracle.

Oracles of each utterance (the analysis by parts of Ng, 2018, Machine Learning Yearning, chapter 53, but with
each part replaced on its own, not one after another):

- as trained: nothing is replaced.
- wider beam: a search whose beam is WIDER times as wide.
- true boundaries: start and end of each word from the best path of the reference text with the recogniser's
  own acoustic model; each span is decoded as one word, with the language model.
- true phones: an acoustic model of the phones of that path (oracles.TruePhones).
- oracle LM: a language model trained on the test texts (oracles.oracle_language_model).
- oracle lexicon: out-of-vocabulary test words are added (oracles.oracle_lexicon).

Oracles are no targets: they show where errors come from. Where the reference cannot be aligned to a clip (a
word without units, a clip too short), boundaries and phones stay as trained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.speech.acoustic.units import SILENCE, phone_of
from components.speech.decoding.search import Path
from components.speech.inspection.ceiling.oracles import (
    TextGrammar,
    TruePhones,
    on_precomputed_scores,
    oracle_language_model,
    oracle_lexicon,
    phone_loop,
    with_language_model,
    with_parts,
)
from components.speech.inspection.ceiling.results import AS_TRAINED, ORACLES, Ceiling, StageScores
from components.speech.inspection.ceiling.true_boundaries import SpanScorer, WordLattice, words_in_spans
from components.speech.inspection.pipeline import hop_seconds, phone_segments
from components.speech.modular.phone_recogniser import PhoneRecogniser
from components.speech.scoring import align_words, score

WIDER = 4
NO_PRUNING = 1e4  # beam that loses no path of one text
SAME_COST = 0.01  # of two paths, in the search's single precision


def ceiling_analysis(
    recogniser: Pipeline,
    clips: Sequence[Clip],
    texts: Sequence[str],
    progress: Callable[[], None] = lambda: None,
) -> Ceiling:
    """Trained pipeline that ends with a PhoneRecogniser, clips and their transcripts -> the Ceiling.

    progress: called after each clip. Raises ValueError for another recogniser, or one with a filler.
    """
    if not has_stages(recogniser):
        raise ValueError(
            f"ceiling analysis expected a Pipeline that ends with a PhoneRecogniser, got "
            f"{_described(recogniser)}; analyse a modular recogniser such as mfcc-gmm-hmm."
        )
    if recogniser[-1].filler_cost is not None:
        raise ValueError(
            f"ceiling analysis expected a recogniser without filler, got "
            f"filler_cost={recogniser[-1].filler_cost}; train one with filler_cost=None."
        )
    oracles = _Oracles(recogniser[-1], texts, 1000 * hop_seconds(recogniser))
    errors: dict[str, list[int]] = {name: [] for name in (AS_TRAINED, *ORACLES)}
    scores = StageScores()
    for frames, text in zip(recogniser[:-1].transform(clips), texts, strict=True):
        hypotheses, own_scores = oracles.decode(frames, text)
        for name, words in hypotheses.items():
            errors[name].append(score(text, " ".join(words)).errors)
        scores += own_scores
        progress()
    return Ceiling(scores.words, errors, scores)


def has_stages(recogniser: object) -> bool:
    """Whether a recogniser is a pipeline of stages that oracles can replace."""
    return isinstance(recogniser, Pipeline) and isinstance(recogniser[-1], PhoneRecogniser)


def _described(recogniser: object) -> str:
    if not isinstance(recogniser, Pipeline):
        return type(recogniser).__name__
    return f"Pipeline whose last step is {type(recogniser[-1]).__name__}"


class _Oracles:
    """A recogniser as trained and with each of its stages replaced by an oracle."""

    def __init__(self, trained: PhoneRecogniser, texts: Sequence[str], hop_ms: float) -> None:
        self.acoustic, self.hop_ms = trained.acoustic_, hop_ms
        self.trained = on_precomputed_scores(trained)
        self.wide_beam = with_parts(self.trained, beam=WIDER * trained.beam)
        self.oracle_lm = oracle_language_model(self.trained, texts)
        self.oracle_lexicon = oracle_lexicon(self.trained, texts)
        self.phones = TruePhones(trained)
        self.phone_loop = phone_loop(self.trained)
        self.scorer, self.lm_costs = SpanScorer(self.trained), WordLattice(trained.language_model_)
        units = {state: unit for unit, own in self.acoustic.states_.items() for state in own}
        self.phone_of_state = np.array([phone_of(units[state]) for state in range(len(units))])

    def decode(self, frames: np.ndarray, text: str) -> tuple[dict[str, list[str]], StageScores]:
        """(frames, dims) and transcript -> {oracle: hypothesis words}, and the scores of the stages."""
        scores, reference = self.acoustic.log_likelihoods(frames), text.split()
        path, wide, truth = (
            self.trained.decode(scores),
            self.wide_beam.decode(scores),
            self._truth(scores, reference),
        )
        words = {
            AS_TRAINED: path.words,
            "wider beam": wide.words,
            "true boundaries": path.words,
            "true phones": path.words,
            "oracle LM": self._hypothesis(self.oracle_lm, scores, path),
            "oracle lexicon": self._hypothesis(self.oracle_lexicon, scores, path),
        }
        own = self._search_scores(path, wide, truth) + self._lm_scores(reference)
        if truth is not None:
            phones = self._phones(truth)
            words["true boundaries"] = words_in_spans(self.scorer, self.lm_costs, scores, truth.word_frames)
            words["true phones"] = self.phones.words(phones)
            own += self._acoustic_scores(scores, truth, phones) + self._boundary_scores(path, truth)
        return words, own

    def _hypothesis(self, other: PhoneRecogniser, scores: np.ndarray, path: Path) -> list[str]:
        """Words of another recogniser; those of the path if the oracle changed nothing."""
        return path.words if other is self.trained else other.decode(scores).words

    def _truth(self, scores: np.ndarray, reference: list[str]) -> Path | None:
        """Scores and reference words -> best path of the reference at the search's costs; None if none."""
        spellings = self.oracle_lexicon.acoustic_.spellings_
        if not reference or not all(word in spellings for word in reference):
            return None
        cost = self.lm_costs.cost(reference)
        grammar = TextGrammar(reference, cost if np.isfinite(cost) else 0.0)
        path = with_parts(
            with_language_model(self.oracle_lexicon, grammar, spellings), beam=NO_PRUNING
        ).decode(scores)
        return path if path.reached_final else None

    def _phones(self, truth: Path) -> list[str]:
        segments = phone_segments(truth.states, self.acoustic.states_, 1.0)
        return [phone for phone, *_ in segments if phone != SILENCE]

    def _search_scores(self, path: Path, wide: Path, truth: Path | None) -> StageScores:
        allowed = truth is not None and np.isfinite(self.lm_costs.cost(truth.words))
        return StageScores(
            utterances=1,
            unaligned=int(truth is None),
            changed=int(path.words != wide.words),
            improved=int(wide.cost < path.cost - SAME_COST),
            missed=int(allowed and truth.cost < path.cost - SAME_COST),
        )

    def _lm_scores(self, reference: list[str]) -> StageScores:
        unknown = [word for word in reference if word not in self.trained.lexicon_]
        cost = self.lm_costs.cost(reference) if reference else np.inf
        return StageScores(
            words=len(reference),
            unknown=len(unknown),
            unpronounced=sum(word not in self.oracle_lexicon.lexicon_ for word in unknown),
            lm_words=len(reference) if np.isfinite(cost) else 0,
            lm_nats=cost if np.isfinite(cost) else 0.0,
        )

    def _acoustic_scores(self, scores: np.ndarray, truth: Path, phones: list[str]) -> StageScores:
        right = self.phone_of_state[scores.argmax(axis=1)] == self.phone_of_state[truth.states]
        counts = score(" ".join(phones), " ".join(self.phone_loop.decode(scores).words))
        return StageScores(
            frames=len(scores),
            frames_right=int(right.sum()),
            phones=counts.words,
            phone_errors=counts.errors,
        )

    def _boundary_scores(self, path: Path, truth: Path) -> StageScores:
        """Hypothesis and reference path -> distances between the boundaries of aligned words."""
        true, hypothesised, distances = iter(truth.word_frames), iter(path.word_frames), []
        for reference, hypothesis in align_words(" ".join(truth.words), " ".join(path.words)):
            first = next(true) if reference else None
            second = next(hypothesised) if hypothesis else None
            if first and second:
                distances += [abs(first[0] - second[0]), abs(first[1] - second[1])]
        return StageScores(boundaries=len(distances), boundary_ms=float(sum(distances) * self.hop_ms))
