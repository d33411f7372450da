"""A grammar file with a public rule -> a language model that allows what the rule says and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import kaldifst
from sklearn.base import BaseEstimator

from components.speech.decoding.fst import EPSILON, Arcs, read_fst
from components.speech.decoding.jsgf import (
    Choice,
    Part,
    Reference,
    Repeat,
    Row,
    Rule,
    Words,
    broken,
    read_rules,
)

EXACT = 1e-5  # weights closer than this count as equal
MOST_STATES = 1_000_000  # with silent ones; a search graph of more would not fit into memory
SPARE_STATES = 1000  # beyond twice as many there are ever more ways to say the same
Open = dict[str, tuple[int, int]]  # rules inside which we are: where they begin and end


class RuleGrammar(BaseEstimator):
    """The text of a JSGF file -> the sentences of its public rules, and how likely each is.

    text: of the file. Alternatives share their probability by their weights, or evenly; something optional
    is said half the time; something repeated goes on half the time. Words never heard in training can be
    said; what training texts say that the rules do not, cannot.
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
        """Reads the rules; of the training texts only the words are taken, so that each has a place.

        Raises ValueError, naming the line, for a text that is not JSGF, without public rule, that says
        nothing at all, whose rules refer to themselves other than at their end, or too large.
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
    """Those that say what may be said."""
    return [rule for rule in rules.values() if rule.public]


def _acceptor(rules: Mapping[str, Rule]) -> tuple[kaldifst.StdVectorFst, list[str]]:
    """Rules -> a deterministic acceptor, label place + 1 standing for each of the words."""
    public = public_rules(rules)
    if not public:
        raise broken(1, "a public rule", "none", "write 'public' before the rule that says what may be said")
    writer = _Writer(rules)
    writer.write(
        Choice(tuple((1 / len(public), Reference(rule.name, rule.line)) for rule in public)), 0, 1, {}
    )
    writer.arcs.final(1)
    fst = writer.arcs.fst()
    kaldifst.connect(fst)
    if not fst.num_states:
        raise broken(public[0].line, "something that can be said", "nothing", "let the rules come to an end")
    fst = _deterministic(fst, public[0].line)
    kaldifst.minimize_encoded(fst, delta=EXACT)
    return fst, list(writer.labels)


def _deterministic(fst: kaldifst.StdVectorFst, line: int) -> kaldifst.StdVectorFst:
    """An acceptor -> the same with one way for each sentence, which weighs the sum of its ways.

    Where such sums go on without end, as in (<a>*)* where <a> is the start of itself, it weighs the best way.
    """
    most = 2 * fst.num_states + SPARE_STATES
    for summed in (True, False):
        one_way = kaldifst.StdVectorFst(fst)
        try:
            kaldifst.determinize_star(one_way, delta=EXACT, max_states=most, use_log=summed)
        except RuntimeError:  # more states than most
            continue
        return one_way
    came = "ever more ways to say the same at other weights"
    raise broken(line, "rules with few ways to say the same", came, "take out doubled alternatives")


class _Writer:
    """Parts of rules -> arcs between two states."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules, self.arcs = rules, Arcs()
        self.labels: dict[str, int] = {}
        self.states = 2

    def write(self, part: Part, source: int, target: int, inside: Open) -> None:
        """All ways to say the part lead from source to target."""
        if isinstance(part, Words):
            self._words(part, source, target)
        elif isinstance(part, Reference):
            self._reference(part, source, target, inside)
        elif isinstance(part, Row):
            for one in part.parts[:-1]:
                after = self._state()
                self.write(one, source, after, inside)
                source = after
            self.write(part.parts[-1], source, target, inside)
        elif isinstance(part, Choice):
            for probability, one in part.options:
                self.write(one, self._after(source, -math.log(probability)), target, inside)
        else:
            self._repeat(part, source, target, inside)

    def _words(self, part: Words, source: int, target: int) -> None:
        for word in part.words:
            label, after = self.labels.setdefault(word, len(self.labels) + 1), self._state()
            self.arcs.add(source, label, label, 0.0, after)
            source = after
        self.arcs.add(source, EPSILON, EPSILON, 0.0, target)

    def _reference(self, part: Reference, source: int, target: int, inside: Open) -> None:
        if part.name not in inside:
            start = self._after(source, 0.0)
            self.write(self.rules[part.name].said, start, target, {**inside, part.name: (start, target)})
            return
        start, end = inside[part.name]
        if end != target:
            raise broken(
                part.line,
                "rules that refer to themselves at their very end only",
                f"<{part.name}> inside itself",
                "use * or + for repetition",
            )
        self.arcs.add(source, EPSILON, EPSILON, 0.0, start)

    def _repeat(self, part: Repeat, source: int, target: int, inside: Open) -> None:
        again = self._after(source, 0.0)
        self.arcs.add(again, EPSILON, EPSILON, math.log(2), target)
        self.write(part.part, self._after(again, math.log(2)), again, inside)

    def _after(self, source: int, weight: float) -> int:
        state = self._state()
        self.arcs.add(source, EPSILON, EPSILON, weight, state)
        return state

    def _state(self) -> int:
        if self.states > MOST_STATES:
            raise broken(
                public_rules(self.rules)[0].line,
                f"rules that come to at most {MOST_STATES} states",
                "more",
                "write less of one rule inside another",
            )
        self.states += 1
        return self.states - 1
