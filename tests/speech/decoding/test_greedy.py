"""Greedy CTC decoding against the definition."""

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.speech.decoding.greedy import collapse


@given(st.lists(st.integers(0, 3)), st.integers(0, 3))
def test_collapse_merges_repeats_and_then_drops_blanks(ids, blank):
    expected = [token for token, _ in groupby(ids) if token != blank]
    assert collapse(np.array(ids, dtype=int), blank) == expected


def test_a_blank_keeps_doubled_letters_apart():
    assert collapse(np.array([1, 1, 0, 1, 2, 2])) == [1, 1, 2]
