"""Grammar file with a public rule -> a language model of the sentences of that rule and no others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import kaldifst
from sklearn.base import BaseEstimator

from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.jsgf_rules import (
    Choice,
    Concatenation,
    Expansion,
    Reference,
    Repeat,
    Rule,
    Words,
    grammar_error,
)

EXACT = 1e-5  # weights closer than this count as equal
MOST_STATES = 1_000_000  # before epsilon removal; a search graph of more would not fit into memory
SPARE_STATES = 1000  # determinisation that needs more than twice the states plus these does not end
OpenRules = dict[str, tuple[int, int]]  # rules being expanded -> their first and last state


class RuleGrammar(BaseEstimator):
    """Text of a JSGF file -> the sentences of its public rules and their probabilities.

    text: of the file. Alternatives have probabilities by their weights, or uniform ones; an optional part has
    probability 1/2; a repetition goes on with probability 1/2. Words without training texts can be
    recognised; sentences of training texts outside the rules cannot.
    Learned: `vocabulary_`, sorted, the words of rules and training texts; `words_`, those of the rules;
    `arcs_`, int (arcs, 3: source, target, place in words_), `weights_` and `finals_` (finals, 2: state,
    weight), of the deterministic acceptor, minus natural log probabilities.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text

    def check_settings(self) -> None:
        """Raises ValueError, naming the line, for a text that is no grammar."""
        read_rules(self.text)

    def fit(self, texts: Iterable[str] = (), y: None = None) -> RuleGrammar:
        """Read the rules; of the training texts only the words are used, for the vocabulary.

        Raises ValueError, naming the line, for a text that is not JSGF, without public rule, without any
        sentence, whose rules refer to themselves other than at their end, or too large.
        """
        rules = read_rules(self.text)
        acceptor, self.words_ = _acceptor(rules)
        arcs, self.weights_, self.finals_ = read_fst(acceptor)
        self.arcs_ = arcs[:, :3] - [0, 0, 1]
        self.vocabulary_ = sorted({*self.words_, *(word for text in texts for word in text.split())})
        return self

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of the sentences whose words all have an id; there is nothing to back off to."""
        arcs = Arcs(finals=[(int(state), weight) for state, weight in self.finals_.tolist()])
        for (source, target, place), weight in zip(self.arcs_.tolist(), self.weights_.tolist(), strict=True):
            label = word_ids.get(self.words_[place])
            if label is not None:
                arcs.add(source, label, label, weight, target)
        return arcs.fst()


def public_rules(rules: Mapping[str, Rule]) -> list[Rule]:
    """Rules -> the public ones."""
    return [rule for rule in rules.values() if rule.public]


def _acceptor(rules: Mapping[str, Rule]) -> tuple[kaldifst.StdVectorFst, list[str]]:
    """Rules -> a deterministic acceptor and its words; the label of a word is its index + 1."""
    public = public_rules(rules)
    if not public:
        raise grammar_error(1, "a public rule", "none", "write 'public' before the rule of the sentences")
    builder = _AcceptorBuilder(rules)
    builder.write(
        Choice(tuple((1 / len(public), Reference(rule.name, rule.line)) for rule in public)), 0, 1, {}
    )
    builder.arcs.final(1)
    fst = builder.arcs.fst()
    kaldifst.connect(fst)
    if not fst.num_states:
        raise grammar_error(
            public[0].line, "at least one sentence", "nothing", "let the rules come to an end"
        )
    fst = _deterministic(fst, public[0].line)
    kaldifst.minimize_encoded(fst, delta=EXACT)
    return fst, list(builder.labels)


def _deterministic(fst: kaldifst.StdVectorFst, line: int) -> kaldifst.StdVectorFst:
    """Acceptor -> deterministic acceptor, each sentence with the sum of the probabilities of its paths.

    Where such sums do not end, as in (<a>*)* where <a> is a prefix of itself, with that of the best path.
    """
    most_states = 2 * fst.num_states + SPARE_STATES
    for log_semiring in (True, False):
        deterministic = kaldifst.StdVectorFst(fst)
        try:
            kaldifst.determinize_star(
                deterministic, delta=EXACT, max_states=most_states, use_log=log_semiring
            )
        except RuntimeError:  # more states than most_states
            continue
        return deterministic
    got = "ever more paths of one sentence at other weights"
    raise grammar_error(line, "rules that can be determinised", got, "take out doubled alternatives")


class _AcceptorBuilder:
    """Expansions of rules -> arcs between two states."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules, self.arcs = rules, Arcs()
        self.labels: dict[str, int] = {}
        self.states = 2

    def write(self, part: Expansion, source: int, target: int, inside: OpenRules) -> None:
        """Add arcs so that all paths of the expansion lead from source to target."""
        if isinstance(part, Words):
            self._words(part, source, target)
        elif isinstance(part, Reference):
            self._reference(part, source, target, inside)
        elif isinstance(part, Concatenation):
            for expansion in part.parts[:-1]:
                after = self._state()
                self.write(expansion, source, after, inside)
                source = after
            self.write(part.parts[-1], source, target, inside)
        elif isinstance(part, Choice):
            for probability, expansion in part.options:
                self.write(expansion, self._after(source, -math.log(probability)), target, inside)
        else:
            self._repeat(part, source, target, inside)

    def _words(self, part: Words, source: int, target: int) -> None:
        for word in part.words:
            label, after = self.labels.setdefault(word, len(self.labels) + 1), self._state()
            self.arcs.add(source, label, label, 0.0, after)
            source = after
        self.arcs.add(source, EPSILON, EPSILON, 0.0, target)

    def _reference(self, part: Reference, source: int, target: int, inside: OpenRules) -> None:
        if part.name not in inside:
            start = self._after(source, 0.0)
            self.write(self.rules[part.name].expansion, start, target, {**inside, part.name: (start, target)})
            return
        start, end = inside[part.name]
        if end != target:
            raise grammar_error(
                part.line,
                "rules that refer to themselves at their very end only",
                f"<{part.name}> inside itself",
                "use * or + for repetition",
            )
        self.arcs.add(source, EPSILON, EPSILON, 0.0, start)

    def _repeat(self, part: Repeat, source: int, target: int, inside: OpenRules) -> None:
        again = self._after(source, 0.0)
        self.arcs.add(again, EPSILON, EPSILON, math.log(2), target)
        self.write(part.part, self._after(again, math.log(2)), again, inside)

    def _after(self, source: int, weight: float) -> int:
        state = self._state()
        self.arcs.add(source, EPSILON, EPSILON, weight, state)
        return state

    def _state(self) -> int:
        if self.states > MOST_STATES:
            raise grammar_error(
                public_rules(self.rules)[0].line,
                f"rules that come to at most {MOST_STATES} states",
                "more",
                "write less of one rule inside another",
            )
        self.states += 1
        return self.states - 1
