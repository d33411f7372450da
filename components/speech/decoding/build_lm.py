"""Training texts, and optionally the text of a grammar file -> the language model of the search."""

from __future__ import annotations

from collections.abc import Sequence

from components.speech.decoding.class_lm import ClassModel, read_classes
from components.speech.decoding.grammars import OneWordGrammar, lm_without_grammar
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.rule_grammar import RuleGrammar, public_rules

LanguageModel = NgramModel | OneWordGrammar | RuleGrammar | ClassModel


def build_lm(texts: Sequence[str], grammar: str = "", order: int | None = None) -> LanguageModel:
    """Texts, with at least one word in all -> a trained language model.

    grammar: text of a JSGF file. With a public rule it defines all sentences that can be recognised; without
    one its rules are word classes; "": no grammar. order: of the n-grams, None chooses it.
    """
    if not grammar:
        return lm_without_grammar(texts, order)
    return (RuleGrammar(grammar) if is_closed(grammar) else ClassModel(grammar, order)).fit(texts)


def is_closed(grammar: str) -> bool:
    """Text of a JSGF file -> whether it has a public rule, so that no other sentence can be recognised."""
    return bool(public_rules(read_rules(grammar)))


def check_grammar(text: str) -> None:
    """Raise ValueError, naming the line, for a text that defines neither a grammar nor word classes."""
    if is_closed(text):
        RuleGrammar(text).fit()
    else:
        read_classes(text)
