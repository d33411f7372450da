"""Frames -> transcripts: acoustic model, lexicon, language model and search in one estimator."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.mapped import sweep
from components.parts import copies_parameter, learns_from_unlabelled
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.units import SILENCE
from components.speech.decoding.build_lm import MOST_WORDS, build_lm
from components.speech.decoding.build_lm import check_language as check_language_files
from components.speech.decoding.confidence import SENTENCES, ConfidenceCalibrator, Votes, sentence_votes
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.graph import hmm_graph
from components.speech.decoding.n_best import LATTICE_BEAMS, NBest, n_best
from components.speech.decoding.search import MAX_ACTIVE, Graph, Path
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LEXICON, WordLoop
from components.speech.lexicon import check_language
from components.speech.lexicon_file import check_lexicon, known_words, look_up, variant_costs
from components.speech.modular.decoding_weights import default_calibrator, tune_decoding
from components.speech.modular.filler import (
    FILLER,
    STAY,
    FillerGrammar,
    sentences_without_filler,
    with_filler,
    without_filler,
)

CONNECTED_BEAMS = (10.0,)  # lattice beam for connected speech: wider ones take long and change little


class PhoneRecogniser(BaseEstimator):
    """Frames (frames, dims) -> transcripts of words from the training texts or a grammar.

    Parameters
    ----------
    acoustic : the acoustic model (None: GmmHmm()).
    language : of the pronunciations.
    acoustic_scale : weight of the acoustic against the language model (None: tuned on held-out clips).
    word_cost : added for each word, against insertions (None: tuned on held-out clips).
    transition_scale : weight of the log probabilities of staying in a state and leaving it. Like the scores
        of the frames, which are scaled by acoustic_scale, they are too sharp (Kaldi's self-loop scale).
    beam : of the search, in scaled log-likelihood.
    seed : draws the held-out clips; nothing else is random.
    grammar : text of a JSGF file, a grammar or word classes, see decoding.build_lm; "": none.
    filler_cost : of a filler, which models out-of-vocabulary speech and is left out of the transcript, see
        modular.filler; None: no filler. A higher cost loses fewer known words: of isolated ones 10 loses up
        to one in four.
    lexicon : text of a pronunciation lexicon, see lexicon_file; "": CMUdict and eSpeak NG.
    lm_text, lm : further sentences for the language model, one a line; the text of an ARPA file in its place.
    lm_vocabulary : words of either that enter the vocabulary, at most.

    Attributes
    ----------
    acoustic_ : the trained acoustic model.
    acoustic_scale_, word_cost_ : as given or tuned.
    confidence_ : the calibrator that turns votes into word confidences.
    lexicon_ : {word: pronunciations in phones}. variant_costs_ : {word: costs of these}, of some.
    language_model_ : an n-gram model of the order of the best leave-one-out likelihood; a OneWordGrammar if
        every training text is one word; or as the grammar defines.
    """

    learns_from_copies = True

    def __init__(
        self,
        acoustic: BaseEstimator | None = None,
        language: str = "en-us",
        acoustic_scale: float | None = None,
        word_cost: float | None = None,
        beam: float = 16.0,
        seed: int = 0,
        grammar: str = "",
        filler_cost: float | None = None,
        lexicon: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
        transition_scale: float = 0.3,
    ) -> None:
        self.acoustic = acoustic
        self.language = language
        self.acoustic_scale = acoustic_scale
        self.word_cost = word_cost
        self.beam = beam
        self.seed = seed
        self.grammar = grammar
        self.filler_cost = filler_cost
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary
        self.transition_scale = transition_scale

    def check_settings(self) -> None:
        """Raises ValueError for weights out of range, an unknown language or a broken grammar or file."""
        ranges = {"acoustic_scale": above(0), "beam": above(0), "seed": at_least(0)}
        check_ranges(self, **ranges, lm_vocabulary=at_least(0), transition_scale=at_least(0))
        check_language(self.language)
        check_language_files(self.grammar, self.lm_text, self.lm)
        check_lexicon(self.lexicon)

    def fit(
        self,
        frames: Sequence[np.ndarray],
        texts: Sequence[str],
        n_originals: int | None = None,
        unlabelled: Sequence[np.ndarray] = (),
    ) -> PhoneRecogniser:
        """Clips (frames, dims) and their transcripts -> the trained recogniser.

        n_originals: number of clips, the first ones, that are no altered copies (None: all); only these train
        the language model and tune the decoding weights, all train the acoustic model.
        unlabelled: (frames, dims) of clips without transcripts, for an acoustic model that learns from such.
        Raises ValueError for no words at all, and what the lexicon and the acoustic model raise.
        """
        self.__dict__.pop("graph", None)
        transcripts = [str(text).split() for text in texts]
        if not any(transcripts):
            raise ValueError(
                f"PhoneRecogniser expected words to learn, got {len(texts)} texts without any; add some."
            )
        lm_texts = [" ".join(words) for words in transcripts[:n_originals]]
        files = {"lm_text": self.lm_text, "lm": self.lm, "most_words": self.lm_vocabulary}
        only = known_words(self.lexicon, self.language)
        self.language_model_ = build_lm(lm_texts, self.grammar, **files, only=only)
        self.lexicon_ = look_up(self.language_model_.vocabulary_, self.language, self.lexicon)
        self.variant_costs_ = variant_costs(self.lexicon_, self.language, self.lexicon)
        acoustic = GmmHmm() if self.acoustic is None else clone(self.acoustic)
        known: dict[str, Any] = copies_parameter(acoustic, n_originals)
        known |= {"unlabelled": unlabelled} if learns_from_unlabelled(acoustic) else {}
        self.acoustic_ = acoustic.fit(frames, transcripts, self.lexicon_, **known)
        scale, cost, self.confidence_ = self._tuned(frames[:n_originals], lm_texts)
        self.set_weights(scale, cost)
        return self

    def set_weights(self, acoustic_scale: float, word_cost: float) -> None:
        """Set the weights of the search of a trained recogniser."""
        if word_cost != getattr(self, "word_cost_", None):
            self.__dict__.pop("graph", None)  # built with the old cost
        self.acoustic_scale_, self.word_cost_ = acoustic_scale, word_cost

    def _tuned(
        self, frames: Sequence[np.ndarray], texts: Sequence[str]
    ) -> tuple[float, float, ConfidenceCalibrator]:
        """Decoding weights, as given or tuned, and the calibrator of confidences."""
        scale, cost = self.acoustic_scale, self.word_cost
        if scale is not None and cost is not None:
            return scale, cost, default_calibrator(scale)
        (best_scale, best_cost), calibrator = tune_decoding(self, frames, texts, self.seed)
        if scale is None and cost is None:
            return best_scale, best_cost, calibrator
        scale, cost = best_scale if scale is None else scale, best_cost if cost is None else cost
        return scale, cost, default_calibrator(scale)

    def predict(self, frames: Sequence[np.ndarray]) -> list[str]:
        """(frames, dims) each -> one transcript each, in order; empty where it is too short for any word."""
        return [" ".join(self.decode(rows).words) for rows in sweep(frames)]

    def predict_ablated(
        self, frames: Sequence[np.ndarray], hypotheses: Sequence[str]
    ) -> dict[str, list[str]]:
        """(frames, dims) each and the hypotheses of predict -> {condition: hypotheses}, of LEXICON and
        LANGUAGE_MODEL; there are none for LETTERS, as phones have no spelling."""
        plain = copy(self)
        plain.__dict__.pop("graph", None)
        plain.language_model_ = WordLoop.from_lm(self.language_model_)
        return {LEXICON: plain.predict(frames), LANGUAGE_MODEL: list(hypotheses)}

    def decode(self, frames: np.ndarray, max_active: int = MAX_ACTIVE) -> Path:
        """(frames, dims) -> best path: words, their frames, the state of each frame.

        max_active: as of Graph.decode.
        """
        path = self.graph.decode(self._scores(frames), self.beam, self.acoustic_scale_, max_active)
        if self.filler_cost is None:
            return path
        return without_filler(path, len(self.acoustic_.stay_), self.acoustic_.states_[SILENCE][0])

    def n_best(
        self, frames: np.ndarray, n: int = 10, lattice_beams: Sequence[float] = LATTICE_BEAMS
    ) -> NBest:
        """(frames, dims) -> n-best list of at most n different sentences, the result of decode first."""
        sentences = n_best(
            self.graph, self._scores(frames), n, self.beam, self.acoustic_scale_, lattice_beams
        )
        return sentences if self.filler_cost is None else sentences_without_filler(sentences)

    def votes(self, frames: np.ndarray) -> Votes:
        """(frames, dims) -> votes of the n-best list on the words of decode, for `confidence_`."""
        beams = LATTICE_BEAMS if isinstance(self.language_model_, OneWordGrammar) else CONNECTED_BEAMS
        return sentence_votes(self.n_best(frames, SENTENCES, beams), beams[-1])

    def _scores(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> log-likelihoods (frames, states), the filler's last if there is one."""
        scores = self.acoustic_.log_likelihoods(frames)
        if self.filler_cost is None:
            return scores
        return with_filler(scores, np.setdiff1d(np.arange(scores.shape[1]), self.acoustic_.states_[SILENCE]))

    @cached_property
    def graph(self) -> Graph:
        """The search graph, built when it is first needed."""
        states, stay = self.acoustic_.states_, self.acoustic_.stay_
        spellings, model = self.acoustic_.spellings_, self.language_model_
        if self.filler_cost is not None:
            states, stay = {**states, FILLER: [len(stay)]}, np.append(stay, STAY)
            spellings = {**spellings, FILLER: [(FILLER,)]}
            model = FillerGrammar(model, self.filler_cost - self.word_cost_)
        costs = {"word_cost": self.word_cost_, "variant_costs": self.variant_costs_}
        costs["transition_scale"] = self.transition_scale
        return hmm_graph(states, stay, spellings, model, SILENCE, **costs)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "graph"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The state of this version, or of one without files of language or with a transition scale of 1."""
        before = {**type(self)().get_params(deep=False), "variant_costs_": {}, "transition_scale": 1.0}
        super().__setstate__({**before, **state})
