"""The likeliest spelling is the one whose ways to be said add up to most."""

from itertools import product

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp

from components.speech.decoding.greedy import collapse
from components.speech.decoding.prefix_beam import prefix_beam_search


def every_spelling(log_probabilities):
    """What `prefix_beam_search` finds, by trying every path there is."""
    rows, tokens = log_probabilities.shape
    found = {}
    for path in product(range(tokens), repeat=rows):
        cost = log_probabilities[np.arange(rows), path].sum()
        found.setdefault(tuple(collapse(np.array(path))), []).append(cost)
    return {spelt: logsumexp(costs) for spelt, costs in found.items()}


@pytest.mark.parametrize("seed", range(5))
def test_with_room_for_all_every_way_to_say_every_spelling_is_added_up(seed):
    heard = log_softmax(np.random.default_rng(seed).normal(0, 2, (6, 4)), axis=1)
    wanted = every_spelling(heard)
    found = dict(prefix_beam_search(heard, beam=len(wanted), least=-np.inf))
    assert found.keys() == wanted.keys()
    np.testing.assert_allclose([found[spelt] for spelt in wanted], list(wanted.values()), atol=1e-9)
    assert list(found) == sorted(found, key=lambda spelt: -found[spelt])


def test_many_ways_to_say_it_win_over_one_best_path():
    heard = np.log([[0.6, 0.4], [0.6, 0.4]])
    assert collapse(heard.argmax(1)) == []
    assert prefix_beam_search(heard)[0] == ((1,), pytest.approx(np.log(1 - 0.36)))


def test_a_token_said_twice_needs_a_blank_between():
    heard = np.log([[0.1, 0.9], [0.9, 0.1], [0.1, 0.9]])
    assert prefix_beam_search(heard)[0][0] == (1, 1)
    assert prefix_beam_search(heard[[0, 2]])[0][0] == (1,)


def test_no_rows_spell_nothing_and_a_row_of_unlikely_tokens_is_heard():
    assert prefix_beam_search(np.zeros((0, 3))) == [((), 0.0)]
    assert prefix_beam_search(np.array([[-60.0, -50.0]]), least=-9.0)[0] == ((1,), -50.0)


def test_a_beam_of_none_is_refused():
    with pytest.raises(ValueError) as error:
        prefix_beam_search(np.zeros((1, 2)), beam=0)
    assert str(error.value) == "prefix beam search expected a beam of at least 1, got 0; 16 suits most."
