"""Training texts, and optionally what files say of the language -> the language model of the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from components.speech.decoding.arpa_model import ArpaModel, read_arpa
from components.speech.decoding.class_lm import ClassModel, read_classes
from components.speech.decoding.grammars import OneWordGrammar, lm_without_grammar
from components.speech.decoding.interpolated_model import InterpolatedModel
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.rule_grammar import RuleGrammar, public_rules

LanguageModel = NgramModel | OneWordGrammar | RuleGrammar | ClassModel | InterpolatedModel | ArpaModel
MOST_WORDS = 5000  # of files that enter the vocabulary


def build_lm(
    texts: Sequence[str],
    grammar: str = "",
    order: int | None = None,
    lm_text: str = "",
    lm: str = "",
    most_words: int = MOST_WORDS,
    only: Collection[str] | None = None,
) -> LanguageModel:
    """Texts, with at least one word in all -> a trained language model.

    grammar: text of a JSGF file. With a public rule it defines all sentences that can be recognised; without
    one its rules are word classes; "": no grammar. order: of the n-grams, None chooses it. lm_text: further
    sentences, one a line, to learn from. lm: text of an ARPA file, in place of what would be learned.
    most_words: words of either file that enter the vocabulary. only: words that may, None: any.
    """
    if grammar:
        return (RuleGrammar(grammar) if is_closed(grammar) else ClassModel(grammar, order)).fit(texts)
    if lm:
        return ArpaModel(lm, most_words, only).fit(texts)
    if lm_text and all(len(line.split()) == 1 for line in [*texts, *lm_text.splitlines()]):
        return OneWordGrammar().fit([*texts, *_likeliest(lm_text.split(), most_words, only)])
    if lm_text:
        return InterpolatedModel(lm_text, order, most_words, only).fit(texts)
    return lm_without_grammar(texts, order)


def _likeliest(words: Sequence[str], most: int, only: Collection[str] | None) -> list[str]:
    """Words -> those that may enter the vocabulary, as often as they are there."""
    counts = Counter(word for word in words if only is None or word in only)
    return [word for word, count in counts.most_common(most) for _ in range(count)]


def check_language(grammar: str = "", lm_text: str = "", lm: str = "") -> None:
    """Raise ValueError, naming the line, for a file that cannot be used, and for more than one of them."""
    given = [name for name, text in (("grammar", grammar), ("lm_text", lm_text), ("lm", lm)) if text.strip()]
    if len(given) > 1:
        raise ValueError(
            f"expected one of grammar, lm_text and lm, got {' and '.join(given)}: each says in its own way "
            "what may be said; leave out the others."
        )
    if grammar:
        check_grammar(grammar)
    if lm:
        read_arpa(lm)


def is_closed(grammar: str) -> bool:
    """Text of a JSGF file -> whether it has a public rule, so that no other sentence can be recognised."""
    return bool(public_rules(read_rules(grammar)))


def check_grammar(text: str) -> None:
    """Raise ValueError, naming the line, for a text that defines neither a grammar nor word classes."""
    if is_closed(text):
        RuleGrammar(text).fit()
    else:
        read_classes(text)
