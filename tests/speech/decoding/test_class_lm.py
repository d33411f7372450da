"""N-grams over classes of words that a file names."""

import math

import pytest

from components.speech.decoding.class_lm import ClassModel, read_classes
from components.speech.decoding.language_model import NgramModel
from components.speech.inspection.ceiling.true_boundaries import WordLattice

DIGITS = "#JSGF V1.0;\n<digit> = one | two | three | four;"
TEXTS = ["dial one", "dial one", "dial two now"]


def cost(model, sentence):
    return WordLattice(model).cost(sentence.split())


def test_what_was_counted_of_one_word_serves_its_whole_class():
    model = ClassModel(DIGITS, 2).fit(TEXTS)
    over_classes = NgramModel(2).fit(["dial D", "dial D", "dial D now"])
    shares = {"one": (2 + 2 / 4) / 5, "two": (1 + 2 / 4) / 5, "three": 2 / 4 / 5}
    for word, share in shares.items():
        for end in ("", " now"):
            expected = cost(over_classes, f"dial D{end}") - math.log(share)
            assert cost(model, f"dial {word}{end}") == pytest.approx(expected, abs=1e-4)
    assert model.vocabulary_ == ["dial", "four", "now", "one", "three", "two"]


def test_the_shares_of_a_class_sum_to_one():
    model = ClassModel(DIGITS).fit(TEXTS)
    assert sum(map(math.exp, model.log_shares_.values())) == pytest.approx(1)


def test_weights_in_the_file_are_what_is_fallen_back_on():
    assert read_classes("#JSGF V1.0;\n<d> = /3/ one | /1/ (two | one);") == {
        "<class:d>": {"one": 0.875, "two": 0.125}
    }


def test_a_rule_inside_another_is_no_class_of_its_own():
    assert read_classes("#JSGF V1.0;\n<hour> = <digit> | ten;\n<digit> = one | two;") == {
        "<class:hour>": {"one": 0.25, "two": 0.25, "ten": 0.5}
    }


def test_among_single_words_a_class_has_the_place_of_a_word():
    model = ClassModel(DIGITS).fit(["one", "one", "two", "stop"])
    assert [math.exp(-cost(model, word)) for word in ("stop", "three")] == pytest.approx(
        [2 / 6, 4 / 6 * (2 / 4) / 5], rel=1e-3
    )
    assert cost(model, "one two") == math.inf


def test_a_class_that_training_never_had_can_be_said():
    assert math.isfinite(cost(ClassModel(DIGITS).fit(["go home", "stop"]), "go four"))
