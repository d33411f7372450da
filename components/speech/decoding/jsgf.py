"""Text of a grammar file in the Java Speech Grammar Format (JSGF) -> its rules.

Supported: public and private rules, references to rules, alternatives with or without weights, groups,
optional parts, * and +, quoted words, <NULL>, <VOID> and comments; tags are ignored, imports refused.
Source: Sun Microsystems (1998), Java Speech Grammar Format Specification, version 1.0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.errors import unknown
from components.speech.corpus.scripts import split_characters
from components.speech.corpus.text import normalise
from components.speech.decoding.jsgf_rules import (
    Choice,
    Concatenation,
    Expansion,
    Reference,
    Repeat,
    Rule,
    Words,
    grammar_error,
    references,
)

HEADER = re.compile(r"\ufeff?\s*#JSGF\s+V1\.0[^;\n]*;")
TOKEN = re.compile(
    r"""(?P<passed>\s+|//[^\n]*|/\*.*?\*/|\{(?:\\.|[^{}\\])*\})
    |(?P<weight>/[\s\d.eE+-]+/)
    |(?P<name><[^<>\n]*>)
    |"(?P<quoted>(?:\\.|[^"\\\n])*)"
    |(?P<mark>[=|()\[\]*+;])
    |(?P<word>[^\s;=|*+<>()\[\]{}/"]+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A token of the file. kind: the name of a group of TOKEN."""

    kind: str
    text: str
    line: int


def read_rules(text: str) -> dict[str, Rule]:
    """Text of a grammar file -> {name: rule} in order, words normalised as in transcripts.

    Weights of alternatives become probabilities that sum to one; without weights they are uniform.
    Raises ValueError, naming the line, for what is not JSGF, and for rules undefined or defined twice.
    """
    header = HEADER.match(text)
    if not header:
        raise grammar_error(1, "'#JSGF V1.0;'", repr(text.strip()[:20]), "begin the file with that line")
    rules: dict[str, Rule] = {}
    for rule in _Parser(_tokens(text, header.end())).rules():
        if rule.name in rules:
            first = f"another on line {rules[rule.name].line}"
            raise grammar_error(rule.line, f"one rule <{rule.name}>", first, "rename one")
        rules[rule.name] = rule
    if not rules:
        raise grammar_error(
            _line(text, len(text)), "at least one rule", "none", "write for example <yes> = yes | yeah;"
        )
    for rule in rules.values():
        _check_defined(rule.expansion, rules)
    return rules


def _check_defined(expansion: Expansion, rules: Mapping[str, Rule]) -> None:
    for reference in references(expansion):
        if reference.name not in rules:
            raise unknown(f"rule on line {reference.line} of the grammar", reference.name, rules)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _tokens(text: str, start: int) -> list[Token]:
    tokens, line = [], _line(text, start)
    for match in TOKEN.finditer(text, start):
        kind, piece = match.lastgroup, match[match.lastgroup]
        if kind == "other":
            raise grammar_error(
                line, "words, rules and marks", repr(piece), "close it, quote it or leave it out"
            )
        if kind != "passed":
            tokens.append(Token(kind, piece, line))
        line += match[0].count("\n")
    return [*tokens, Token("end", "", line)]


class _Parser:
    """Tokens -> rules, by recursive descent."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place = tokens, 0

    def rules(self) -> Iterator[Rule]:
        while self._now.kind != "end":
            first = self._now
            if first.text == "import":
                raise grammar_error(
                    first.line, "all rules in one file", "an import", "copy the imported rules"
                )
            if first.text == "grammar":
                self.place += 2  # the name of the grammar has no use here
                self._expect(";")
            else:
                yield self._rule(self._accept("public"))

    def _rule(self, public: bool) -> Rule:
        token = self._now
        if token.kind != "name":
            raise self._unexpected("a rule, such as <name> = words;")
        self.place += 1
        self._expect("=")
        expansion = self._alternatives()
        self._expect(";")
        return Rule(token.text[1:-1].strip(), token.line, public, expansion)

    def _alternatives(self) -> Expansion:
        line = self._now.line
        options = [self._weighted()]
        while self._accept("|"):
            options.append(self._weighted())
        weights = [1.0 if weight is None else weight for weight, _ in options]
        weighted = sum(weight is not None for weight, _ in options)
        if weighted not in (0, len(options)):
            got = f"{weighted} of {len(options)}"
            raise grammar_error(line, "a weight before every alternative or none", got, "add the others")
        total = sum(weights) or 1.0
        parts = [(weight / total, part) for weight, (_, part) in zip(weights, options, strict=True) if weight]
        return parts[0][1] if len(parts) == 1 else Choice(tuple(parts))

    def _weighted(self) -> tuple[float | None, Expansion]:
        token, weight = self._now, None
        if token.kind == "weight":
            self.place += 1
            weight = _number(token)
        parts = [self._repeated()]
        while self._now.kind in ("word", "quoted", "name") or self._now.text in ("(", "["):
            parts.append(self._repeated())
        return weight, parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def _repeated(self) -> Expansion:
        part = self._single()
        while self._now.kind == "mark" and self._now.text in "*+":
            part = Repeat(part) if self._now.text == "*" else Concatenation((part, Repeat(part)))
            self.place += 1
        return part

    def _single(self) -> Expansion:
        token = self._now
        if token.kind == "name":
            self.place += 1
            name = token.text[1:-1].strip()
            return {"NULL": Words(()), "VOID": Choice(())}.get(name, Reference(name, token.line))
        if token.kind in ("word", "quoted"):
            self.place += 1
            return _words(token)
        if self._accept("("):
            part = self._alternatives()
            self._expect(")")
            return part
        if self._accept("["):
            part = self._alternatives()
            self._expect("]")
            return Choice(((0.5, part), (0.5, Words(()))))
        raise self._unexpected("a word, a rule, ( or [")

    @property
    def _now(self) -> Token:
        return self.tokens[min(self.place, len(self.tokens) - 1)]

    def _accept(self, text: str) -> bool:
        matches = self._now.kind in ("mark", "word") and self._now.text == text
        self.place += matches
        return matches

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            raise self._unexpected(repr(mark))

    def _unexpected(self, expected: str) -> ValueError:
        token = self._now
        got = repr(token.text) if token.kind != "end" else "the end of the file"
        return grammar_error(token.line, expected, got, "correct it; <NULL> stands for no words")


def _number(token: Token) -> float:
    try:
        weight = float(token.text.strip("/"))
    except ValueError:
        weight = -1.0
    if not 0 <= weight < math.inf:
        raise grammar_error(token.line, "a weight of 0 or more", token.text, "write for example /0.5/")
    return weight


def _words(token: Token) -> Words:
    text = normalise(token.text.replace("\\", ""))
    words = tuple(split_characters(text).split())
    if not words:
        raise grammar_error(token.line, "words", repr(token.text), "leave it out")
    return Words(words)
