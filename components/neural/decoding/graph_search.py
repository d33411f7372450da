"""Log-probabilities of tokens -> the likeliest sentence of known words, by the n-gram model's graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import kaldifst
import numpy as np
from sklearn.base import BaseEstimator, clone

from components.neural.tokenizer import BLANK, Spelling
from components.speech.decoding.build_lm import LanguageModel, build_lm
from components.speech.decoding.confidence import SENTENCES, Votes, sentence_votes
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.graph import ctc_graph
from components.speech.decoding.n_best import LATTICE_BEAMS, Sentence, n_best
from components.speech.decoding.search import Graph, Path
from components.speech.decoding.word_loop import WordLoop
from components.speech.scoring import score

GRID = {"prior_scale": (0.3, 0.0, 0.6), "lm_scale": (0.7, 0.4, 1.2), "word_cost": (0.0, -1.0, -2.0)}
BLANK_DISCOUNTS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
NEAR = (16.0,)  # lattice beam for connected speech: dearer sentences cost much time and tell little
ALL_WORDS = (16.0, 32.0, 64.0)  # lattice beams that let most single words be found


class SpellingSearch(BaseEstimator):
    """Log-probabilities of tokens -> the likeliest sentence made of the training texts' words.

    lm_scale: weight of the language model against the network. prior_scale: how much of each token's
    own log-probability is taken off, since the network has heard the training texts' language as well.
    word_cost: added for each word. order: words in the longest n-gram; where every training text is one
    word, the answer is exactly one of those words instead, as on the modular side. grammar: the text of a
    JSGF file that says what may be said, or classes of words, see decoding.choose; "": none.
    Learned: `lm_`, `spelling_`, `log_prior_` (1 + tokens,), `unspelt_`, the grammar's words that cannot be
    heard, as no training text has all their tokens.
    Source: Miao, Gowayyed and Metze (2015), EESEN.
    """

    def __init__(
        self,
        lm_scale: float = 0.7,
        prior_scale: float = 0.3,
        word_cost: float = 0.0,
        order: int = 3,
        grammar: str = "",
    ):
        self.lm_scale = lm_scale
        self.prior_scale = prior_scale
        self.word_cost = word_cost
        self.order = order
        self.grammar = grammar

    def fit(self, texts: Sequence[str], spelling: Spelling, heard: Sequence[np.ndarray]) -> SpellingSearch:
        """Learn the words and their order from texts, how they are spelt, and how often the network says
        each token from what it heard, a list of (rows, 1 + tokens).

        Raises ValueError for a grammar none of whose sentences can be spelt.
        """
        self.spelling_ = spelling
        self.lm_, self.unspelt_ = _spelt(build_lm(texts, self.grammar, self.order), spelling)
        self.log_prior_ = np.log(np.exp(np.concatenate(heard)).mean(0) + 1e-4)
        vars(self).pop("_graph", None)
        return self

    def with_settings(self, **settings: float) -> SpellingSearch:
        """The same words in the same order, searched in another way."""
        other = clone(self).set_params(**settings)
        other.spelling_, other.lm_, other.log_prior_ = self.spelling_, self.lm_, self.log_prior_
        other.unspelt_ = self.unspelt_
        return other

    def in_any_order(self) -> SpellingSearch:
        """The same words, all equally likely anywhere, searched in the same way: the lexicon alone."""
        other = self.with_settings()
        other.lm_ = WordLoop.from_lm(self.lm_)
        return other

    def text(self, heard: np.ndarray) -> str:
        """(rows, 1 + tokens) natural log-probabilities -> text."""
        return " ".join(self.decode(heard).words)

    def decode(self, heard: np.ndarray) -> Path:
        """(rows, 1 + tokens) natural log-probabilities -> the best path: words and their rows."""
        return self._searched(heard)[0]

    def n_best(
        self, heard: np.ndarray, n: int = 10, lattice_beams: Sequence[float] = LATTICE_BEAMS
    ) -> list[Sentence]:
        """(rows, 1 + tokens) -> at most n different sentences with their costs, the text first."""
        scores, scale = self._searched(heard)[1], 1 / self.lm_scale
        return n_best(self._built(), scores, n, acoustic_scale=scale, lattice_beams=lattice_beams)

    def votes(self, heard: np.ndarray) -> Votes:
        """(rows, 1 + tokens) -> the votes of the likeliest sentences on the words of the text."""
        return sentence_votes(self.n_best(heard, SENTENCES, self.beams), self.beams[-1])

    @property
    def beams(self) -> tuple[float, ...]:
        """Lattice beams in which the sentences lie that share in the probability."""
        return ALL_WORDS if self.single else NEAR

    @property
    def single(self) -> bool:
        """Whether the answer is always one word."""
        return isinstance(self.lm_, OneWordGrammar) or (isinstance(self.lm_, WordLoop) and self.lm_.single)

    def _searched(self, heard: np.ndarray) -> tuple[Path, np.ndarray]:
        """The best path, and the scores (rows, 1 + tokens) among which it was found.

        No training text is empty: if nothing is found the blank is discounted until something is.
        """
        scores = heard - np.float32(self.prior_scale) * self.log_prior_
        for discount in BLANK_DISCOUNTS:
            scores[:, BLANK] -= discount
            path = self._built().decode(scores, acoustic_scale=1 / self.lm_scale)
            if path.words:
                break
        return path, scores

    def _built(self) -> Graph:
        if not hasattr(self, "_graph"):
            spellings = {word: self.spelling_.spellings(word) for word in self.lm_.vocabulary_}
            self._graph = ctc_graph(spellings, self.lm_, BLANK, self.spelling_.space, self.word_cost)
        return self._graph

    def __getstate__(self) -> dict:
        """Settings and what was learned; the graph is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_graph"}


def _spelt(model: LanguageModel, spelling: Spelling) -> tuple[LanguageModel, list[str]]:
    """Language model -> the same without the words that need other tokens, and those words."""
    unspelt = [word for word in model.vocabulary_ if not spelling.spellings(word)]
    if unspelt:
        model.vocabulary_ = [word for word in model.vocabulary_ if word not in set(unspelt)]
        ids = {word: label for label, word in enumerate(model.vocabulary_, 1)}
        left = model.fst(ids, len(ids) + 1)
        kaldifst.connect(left)
        if not left.num_states:
            known = spelling.unspell(range(1, 1 + len(spelling.tokens_)))
            raise ValueError(
                f"SpellingSearch expected training texts with all {spelling.units} of at least one sentence of "
                f"the grammar, got {known!r}; train on more texts."
            )
    return model, unspelt


def best_settings(
    search: SpellingSearch, heard: Sequence[np.ndarray], wanted: Sequence[str]
) -> dict[str, float]:
    """Dev clips' log-probabilities and texts -> the settings of the search that make the fewest errors.

    One setting after another is improved, the others held. search: fitted without the dev clips.
    """
    best = {name: values[0] for name, values in GRID.items()}
    errors = word_errors(wanted, map(search.with_settings(**best).text, heard))
    for name, values in GRID.items():
        for value in values[1:]:
            way = {**best, name: value}
            fewer = word_errors(wanted, map(search.with_settings(**way).text, heard))
            if fewer < errors:
                best, errors = way, fewer
    return best


def word_errors(wanted: Iterable[str], said: Iterable[str]) -> int:
    """Substituted, inserted and deleted words."""
    return sum(score(text, heard).errors for text, heard in zip(wanted, said, strict=True))
