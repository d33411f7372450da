"""Phonemes beside characters took R for silence, told six words apart, were chosen, and erred."""

import numpy as np
import pytest

from components.neural import CtcRecogniser, choose_head
from tests.fsdd import digits
from tests.neural.quick import QUICK


@pytest.mark.parametrize(("nats", "units"), [(50.0, "characters"), (0.5, "phonemes")])
def test_units_that_make_held_out_texts_far_less_likely_are_not_chosen(recordings, monkeypatch, nats, units):
    clips, texts = digits(recordings, [0, 5, 6])
    choose, measure, asked, seen = choose_head.choose_decoding, choose_head._nats, [], []

    def without_errors_by_phonemes(*given):
        decoder, counts, errors = choose(*given)
        asked.append(decoder)
        return decoder, counts, np.ones(len(errors)) if len(asked) == 1 else np.zeros(len(errors))

    def likely(outputs, targets):
        seen.append(measure(outputs, targets))
        return 1.0 if len(seen) == 1 else nats

    monkeypatch.setattr(choose_head, "choose_decoding", without_errors_by_phonemes)
    monkeypatch.setattr(choose_head, "_nats", likely)
    network = CtcRecogniser(**QUICK, second_units="phonemes").fit(clips, texts)
    assert network.tokenizer_.units == units and len(seen) == 2 and all(0 < own < np.inf for own in seen)
    assert [choice.chosen for choice in network.choices_ if choice.what == "units"] == [units]


def test_nats_are_those_of_the_tokens_over_all_alignments():
    certain = np.log(np.array([[0.5, 0.5], [0.5, 0.5]], np.float32))  # blank and one token, two rows
    output = choose_head.NetworkOutput(certain, None)
    assert choose_head._nats([output], [np.array([1])]) == pytest.approx(-np.log(0.75))
    assert choose_head._nats([output], [None]) == np.inf
