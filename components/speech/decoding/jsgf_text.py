"""Rules -> text of a grammar file in the Java Speech Grammar Format, and a grammar of sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from components.speech.decoding.jsgf_rules import Choice, Concatenation, Expansion, Reference, Rule, Words


def grammar_of(sentences: Iterable[str]) -> dict[str, Rule]:
    """Sentences -> a rule of them and no others, each as likely as it is frequent; ValueError without any."""
    counts = Counter(filter(None, sentences))
    if not counts:
        raise ValueError("a grammar expected sentences, got none; give it texts.")
    options = [(n / counts.total(), Words(tuple(text.split()))) for text, n in sorted(counts.items())]
    return {"sentence": Rule("sentence", 1, True, Choice(tuple(options)))}


def jsgf_text(rules: Mapping[str, Rule]) -> str:
    """Rules as `read_rules` gives them -> the text of a file that says the same."""
    return "\n".join(["#JSGF V1.0;", "grammar study;", *map(_rule, rules.values()), ""])


def _rule(rule: Rule) -> str:
    return f"{'public ' * rule.public}<{rule.name}> = {_written(rule.expansion)};"


def _written(part: Expansion) -> str:
    if isinstance(part, Words):
        return " ".join(part.words) or "<NULL>"
    if isinstance(part, Reference):
        return f"<{part.name}>"
    if isinstance(part, Concatenation):
        return " ".join(map(_written, part.parts))
    if isinstance(part, Choice):
        options = [f"/{probability:.6g}/ {_written(option)}" for probability, option in part.options]
        return f"({' | '.join(options)})" if options else "<VOID>"
    return f"({_written(part.part)})*"
