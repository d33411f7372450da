"""Frames -> phones -> words -> transcripts: acoustic model, lexicon, language model and search in one."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.contract import copies_parameter
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.units import SILENCE
from components.speech.decoding.build_lm import check_grammar, language_model
from components.speech.decoding.confidence import SENTENCES, Sureness, Votes, sentence_votes
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.graph import hmm_graph
from components.speech.decoding.lexicon import check_language, pronounce
from components.speech.decoding.n_best import LATTICE_BEAMS, Sentence, n_best
from components.speech.decoding.search import Graph, Path
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LEXICON, in_any_order
from components.speech.modular.filler import (
    FILLER,
    STAY,
    FillerGrammar,
    sentences_without_filler,
    with_filler,
    without_filler,
)
from components.speech.modular.search_weights import chosen_search, usual_sureness

NEAR = (10.0,)  # lattice beam for connected speech: dearer sentences cost much time and tell little


class PhoneRecogniser(BaseEstimator):
    """Frames (frames, dims) -> transcripts of words that were heard in training, or that a grammar has.

    acoustic: the acoustic model (None: GmmHmm()). language: of the pronunciations. acoustic_scale: weight of
    the acoustic model against the language model, a frame being worth less than a word; word_cost: added for
    each word, against insertions; None: chosen on some held-out training clips. beam: of the search, in
    scaled log-likelihood. seed: draws the clips to choose by; nothing else has chance in it. grammar: the
    text of a JSGF file that says what may be said, or classes of words, see decoding.choose; "": none.
    filler_cost: against hearing speech that is no known word, which is heard as nothing, see modular.filler;
    the dearer the fewer known words are lost: of isolated ones 10 loses up to one in four; None: every
    sound is some word.

    Learned: `acoustic_`; `acoustic_scale_` and `word_cost_`; `sureness_`, which turns the votes of n_best
    into confidences; `lexicon_`; `language_model_`, an n-gram model whose order is chosen by leaving each
    training text out, or, if every training text is one word, the grammar of one word; or what the grammar
    asks for.
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
    ) -> None:
        self.acoustic = acoustic
        self.language = language
        self.acoustic_scale = acoustic_scale
        self.word_cost = word_cost
        self.beam = beam
        self.seed = seed
        self.grammar = grammar
        self.filler_cost = filler_cost

    def check_settings(self) -> None:
        """Raises ValueError for weights out of range, an unknown language or a broken grammar."""
        check_ranges(self, acoustic_scale=above(0), beam=above(0), seed=at_least(0))
        check_language(self.language)
        if self.grammar:
            check_grammar(self.grammar)

    def fit(
        self, frames: Sequence[np.ndarray], texts: Sequence[str], n_originals: int | None = None
    ) -> PhoneRecogniser:
        """frames: (frames, dims) each. texts: what was said in each.

        n_originals: how many, the first ones, are clips (None: all); the rest are altered copies, by which
        the acoustic model learns and the language model and the weights of the search do not.

        Raises ValueError for no words at all, and what the lexicon and the acoustic model raise.
        """
        self.__dict__.pop("_graph", None)
        transcripts = [str(text).split() for text in texts]
        if not any(transcripts):
            raise ValueError(
                f"PhoneRecogniser expected words to learn, got {len(texts)} texts without any; add some."
            )
        said = [" ".join(words) for words in transcripts[:n_originals]]
        self.language_model_ = language_model(said, self.grammar)
        self.lexicon_ = pronounce(self.language_model_.vocabulary_, self.language)
        acoustic = GmmHmm() if self.acoustic is None else clone(self.acoustic)
        known = copies_parameter(acoustic, n_originals)
        self.acoustic_ = acoustic.fit(frames, transcripts, self.lexicon_, **known)
        scale, cost, self.sureness_ = self._search(frames[:n_originals], said)
        self.set_weights(scale, cost)
        return self

    def set_weights(self, acoustic_scale: float, word_cost: float) -> None:
        """Search with these weights from now on, without learning anything anew."""
        if word_cost != getattr(self, "word_cost_", None):
            self.__dict__.pop("_graph", None)  # built with the old cost
        self.acoustic_scale_, self.word_cost_ = acoustic_scale, word_cost

    def _search(self, frames: Sequence[np.ndarray], texts: Sequence[str]) -> tuple[float, float, Sureness]:
        """The weights of the search, given or chosen, and how sure its words are."""
        scale, cost = self.acoustic_scale, self.word_cost
        if scale is not None and cost is not None:
            return scale, cost, usual_sureness(scale)
        (best_scale, best_cost), sureness = chosen_search(self, frames, texts, self.seed)
        if scale is None and cost is None:
            return best_scale, best_cost, sureness
        scale, cost = best_scale if scale is None else scale, best_cost if cost is None else cost
        return scale, cost, usual_sureness(scale)

    def predict(self, frames: Sequence[np.ndarray]) -> list[str]:
        """(frames, dims) each -> one transcript each, in order; empty where no word fits the clip."""
        return [" ".join(self.decode(rows).words) for rows in frames]

    def predict_ablated(
        self, frames: Sequence[np.ndarray], hypotheses: Sequence[str]
    ) -> dict[str, list[str]]:
        """(frames, dims) each and what predict answers -> transcripts by how much is known of language, the
        names of decoding.word_loop; none for letters, as a sound has no spelling by itself."""
        plain = copy(self)
        plain.__dict__.pop("_graph", None)
        plain.language_model_ = in_any_order(self.language_model_)
        return {LEXICON: plain.predict(frames), LANGUAGE_MODEL: list(hypotheses)}

    def decode(self, frames: np.ndarray) -> Path:
        """(frames, dims) -> the best path: words, their frames, the state of each frame."""
        path = self._graph.decode(self._scores(frames), self.beam, self.acoustic_scale_)
        if self.filler_cost is None:
            return path
        return without_filler(path, len(self.acoustic_.stay_), self.acoustic_.states_[SILENCE][0])

    def n_best(
        self, frames: np.ndarray, n: int = 10, lattice_beams: Sequence[float] = LATTICE_BEAMS
    ) -> list[Sentence]:
        """(frames, dims) -> at most n different sentences with their costs, the answer of decode first."""
        found = n_best(self._graph, self._scores(frames), n, self.beam, self.acoustic_scale_, lattice_beams)
        return found if self.filler_cost is None else sentences_without_filler(found)

    def votes(self, frames: np.ndarray) -> Votes:
        """(frames, dims) -> the votes of the likeliest sentences on the words of decode, for `sureness_`."""
        beams = LATTICE_BEAMS if isinstance(self.language_model_, OneWordGrammar) else NEAR
        return sentence_votes(self.n_best(frames, SENTENCES, beams), beams[-1])

    def _scores(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> log-likelihoods (frames, states), the filler's last if there is one."""
        scores = self.acoustic_.log_likelihoods(frames)
        if self.filler_cost is None:
            return scores
        return with_filler(scores, np.setdiff1d(np.arange(scores.shape[1]), self.acoustic_.states_[SILENCE]))

    @cached_property
    def _graph(self) -> Graph:
        """The search graph, built from what was learned when it is first needed."""
        states, stay = self.acoustic_.states_, self.acoustic_.stay_
        spellings, model = self.acoustic_.spellings_, self.language_model_
        if self.filler_cost is not None:
            states, stay = {**states, FILLER: [len(stay)]}, np.append(stay, STAY)
            spellings = {**spellings, FILLER: [(FILLER,)]}
            model = FillerGrammar(model, self.filler_cost - self.word_cost_)
        return hmm_graph(states, stay, spellings, model, SILENCE, word_cost=self.word_cost_)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_graph"}
