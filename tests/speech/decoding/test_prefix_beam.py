"""Prefix beam search against the sum over all paths."""

from itertools import product

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp

from components.speech.decoding.greedy import collapse
from components.speech.decoding.prefix_beam import prefix_beam_search


def sum_over_paths(log_probabilities):
    """What prefix_beam_search estimates, by trying every path."""
    rows, tokens = log_probabilities.shape
    hypotheses = {}
    for path in product(range(tokens), repeat=rows):
        cost = log_probabilities[np.arange(rows), path].sum()
        hypotheses.setdefault(tuple(collapse(np.array(path))), []).append(cost)
    return {sequence: logsumexp(costs) for sequence, costs in hypotheses.items()}


@pytest.mark.parametrize("seed", range(5))
def test_with_a_beam_for_all_it_sums_over_all_paths(seed):
    log_probs = log_softmax(np.random.default_rng(seed).normal(0, 2, (6, 4)), axis=1)
    expected = sum_over_paths(log_probs)
    hypotheses = dict(prefix_beam_search(log_probs, beam=len(expected), least=-np.inf))
    assert hypotheses.keys() == expected.keys()
    np.testing.assert_allclose(
        [hypotheses[sequence] for sequence in expected], list(expected.values()), atol=1e-9
    )
    assert list(hypotheses) == sorted(hypotheses, key=lambda sequence: -hypotheses[sequence])


def test_many_paths_win_over_one_best_path():
    log_probs = np.log([[0.6, 0.4], [0.6, 0.4]])
    assert collapse(log_probs.argmax(1)) == []
    assert prefix_beam_search(log_probs)[0] == ((1,), pytest.approx(np.log(1 - 0.36)))


def test_a_repeated_token_needs_a_blank_between():
    log_probs = np.log([[0.1, 0.9], [0.9, 0.1], [0.1, 0.9]])
    assert prefix_beam_search(log_probs)[0][0] == (1, 1)
    assert prefix_beam_search(log_probs[[0, 2]])[0][0] == (1,)


def test_no_rows_give_no_tokens_and_a_row_of_unlikely_tokens_gives_the_best():
    assert prefix_beam_search(np.zeros((0, 3))) == [((), 0.0)]
    assert prefix_beam_search(np.array([[-60.0, -50.0]]), least=-9.0)[0] == ((1,), -50.0)


def test_a_beam_of_none_is_refused():
    with pytest.raises(ValueError) as error:
        prefix_beam_search(np.zeros((1, 2)), beam=0)
    assert str(error.value) == "prefix beam search expected a beam of at least 1, got 0; 16 suits most."
