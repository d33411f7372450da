"""Phonemes took the place of characters by one error of a hundred dev clips, and erred twice as often."""

import numpy as np
import pytest

from components.neural import CtcRecogniser, choose_head
from tests.fsdd import digits
from tests.neural.quick import QUICK


@pytest.mark.parametrize(("more", "units"), [(1, "characters"), (5, "phonemes")])
def test_further_units_decode_where_they_err_less_beyond_luck(recordings, monkeypatch, more, units):
    clips, texts = digits(recordings, [0, 5, 6])
    choose, asked = choose_head.choose_decoding, []

    def errors_of_the_first(*given):
        decoder, counts, errors = choose(*given)
        asked.append(decoder)
        return decoder, counts, (np.arange(len(errors)) < (more if len(asked) == 1 else 0)).astype(float)

    monkeypatch.setattr(choose_head, "choose_decoding", errors_of_the_first)
    network = CtcRecogniser(**QUICK, second_units="phonemes").fit(clips, texts)
    assert len(asked) == 2 and network.tokenizer_.units == units
    (choice,) = [one for one in network.choices_ if one.what == "units"]
    assert choice.compared == {"characters": more, "phonemes": 0}
