"""A grammar file's text, in the Java Speech Grammar Format (JSGF), -> its rules.

Understood: public and other rules, references to rules, alternatives with or without weights, groups,
optional parts, * and +, quoted words, <NULL>, <VOID> and comments; tags are passed over. Imports are refused.
Source: Sun Microsystems (1998), Java Speech Grammar Format Specification, version 1.0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from components.speech.corpus.text import normalise

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
class Words:
    """Words in a row; none: nothing is said."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """What the rule of that name says."""

    name: str
    line: int


@dataclass(frozen=True)
class Concatenation:
    """One part after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choice:
    """One of the parts, each with its probability; of none nothing can be said, not even silence."""

    options: tuple[tuple[float, Part], ...]


@dataclass(frozen=True)
class Repeat:
    """The part any number of times, also not at all; each further time is as likely as none."""

    part: Part


Part = Words | Reference | Concatenation | Choice | Repeat


@dataclass(frozen=True)
class Rule:
    """A rule, the line of the file that defines it, and what it says."""

    name: str
    line: int
    public: bool
    said: Part


@dataclass(frozen=True)
class Token:
    """A piece of the file. kind: a group of TOKEN."""

    kind: str
    text: str
    line: int


def read_rules(text: str) -> dict[str, Rule]:
    """The text of a grammar file -> its rules by name, in order; words are written as in transcripts.

    Weights of alternatives become probabilities that sum to one; without weights all are as likely.
    Raises ValueError, naming the line, for what is not JSGF, and for rules undefined or defined twice.
    """
    header = HEADER.match(text)
    if not header:
        raise grammar_error(1, "'#JSGF V1.0;'", repr(text.strip()[:20]), "begin the file with that line")
    rules: dict[str, Rule] = {}
    for rule in _Reader(_tokens(text, header.end())).rules():
        if rule.name in rules:
            first = f"another on line {rules[rule.name].line}"
            raise grammar_error(rule.line, f"one rule <{rule.name}>", first, "rename one")
        rules[rule.name] = rule
    if not rules:
        raise grammar_error(
            _line(text, len(text)), "at least one rule", "none", "write for example <yes> = yes | yeah;"
        )
    for rule in rules.values():
        _check_defined(rule.said, rules)
    return rules


def references(part: Part) -> Iterator[Reference]:
    """Every reference to a rule inside a part."""
    if isinstance(part, Reference):
        yield part
    for inside in _parts(part):
        yield from references(inside)


def grammar_error(line: int, wanted: str, came: str, way_out: str) -> ValueError:
    """The one sentence for a grammar file that cannot be used; raise what it returns."""
    return ValueError(f"the grammar expected {wanted} on line {line}, got {came}; {way_out}.")


def _parts(part: Part) -> Iterator[Part]:
    if isinstance(part, Concatenation):
        yield from part.parts
    elif isinstance(part, Choice):
        yield from (one for _, one in part.options)
    elif isinstance(part, Repeat):
        yield part.part


def _check_defined(part: Part, rules: Mapping[str, Rule]) -> None:
    for used in references(part):
        if used.name not in rules:
            near = get_close_matches(used.name, rules, n=1)
            way_out = f"define it, or write <{near[0]}>" if near else "define it"
            raise grammar_error(used.line, "rules that are defined", f"<{used.name}>", way_out)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _tokens(text: str, start: int) -> list[Token]:
    found, line = [], _line(text, start)
    for match in TOKEN.finditer(text, start):
        kind, piece = match.lastgroup, match[match.lastgroup]
        if kind == "other":
            raise grammar_error(
                line, "words, rules and marks", repr(piece), "close it, quote it or leave it out"
            )
        if kind != "passed":
            found.append(Token(kind, piece, line))
        line += match[0].count("\n")
    return [*found, Token("end", "", line)]


class _Reader:
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
                self.place += 2  # its name says nothing
                self._take(";")
            else:
                yield self._rule(self._taken("public"))

    def _rule(self, public: bool) -> Rule:
        token = self._now
        if token.kind != "name":
            raise self._unexpected("a rule, such as <name> = words;")
        self.place += 1
        self._take("=")
        said = self._alternatives()
        self._take(";")
        return Rule(token.text[1:-1].strip(), token.line, public, said)

    def _alternatives(self) -> Part:
        line = self._now.line
        options = [self._weighted()]
        while self._taken("|"):
            options.append(self._weighted())
        weights = [1.0 if weight is None else weight for weight, _ in options]
        given = sum(weight is not None for weight, _ in options)
        if given not in (0, len(options)):
            came = f"{given} of {len(options)}"
            raise grammar_error(line, "a weight before every alternative or none", came, "add the others")
        total = sum(weights) or 1.0
        parts = [(weight / total, part) for weight, (_, part) in zip(weights, options, strict=True) if weight]
        return parts[0][1] if len(parts) == 1 else Choice(tuple(parts))

    def _weighted(self) -> tuple[float | None, Part]:
        token, weight = self._now, None
        if token.kind == "weight":
            self.place += 1
            weight = _number(token)
        parts = [self._repeated()]
        while self._now.kind in ("word", "quoted", "name") or self._now.text in ("(", "["):
            parts.append(self._repeated())
        return weight, parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def _repeated(self) -> Part:
        part = self._single()
        while self._now.kind == "mark" and self._now.text in "*+":
            part = Repeat(part) if self._now.text == "*" else Concatenation((part, Repeat(part)))
            self.place += 1
        return part

    def _single(self) -> Part:
        token = self._now
        if token.kind == "name":
            self.place += 1
            name = token.text[1:-1].strip()
            return {"NULL": Words(()), "VOID": Choice(())}.get(name, Reference(name, token.line))
        if token.kind in ("word", "quoted"):
            self.place += 1
            return _words(token)
        if self._taken("("):
            part = self._alternatives()
            self._take(")")
            return part
        if self._taken("["):
            part = self._alternatives()
            self._take("]")
            return Choice(((0.5, part), (0.5, Words(()))))
        raise self._unexpected("a word, a rule, ( or [")

    @property
    def _now(self) -> Token:
        return self.tokens[min(self.place, len(self.tokens) - 1)]

    def _taken(self, text: str) -> bool:
        found = self._now.kind in ("mark", "word") and self._now.text == text
        self.place += found
        return found

    def _take(self, mark: str) -> None:
        if not self._taken(mark):
            raise self._unexpected(repr(mark))

    def _unexpected(self, wanted: str) -> ValueError:
        token = self._now
        came = repr(token.text) if token.kind != "end" else "the end of the file"
        return grammar_error(token.line, wanted, came, "correct it; <NULL> stands for nothing said")


def _number(token: Token) -> float:
    try:
        weight = float(token.text.strip("/"))
    except ValueError:
        weight = -1.0
    if not 0 <= weight < math.inf:
        raise grammar_error(token.line, "a weight of 0 or more", token.text, "write for example /0.5/")
    return weight


def _words(token: Token) -> Words:
    words = tuple(normalise(token.text.replace("\\", "")).split())
    if not words:
        raise grammar_error(token.line, "words", repr(token.text), "leave it out")
    return Words(words)
