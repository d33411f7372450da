"""The grammar of one word."""

import kaldifst
import numpy as np
import pytest

from components.speech.decoding.grammars import OneWordGrammar


def test_it_allows_exactly_one_of_the_training_words():
    grammar = OneWordGrammar().fit(["no", "yes", "no"])
    fst = grammar.fst({"no": 1, "yes": 2})
    assert fst.num_states == 2
    arcs = {arc.ilabel: arc.weight.value for arc in kaldifst.ArcIterator(fst, fst.start)}
    assert arcs == pytest.approx({1: -np.log(3 / 5), 2: -np.log(2 / 5)})
    assert np.exp(grammar.log_probs_).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("texts", "came"), [(["no", "go home"], "'go home'"), (["no", ""], "''"), ([], "no text")]
)
def test_texts_of_other_lengths_are_refused(texts, came):
    with pytest.raises(ValueError) as error:
        OneWordGrammar().fit(texts)
    assert (
        str(error.value)
        == f"OneWordGrammar expected texts of one word, got {came}; use NgramModel for the others."
    )
