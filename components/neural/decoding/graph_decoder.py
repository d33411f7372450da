"""Log-probabilities of tokens -> the likeliest sentence of known words, by the n-gram model's graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import kaldifst
import numpy as np
from sklearn.base import BaseEstimator, clone

from components.neural.hypothesis import word_errors
from components.neural.tokenizer import BLANK, Tokenizer
from components.speech.decoding.build_lm import MOST_WORDS, LanguageModel, build_lm
from components.speech.decoding.confidence import SENTENCES, Votes, sentence_votes
from components.speech.decoding.effort import TUNING_ACTIVE
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.graph import ctc_graph
from components.speech.decoding.n_best import LATTICE_BEAMS, NBest, n_best
from components.speech.decoding.search import MAX_ACTIVE, Graph, Path
from components.speech.decoding.word_loop import WordLoop

GRID = {"prior_scale": (0.3, 0.0, 0.6), "lm_scale": (0.7, 0.4, 1.2), "word_cost": (0.0, -1.0, -2.0)}
BLANK_DISCOUNTS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
CONNECTED_BEAMS = (16.0,)  # of lattices; wider ones cost much time and hold little of the probability
SINGLE_BEAMS = (16.0, 32.0, 64.0)  # of lattices, until most single words are in them
PRIOR_FLOOR = 1e-4
PRIOR_CLIPS = 200  # enough to estimate the prior of the tokens


class GraphDecoder(BaseEstimator):
    """Log-probabilities of tokens -> the likeliest sentence made of the training texts' words.

    Where every training text is one word, the answer is exactly one of those words, as on the modular side.
    Source: Miao, Gowayyed and Metze (2015), EESEN.

    Parameters
    ----------
    lm_scale : weight of the language model against the network.
    prior_scale : share of each token's log prior that is subtracted, since the network has learned the
        language of the training texts as well.
    word_cost : added for each word.
    order : words in the longest n-gram.
    grammar : the text of a JSGF file of all sentences, or of classes of words, see build_lm; "": none.
    lm_text, lm, lm_vocabulary : further sentences, the text of an ARPA file, how many of their words, as of
        build_lm.

    Attributes
    ----------
    lm_, tokenizer_ : the language model, and the tokenizer of its words.
    log_prior_ : (1 + tokens,) log of the mean probability of each token.
    oov_words_ : words of the grammar that cannot be recognised, as training texts lack a token of theirs.
    """

    def __init__(
        self,
        lm_scale: float = 0.7,
        prior_scale: float = 0.3,
        word_cost: float = 0.0,
        order: int = 3,
        grammar: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
    ):
        self.lm_scale = lm_scale
        self.prior_scale = prior_scale
        self.word_cost = word_cost
        self.order = order
        self.grammar = grammar
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary

    def fit(
        self, texts: Sequence[str], tokenizer: Tokenizer, log_probs: Sequence[np.ndarray]
    ) -> GraphDecoder:
        """Texts, their tokenizer, log-probabilities (rows, 1 + tokens) of clips -> language model, prior.

        Raises ValueError for a grammar of which no sentence can be written with the tokens.
        """
        self.tokenizer_ = tokenizer
        files = {"lm_text": self.lm_text, "lm": self.lm, "most_words": self.lm_vocabulary}
        only = tokenizer.lexicon_.keys()
        model = build_lm(texts, self.grammar, self.order, **files, only=only)
        self.lm_, self.oov_words_ = _in_vocabulary(model, tokenizer)
        self.log_prior_ = np.log(np.exp(np.concatenate(log_probs)).mean(0) + PRIOR_FLOOR)
        vars(self).pop("_graph", None)
        return self

    def with_settings(self, **settings: float) -> GraphDecoder:
        """Settings -> a decoder with the same language model and prior, and these settings."""
        other = clone(self).set_params(**settings)
        other.tokenizer_, other.lm_, other.log_prior_ = self.tokenizer_, self.lm_, self.log_prior_
        other.oov_words_ = self.oov_words_
        if other.word_cost == self.word_cost and hasattr(self, "_graph"):
            other._graph = self._graph
        return other

    def without_lm(self) -> GraphDecoder:
        """A decoder with the same lexicon and settings, every word equally likely anywhere."""
        return self.with_lm(WordLoop.from_lm(self.lm_), self.tokenizer_)

    def with_lm(self, lm: LanguageModel | WordLoop, tokenizer: Tokenizer) -> GraphDecoder:
        """A language model, whose words the tokenizer knows -> a decoder with it and the same settings."""
        other = self.with_settings()
        other.lm_, other.tokenizer_ = lm, tokenizer
        vars(other).pop("_graph", None)
        return other

    def text(self, log_probs: np.ndarray, max_active: int = MAX_ACTIVE) -> str:
        """(rows, 1 + tokens) natural log-probabilities -> text. max_active: as of Graph.decode."""
        return " ".join(self._search(log_probs, max_active)[0].words)

    def decode(self, log_probs: np.ndarray) -> Path:
        """(rows, 1 + tokens) natural log-probabilities -> the best path: words and their rows."""
        return self._search(log_probs)[0]

    def n_best(
        self, log_probs: np.ndarray, n: int = 10, lattice_beams: Sequence[float] = LATTICE_BEAMS
    ) -> NBest:
        """(rows, 1 + tokens) -> at most n different sentences with their costs, the text first."""
        scores, scale = self._search(log_probs)[1], 1 / self.lm_scale
        return n_best(self.graph, scores, n, acoustic_scale=scale, lattice_beams=lattice_beams)

    def votes(self, log_probs: np.ndarray) -> Votes:
        """(rows, 1 + tokens) -> the votes of the likeliest sentences on the words of the text."""
        return sentence_votes(self.n_best(log_probs, SENTENCES, self.beams), self.beams[-1])

    @property
    def beams(self) -> tuple[float, ...]:
        """Lattice beams that hold the sentences over which posteriors are normalised."""
        return SINGLE_BEAMS if self.single else CONNECTED_BEAMS

    @property
    def single(self) -> bool:
        """Whether the answer is always one word."""
        return isinstance(self.lm_, OneWordGrammar) or (isinstance(self.lm_, WordLoop) and self.lm_.single)

    @property
    def graph(self) -> Graph:
        """The search graph, built when it is first needed."""
        if not hasattr(self, "_graph"):
            encodings = {word: self.tokenizer_.encodings(word) for word in self.lm_.vocabulary_}
            costs = {
                "word_cost": self.word_cost,
                "variant_costs": self.tokenizer_.variant_costs(self.lm_.vocabulary_),
            }
            self._graph = ctc_graph(encodings, self.lm_, BLANK, self.tokenizer_.space, **costs)
        return self._graph

    def _search(self, log_probs: np.ndarray, max_active: int = MAX_ACTIVE) -> tuple[Path, np.ndarray]:
        """The best path, and the scores (rows, 1 + tokens) of that search.

        No training text is empty: if the path has no words, the blank is discounted until it has.
        """
        scores = log_probs - np.float32(self.prior_scale) * self.log_prior_
        for discount in BLANK_DISCOUNTS:
            scores[:, BLANK] -= discount
            path = self.graph.decode(scores, acoustic_scale=1 / self.lm_scale, max_active=max_active)
            if path.words:
                break
        return path, scores

    def __getstate__(self) -> dict:
        """Settings and what was learned; the graph is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_graph"}

    def __setstate__(self, state: dict) -> None:
        """The state of this version, or of one without files of language models."""
        super().__setstate__({**type(self)().get_params(deep=False), **state})


def _in_vocabulary(model: LanguageModel, tokenizer: Tokenizer) -> tuple[LanguageModel, list[str]]:
    """Language model -> the same without the words that need other tokens, and those words."""
    oov = [word for word in model.vocabulary_ if not tokenizer.encodings(word)]
    if oov:
        model.vocabulary_ = [word for word in model.vocabulary_ if word not in set(oov)]
        ids = {word: label for label, word in enumerate(model.vocabulary_, 1)}
        fst = model.fst(ids, len(ids) + 1)
        kaldifst.connect(fst)
        if not fst.num_states:
            tokens = tokenizer.decode(range(1, 1 + len(tokenizer.tokens_)))
            raise ValueError(
                f"GraphDecoder expected training texts with all {tokenizer.units} of at least one sentence "
                f"of the grammar, got {tokens!r}; train on more texts."
            )
    return model, oov


def fit_graph_decoder(
    settings: Any,
    texts: Sequence[str],
    tokenizer: Tokenizer,
    log_probs: Sequence[np.ndarray],
    weights: Mapping[str, float],
) -> GraphDecoder:
    """Texts and log-probabilities (rows, 1 + tokens) of some training clips -> a fitted GraphDecoder.

    settings: a CtcRecogniser's. weights: settings of the GraphDecoder itself.
    """
    files = {"lm_text": settings.lm_text, "lm": settings.lm, "lm_vocabulary": settings.lm_vocabulary}
    decoder = GraphDecoder(**weights, order=settings.lm_order, grammar=settings.grammar, **files)
    return decoder.fit(texts, tokenizer, log_probs)


def best_settings(
    decoder: GraphDecoder, log_probs: Sequence[np.ndarray], expected: Sequence[str]
) -> dict[str, float]:
    """Log-probabilities and texts of dev clips -> the settings of the decoder that make the fewest errors.

    One setting after another is improved, the others held. decoder: fitted without the dev clips.
    """
    best = decoder.with_settings(**{name: values[0] for name, values in GRID.items()})
    errors = _errors(best, log_probs, expected)
    for name, values in GRID.items():
        for value in values[1:]:
            tried = best.with_settings(**{name: value})
            fewer = _errors(tried, log_probs, expected, errors)
            if fewer < errors:
                best, errors = tried, fewer
    return {name: getattr(best, name) for name in GRID}


def _errors(
    decoder: GraphDecoder, log_probs: Sequence[np.ndarray], expected: Sequence[str], enough: float = inf
) -> int:
    """Word errors of the decoder; once there are `enough` to lose, those of further clips are not counted."""
    errors = 0
    for rows, text in zip(log_probs, expected, strict=True):
        errors += word_errors([text], [decoder.text(rows, TUNING_ACTIVE)])
        if errors >= enough:
            break
    return errors
