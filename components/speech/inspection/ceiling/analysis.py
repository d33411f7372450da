"""A trained modular recogniser and test clips -> how far its errors fall when one stage is the truth.

Hypotheses of each utterance, one stage replaced at a time (the analysis by components of Ng, 2018, Machine
Learning Yearning, chapter 53, with each component on its own, not one after the other):

- as trained: nothing is replaced.
- wider beam: the search, by one whose beam is WIDER times as wide.
- true boundaries: where each word begins and ends is known, from the best path of the true text with the
  recogniser's own acoustic model; each span is decoded as one word, with the language model.
- true phones: the acoustic model, by one that hears the phones of that same path (oracles.TruePhones).
- oracle LM: the language model, by one learned from the test texts (oracles.oracle_language_model).
- oracle lexicon: unknown test words are known (oracles.oracle_lexicon).

True words would leave no error. Oracles are no targets: they tell where errors come from. Where the truth
cannot be laid over a clip (a word that has no units, a clip too short), boundaries and phones stay as heard.
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
    replaced,
    with_language_model,
)
from components.speech.inspection.ceiling.results import AS_TRAINED, ORACLES, Ceiling, StageScores
from components.speech.inspection.ceiling.true_boundaries import SpanScorer, WordLattice, words_in_spans
from components.speech.inspection.pipeline import hop_seconds, phone_segments
from components.speech.modular.phone_recogniser import PhoneRecogniser
from components.speech.scoring import score, word_pairs

WIDER = 4
ALL = 1e4  # beam that loses no path of one text
SAME_COST = 0.01  # of two paths, in the search's single precision


def ceiling(
    recogniser: Pipeline,
    clips: Sequence[Clip],
    texts: Sequence[str],
    progress: Callable[[], None] = lambda: None,
) -> Ceiling:
    """Trained pipeline that ends with a PhoneRecogniser, clips and what was said -> errors and scores.

    progress: called after each clip. Raises ValueError for another recogniser, or one with a filler.
    """
    if not has_stages(recogniser):
        raise ValueError(
            f"ceiling expected a Pipeline that ends with a PhoneRecogniser, got {_came(recogniser)}; "
            "analyse a modular recogniser such as mfcc-gmm-hmm."
        )
    if recogniser[-1].filler_cost is not None:
        raise ValueError(
            f"ceiling expected a recogniser without filler, got filler_cost={recogniser[-1].filler_cost}; "
            "train one with filler_cost=None."
        )
    replaced_one = _Oracles(recogniser[-1], texts, 1000 * hop_seconds(recogniser))
    errors: dict[str, list[int]] = {name: [] for name in (AS_TRAINED, *ORACLES)}
    scores = StageScores()
    for frames, text in zip(recogniser[:-1].transform(clips), texts, strict=True):
        heard, own = replaced_one.heard(frames, text)
        for name, words in heard.items():
            errors[name].append(score(text, " ".join(words)).errors)
        scores += own
        progress()
    return Ceiling(scores.words, errors, scores)


def has_stages(recogniser: object) -> bool:
    """Whether a recogniser is made of the stages that can be replaced."""
    return isinstance(recogniser, Pipeline) and isinstance(recogniser[-1], PhoneRecogniser)


def _came(recogniser: object) -> str:
    if not isinstance(recogniser, Pipeline):
        return type(recogniser).__name__
    return f"Pipeline whose last step is {type(recogniser[-1]).__name__}"


class _Oracles:
    """A recogniser as trained and with each of its stages replaced, to hear one utterance after the other."""

    def __init__(self, trained: PhoneRecogniser, texts: Sequence[str], hop_ms: float) -> None:
        self.acoustic, self.hop_ms = trained.acoustic_, hop_ms
        self.trained = on_precomputed_scores(trained)
        self.wider = replaced(self.trained, beam=WIDER * trained.beam)
        self.other_lm = oracle_language_model(self.trained, texts)
        self.larger = oracle_lexicon(self.trained, texts)
        self.phones = TruePhones(trained)
        self.loop = phone_loop(self.trained)
        self.scorer, self.lattice = SpanScorer(self.trained), WordLattice(trained.language_model_)
        units = {state: unit for unit, own in self.acoustic.states_.items() for state in own}
        self.phone_of_state = np.array([phone_of(units[state]) for state in range(len(units))])

    def heard(self, frames: np.ndarray, text: str) -> tuple[dict[str, list[str]], StageScores]:
        """(frames, dims) and what was said -> oracle: the words heard with it, and the stages' own scores."""
        scores, said = self.acoustic.log_likelihoods(frames), text.split()
        path, wide, truth = self.trained.decode(scores), self.wider.decode(scores), self._truth(scores, said)
        words = {
            AS_TRAINED: path.words,
            "wider beam": wide.words,
            "true boundaries": path.words,
            "true phones": path.words,
            "oracle LM": self._otherwise(self.other_lm, scores, path),
            "oracle lexicon": self._otherwise(self.larger, scores, path),
        }
        own = self._searched(path, wide, truth) + self._worded(said, truth)
        if truth is not None:
            phones = self._phones(truth)
            words["true boundaries"] = words_in_spans(self.scorer, self.lattice, scores, truth.word_frames)
            words["true phones"] = self.phones.words(phones)
            own += self._sounded(scores, truth, phones) + self._bounded(path, truth)
        return words, own

    def _otherwise(self, other: PhoneRecogniser, scores: np.ndarray, path: Path) -> list[str]:
        """What another recogniser hears; an oracle that changed nothing need not be asked."""
        return path.words if other is self.trained else other.decode(scores).words

    def _truth(self, scores: np.ndarray, said: list[str]) -> Path | None:
        """The best path among those that say the text, at the costs of the search; None if there is none."""
        spellings = self.larger.acoustic_.spellings_
        if not said or not all(word in spellings for word in said):
            return None
        cost = self.lattice.cost(said)
        grammar = TextGrammar(said, cost if np.isfinite(cost) else 0.0)
        path = replaced(with_language_model(self.larger, grammar, spellings), beam=ALL).decode(scores)
        return path if path.reached_final else None

    def _phones(self, truth: Path) -> list[str]:
        said = phone_segments(truth.states, self.acoustic.states_, 1.0)
        return [phone for phone, *_ in said if phone != SILENCE]

    def _searched(self, path: Path, wide: Path, truth: Path | None) -> StageScores:
        sayable = truth is not None and np.isfinite(self.lattice.cost(truth.words))
        return StageScores(
            utterances=1,
            unaligned=int(truth is None),
            changed=int(path.words != wide.words),
            improved=int(wide.cost < path.cost - SAME_COST),
            missed=int(sayable and truth.cost < path.cost - SAME_COST),
        )

    def _worded(self, said: list[str], truth: Path | None) -> StageScores:
        unknown = [word for word in said if word not in self.trained.lexicon_]
        cost = self.lattice.cost(said) if said else np.inf
        return StageScores(
            words=len(said),
            unknown=len(unknown),
            unpronounced=sum(word not in self.larger.lexicon_ for word in unknown),
            lm_words=len(said) if np.isfinite(cost) else 0,
            lm_nats=cost if np.isfinite(cost) else 0.0,
        )

    def _sounded(self, scores: np.ndarray, truth: Path, phones: list[str]) -> StageScores:
        right = self.phone_of_state[scores.argmax(axis=1)] == self.phone_of_state[truth.states]
        counts = score(" ".join(phones), " ".join(self.loop.decode(scores).words))
        return StageScores(
            frames=len(scores),
            frames_right=int(right.sum()),
            phones=counts.words,
            phone_errors=counts.errors,
        )

    def _bounded(self, path: Path, truth: Path) -> StageScores:
        """Distances between the boundaries of words said and of those heard in their place."""
        true, found, apart = iter(truth.word_frames), iter(path.word_frames), []
        for said, heard in word_pairs(" ".join(truth.words), " ".join(path.words)):
            one, other = next(true) if said else None, next(found) if heard else None
            if one and other:
                apart += [abs(one[0] - other[0]), abs(one[1] - other[1])]
        return StageScores(boundaries=len(apart), boundary_ms=float(sum(apart) * self.hop_ms))
