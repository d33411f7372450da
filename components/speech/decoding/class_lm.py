"""A grammar file without a public rule, training texts -> a language model over classes of words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import kaldifst
from sklearn.base import BaseEstimator

from components.ranges import at_least, check_ranges
from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.grammars import plain_model
from components.speech.decoding.jsgf import (
    Choice,
    Part,
    Reference,
    Row,
    Rule,
    Words,
    broken,
    read_rules,
    references,
)
from components.speech.decoding.ngram_counts import witten_bell


class ClassModel(BaseEstimator):
    """Training texts and classes of words -> P(word | history) = P(class | classes before) P(word | class).

    text: of a JSGF file. Each of its rules that no other rule refers to is a class, of single words that
    stand for one another: what was counted of one serves all, also those that training never had. Words of
    no class stand for themselves. P(word | class) is Witten-Bell's estimate from how often each was said,
    falling back on the weights in the file, which are even if it gives none.
    order: as of NgramModel; where every text is one word, the model over classes is the OneWordGrammar.
    Learned: `vocabulary_`, sorted; `class_of_`, {word: class}; `log_shares_`, {word: natural log P(word |
    class)}; `model_`, the model over classes.
    Source: Brown et al. (1992), Class-based n-gram models of natural language; the classes are given here.
    """

    def __init__(self, text: str = "", order: int | None = None) -> None:
        self.text = text
        self.order = order

    def check_settings(self) -> None:
        """Raises ValueError, naming the line, for a text that has no classes, or an order below 1."""
        check_ranges(self, order=at_least(1))
        read_classes(self.text)

    def fit(self, texts: Iterable[str], y: None = None) -> ClassModel:
        """Counts classes in the texts.

        Raises ValueError, naming the line, for a text that is not JSGF, members that are not single words, or
        a word in two classes.
        """
        said = [text.split() for text in texts]
        classes = read_classes(self.text)
        self.class_of_ = {word: name for name, members in classes.items() for word in members}
        counts = Counter(word for words in said for word in words)
        self.log_shares_ = {
            word: share
            for members in classes.values()
            for word, share in _log_shares(members, counts).items()
        }
        classed = [" ".join(self.class_of_.get(word, word) for word in words) for words in said]
        self.model_ = plain_model(classed, self.order, tuple(classes))
        self.vocabulary_ = sorted({*counts, *self.class_of_})
        return self

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """As NgramModel.fst, which see: in the place of each class stand its members that have an id."""
        tokens = self.model_.vocabulary_
        end = len(tokens) + 1
        arcs, weights, finals = read_fst(
            self.model_.fst({token: i for i, token in enumerate(tokens, 1)}, end)
        )
        meant: dict[int, list[tuple[int, int, float]]] = {end: [(backoff, EPSILON, 0.0)]}
        for i, token in enumerate(tokens, 1):
            meant[i] = [(word_ids[token], word_ids[token], 0.0)] if token in word_ids else []
        places = {token: i for i, token in enumerate(tokens, 1)}
        for word, share in self.log_shares_.items():
            if word in word_ids:
                meant[places[self.class_of_[word]]].append((word_ids[word], word_ids[word], -share))
        words = Arcs(finals=[(int(state), weight) for state, weight in finals.tolist()])
        for (source, target, label, _), weight in zip(arcs.tolist(), weights.tolist(), strict=True):
            for reads, writes, more in meant[label]:
                words.add(source, reads, writes, weight + more, target)
        return words.fst()


def read_classes(text: str) -> dict[str, dict[str, float]]:
    """The text of a JSGF file -> each class, "<class:name>", and the shares of its words, summing to one."""
    rules = read_rules(text)
    helping = {used.name for rule in rules.values() for used in references(rule.said)}
    top = [rule for rule in rules.values() if rule.name not in helping] or list(rules.values())
    found: dict[str, str] = {}
    classes = {}
    for rule in top:
        members = _members(rule.said, rule, rules, (rule.name,))
        for word in members:
            if word in found:
                raise broken(
                    rule.line,
                    "words of one class only",
                    f"{word!r} in <{found[word]}> and <{rule.name}>",
                    "leave it out of one, or make one class of both",
                )
            found[word] = rule.name
        if members:
            classes[f"<class:{rule.name}>"] = members
    return classes


def _members(part: Part, rule: Rule, rules: Mapping[str, Rule], inside: tuple[str, ...]) -> dict[str, float]:
    """What a part of a class says -> its words and their shares."""
    if isinstance(part, Words) and len(part.words) == 1:
        return {part.words[0]: 1.0}
    if isinstance(part, Reference) and part.name not in inside:
        return _members(rules[part.name].said, rule, rules, (*inside, part.name))
    if isinstance(part, Choice):
        found: dict[str, float] = {}
        for probability, one in part.options:
            for word, share in _members(one, rule, rules, inside).items():
                found[word] = found.get(word, 0.0) + probability * share
        return found
    raise broken(
        rule.line,
        f"single words to stand for one another in <{rule.name}>",
        _described(part),
        "write for example <digit> = one | two;, or 'public' before a rule that says whole sentences",
    )


def _described(part: Part) -> str:
    if isinstance(part, Words):
        return repr(" ".join(part.words)) if part.words else "nothing said"
    if isinstance(part, Reference):
        return f"<{part.name}> inside itself"
    return "several parts in a row" if isinstance(part, Row) else "a repetition"


def _log_shares(members: Mapping[str, float], counts: Mapping[str, int]) -> dict[str, float]:
    """Shares of a class's words as given, and how often each was said -> natural log P(word | class)."""
    total = sum(counts[word] for word in members)
    types = sum(counts[word] > 0 for word in members)
    if not total:
        return {word: math.log(share) for word, share in members.items()}
    return {word: math.log(witten_bell(counts[word], total, types, share)) for word, share in members.items()}
