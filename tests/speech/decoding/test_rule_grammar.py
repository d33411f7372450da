"""Sentences of a grammar file and their probabilities."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.corpus.spoken_commands_grammar import utterance, vocabulary
from components.speech.decoding.rule_grammar import RuleGrammar
from components.speech.inspection.ceiling.true_boundaries import WordLattice

OWN = Path(__file__).parents[3] / "docs" / "spoken-commands" / "commands.jsgf"


def grammar(rules, texts=()):
    return RuleGrammar("#JSGF V1.0;\n" + rules).fit(texts)


def probability(model, sentence):
    return math.exp(-WordLattice(model).cost(sentence.split()))


def words_of(word):
    return word, {(word,): 1.0}


def in_a_row(parts):
    texts, meanings = zip(*parts, strict=True)
    sentences = {(): 1.0}
    for meaning in meanings:
        sentences = _sums((a + b, p * q) for a, p in sentences.items() for b, q in meaning.items())
    return " ".join(f"({text})" for text in texts), sentences


def one_of(weighted):
    total = sum(weight for weight, _ in weighted)
    text = " | ".join(f"/{weight}/ {text}" for weight, (text, _) in weighted)
    pairs = ((a, w / total * p) for w, (_, meaning) in weighted for a, p in meaning.items())
    return f"({text})", _sums(pairs)


def _sums(pairs):
    estimate = {}
    for words, p in pairs:
        estimate[words] = estimate.get(words, 0.0) + p
    return estimate


finite = st.recursive(
    st.sampled_from("abc").map(words_of),
    lambda inside: (
        st.lists(inside, min_size=1, max_size=3).map(in_a_row)
        | st.lists(st.tuples(st.integers(1, 5), inside), min_size=1, max_size=3).map(one_of)
        | inside.map(
            lambda example: (
                f"[{example[0]}]",
                _sums([((), 0.5), *((a, p / 2) for a, p in example[1].items())]),
            )
        )
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(finite)
def test_a_sentence_has_the_probability_of_all_its_paths(example):
    text, meaning = example
    model = grammar(f"public <s> = {text};")
    for words, expected in meaning.items():
        estimate = probability(model, " ".join(words)) if words else math.exp(-_cost_of_nothing(model))
        assert estimate == pytest.approx(expected, rel=1e-3)


def _cost_of_nothing(model):
    return dict(model.finals_.tolist())[0]


def test_what_is_repeated_goes_on_half_the_time():
    model = grammar("public <s> = go (one | two)* | stop+;")
    assert probability(model, "go") == pytest.approx(1 / 4, rel=1e-3)
    assert probability(model, "go one two") == pytest.approx(1 / 4 / 4**2, rel=1e-3)
    assert probability(model, "stop stop") == pytest.approx(1 / 8, rel=1e-3)
    assert probability(model, "go stop") == 0


def test_rules_may_refer_to_themselves_at_their_end():
    model = grammar("public <s> = <n> ;\n<n> = one | two [<n>];")
    assert probability(model, "two two one") == pytest.approx(1 / 4 * 1 / 4 * 1 / 2, rel=1e-3)


def test_endlessly_many_paths_of_a_sentence_leave_the_best_one():
    model = grammar("public <s> = <n>+;\n<n> = one | two <n> | <NULL>;")
    assert 0 < probability(model, "two two one one") < 1


def test_public_rules_are_as_likely_as_one_another():
    model = grammar("public <a> = yes;\npublic <b> = no | never;")
    assert [probability(model, sentences) for sentences in ("yes", "no")] == pytest.approx(
        [1 / 2, 1 / 4], rel=1e-3
    )


def test_words_of_training_texts_alone_are_in_the_vocabulary_and_have_no_probability():
    model = grammar("public <s> = yes | no;", ["yes", "perhaps"])
    assert model.vocabulary_ == ["no", "perhaps", "yes"]
    assert probability(model, "perhaps") == 0
    assert probability(model, "yes") == pytest.approx(1 / 2, rel=1e-3)


def test_the_grammar_of_the_default_corpus_is_written_down_as_a_file():
    model = RuleGrammar(OWN.read_text(encoding="utf-8")).fit()
    assert model.vocabulary_ == vocabulary()
    assert probability(model, "louder") == pytest.approx(1 / 17 / 8, rel=1e-3)
    assert probability(model, "call ben at ten forty five") == pytest.approx(
        1 / 17 / 3 / 10 / 12 / 5, rel=1e-3
    )
    assert probability(model, "one two") == pytest.approx(2 / 17 / 7 / 100, rel=1e-3)
    rng = np.random.default_rng(0)
    lattice = WordLattice(model)
    assert all(math.isfinite(lattice.cost(utterance(rng).split())) for _ in range(200))
