"""Training texts and word classes from a grammar file -> a class-based n-gram language model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import kaldifst
from sklearn.base import BaseEstimator

from components.ranges import at_least, check_ranges
from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.grammars import lm_without_grammar
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.jsgf_rules import (
    Choice,
    Concatenation,
    Expansion,
    Reference,
    Rule,
    Words,
    grammar_error,
    references,
)
from components.speech.decoding.ngram_counts import witten_bell


class ClassModel(BaseEstimator):
    """Training texts and word classes -> P(word | history) = P(class | classes before) P(word | class).

    text: of a JSGF file. Each of its rules that no other rule refers to is a class of single words; n-grams
    are counted over classes, so that words without training texts get a probability, too. A word of no class
    is a class of its own. P(word | class) is the Witten-Bell estimate from the counts of the words, backing
    off to the weights in the file, which are uniform if it gives none.
    order: as of NgramModel; where every text is one word, the model over classes is a OneWordGrammar.
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
        """Count the classes in the texts.

        Raises ValueError, naming the line, for a text that is not JSGF, members that are not single words, or
        a word in two classes.
        """
        sentences = [text.split() for text in texts]
        classes = read_classes(self.text)
        self.class_of_ = {word: name for name, members in classes.items() for word in members}
        counts = Counter(word for words in sentences for word in words)
        self.log_shares_ = {
            word: share
            for members in classes.values()
            for word, share in _log_shares(members, counts).items()
        }
        classed = [" ".join(self.class_of_.get(word, word) for word in words) for words in sentences]
        self.model_ = lm_without_grammar(classed, self.order, tuple(classes))
        self.vocabulary_ = sorted({*counts, *self.class_of_})
        return self

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """As NgramModel.fst; each class is replaced by its members that have an id."""
        tokens = self.model_.vocabulary_
        end = len(tokens) + 1
        arcs, weights, finals = read_fst(
            self.model_.fst({token: i for i, token in enumerate(tokens, 1)}, end)
        )
        replacements: dict[int, list[tuple[int, int, float]]] = {end: [(backoff, EPSILON, 0.0)]}
        for i, token in enumerate(tokens, 1):
            replacements[i] = [(word_ids[token], word_ids[token], 0.0)] if token in word_ids else []
        token_ids = {token: i for i, token in enumerate(tokens, 1)}
        for word, share in self.log_shares_.items():
            if word in word_ids:
                replacements[token_ids[self.class_of_[word]]].append((word_ids[word], word_ids[word], -share))
        words = Arcs(finals=[(int(state), weight) for state, weight in finals.tolist()])
        for (source, target, label, _), weight in zip(arcs.tolist(), weights.tolist(), strict=True):
            for reads, writes, extra in replacements[label]:
                words.add(source, reads, writes, weight + extra, target)
        return words.fst()


def read_classes(text: str) -> dict[str, dict[str, float]]:
    """Text of a JSGF file -> {"<class:name>": {word: its share of the weights}}, shares summing to one."""
    rules = read_rules(text)
    referenced = {reference.name for rule in rules.values() for reference in references(rule.expansion)}
    class_rules = [rule for rule in rules.values() if rule.name not in referenced] or list(rules.values())
    class_of: dict[str, str] = {}
    classes = {}
    for rule in class_rules:
        members = _members(rule.expansion, rule, rules, (rule.name,))
        for word in members:
            if word in class_of:
                raise grammar_error(
                    rule.line,
                    "words of one class only",
                    f"{word!r} in <{class_of[word]}> and <{rule.name}>",
                    "leave it out of one, or make one class of both",
                )
            class_of[word] = rule.name
        if members:
            classes[f"<class:{rule.name}>"] = members
    return classes


def _members(
    part: Expansion, rule: Rule, rules: Mapping[str, Rule], inside: tuple[str, ...]
) -> dict[str, float]:
    """Expansion of a class -> {word: share}."""
    if isinstance(part, Words) and len(part.words) == 1:
        return {part.words[0]: 1.0}
    if isinstance(part, Reference) and part.name not in inside:
        return _members(rules[part.name].expansion, rule, rules, (*inside, part.name))
    if isinstance(part, Choice):
        shares: dict[str, float] = {}
        for probability, option in part.options:
            for word, share in _members(option, rule, rules, inside).items():
                shares[word] = shares.get(word, 0.0) + probability * share
        return shares
    raise grammar_error(
        rule.line,
        f"single words as members of <{rule.name}>",
        _described(part),
        "write for example <digit> = one | two;, or 'public' before a rule of whole sentences",
    )


def _described(part: Expansion) -> str:
    if isinstance(part, Words):
        return repr(" ".join(part.words)) if part.words else "no words"
    if isinstance(part, Reference):
        return f"<{part.name}> inside itself"
    return "several parts in a row" if isinstance(part, Concatenation) else "a repetition"


def _log_shares(members: Mapping[str, float], counts: Mapping[str, int]) -> dict[str, float]:
    """Shares of a class's words in the file, counts in the texts -> {word: natural log P(word | class)}."""
    total = sum(counts[word] for word in members)
    types = sum(counts[word] > 0 for word in members)
    if not total:
        return {word: math.log(share) for word, share in members.items()}
    return {word: math.log(witten_bell(counts[word], total, types, share)) for word, share in members.items()}
