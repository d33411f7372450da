"""Training texts, and perhaps a grammar file's text, -> the language model to search with."""

from __future__ import annotations

from collections.abc import Sequence

from components.speech.decoding.class_lm import ClassModel, read_classes
from components.speech.decoding.grammars import OneWordGrammar, lm_without_grammar
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.rule_grammar import RuleGrammar, public_rules

LanguageModel = NgramModel | OneWordGrammar | RuleGrammar | ClassModel


def build_lm(texts: Sequence[str], grammar: str = "", order: int | None = None) -> LanguageModel:
    """Texts, not all without words -> a trained language model.

    grammar: the text of a JSGF file. With a public rule it says all that may be said; without, its rules are
    classes of words; "": none. order: words in the longest n-gram, None chooses it.
    """
    if not grammar:
        return lm_without_grammar(texts, order)
    return (RuleGrammar(grammar) if is_closed(grammar) else ClassModel(grammar, order)).fit(texts)


def is_closed(grammar: str) -> bool:
    """Whether a grammar's text has a public rule, so that nothing else may be said."""
    return bool(public_rules(read_rules(grammar)))


def check_grammar(text: str) -> None:
    """Raises ValueError, naming the line, for a text that is no grammar and no classes either."""
    if is_closed(text):
        RuleGrammar(text).fit()
    else:
        read_classes(text)
