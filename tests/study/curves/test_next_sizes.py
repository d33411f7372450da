"""What an adaptive study runs next, and that it ends with the full grid's answer for a third of it."""

from dataclasses import replace

import pytest

from components.speech.nouns import SPEECH_NOUNS
from components.study.curves import BEST, crossover, learning_curves
from components.study.curves.next_sizes import (
    NextRound,
    first_sizes,
    in_the_running,
    next_sizes,
    sizes_that_matter,
)
from tests.study.curves.adaptive import adaptive_studies
from tests.study.curves.simulated import both, end_to_end, modular, study

ALLOWED = (20, 28, 40, 57, 80, 110, 160, 230, 320, 450, 640, 900, 1280)
START = {20: 2, 160: 2, 1280: 2}
INF = float("inf")


@pytest.fixture(scope="module")
def found():
    """A crossover to be given other sizes and another interval."""
    return crossover(learning_curves(both().finished, replications=50), "gmm", "ctc")


def asked(found, low, high, draws=START, width=2.0, most=5):
    return next_sizes(
        replace(found, sizes=tuple(draws), low=low, high=high), draws, ALLOWED, most, width, SPEECH_NOUNS
    )


def test_the_first_round_is_coarse():
    assert first_sizes(ALLOWED) == START
    assert first_sizes((10, 40)) == {10: 2, 40: 2}


def test_the_widest_gap_in_the_interval_is_halved(found):
    assert asked(found, 30, 200).draws == {80: 2}
    assert asked(found, 100, 1280) == NextRound({450: 2}, "the crossing lies between 100 and 1,280")
    assert asked(found, 0, INF).draws == {57: 2}


def test_a_size_asked_for_once_is_not_asked_for_again_even_if_it_failed(found):
    draws = {**START, 80: 2}
    held = replace(found, sizes=(20, 160, 1280), low=30, high=200)
    assert next_sizes(held, draws, ALLOWED, 5, 2.0, SPEECH_NOUNS).draws == {57: 2}


def test_between_close_sizes_those_with_the_fewest_draws_get_another(found):
    draws = {20: 2, 80: 3, 160: 2, 320: 3, 1280: 2}
    wanted = asked(found, 90, 300, draws)
    assert wanted == NextRound({160: 3}, "the curves are too close to tell apart between 90 and 300")
    assert asked(found, 90, 300, draws | {160: 3}).draws == {80: 4, 160: 4, 320: 4}


def test_sizes_four_times_apart_are_close(found):
    assert asked(found, 170, 600, {20: 2, 160: 2, 640: 2, 1280: 2}).draws == {160: 3, 640: 3}


@pytest.mark.parametrize(
    ("low", "high", "why"),
    [
        (100, 190, "the interval's ends are 1.9 times apart within the sizes tried, and 2 were expected"),
        (INF, INF, "end-to-end is surely behind at 1,280 utterances, the most tried"),
        (0, 0, "end-to-end is surely ahead from 20 utterances on, the fewest tried"),
    ],
)
def test_enough_is_enough(found, low, high, why):
    assert asked(found, low, high) == NextRound({}, why)


def test_sizes_close_together_are_not_enough_while_the_crossing_may_be_anywhere(found):
    assert asked(found, 0, INF, {20: 2, 40: 2}).draws == {20: 3, 40: 3}


def test_it_ends_where_all_draws_are_spent(found):
    draws = {20: 2, 80: 5, 160: 5, 320: 5, 1280: 2}
    assert asked(found, 90, 300, draws) == NextRound(
        {}, "all draws were spent at every size that matters; more --draws would help"
    )


def test_only_the_best_of_a_family_near_the_crossing_go_on():
    rates = {
        ("gmm", "modular"): modular,
        ("worse", "modular"): lambda n: min(1, 2 * modular(n)),
        ("ctc", "end-to-end"): end_to_end,
        ("late", "end-to-end"): lambda n: end_to_end(n) * (1.5 if n < 1500 else 0.5),
    }
    curves = learning_curves(study(rates, draws=5).finished, replications=200)
    best = crossover(curves, *BEST.values())
    assert best.sizes[-1] not in sizes_that_matter(best)
    assert in_the_running(curves, best) == {"gmm", "ctc"}


def test_a_third_of_the_trials_gives_the_answer_of_the_full_grid():
    studies = adaptive_studies(range(60), replications=150)
    assert studies["share"].mean() < 1 / 3
    assert studies["held"].mean() >= 0.9
    assert studies["same answer"].mean() >= 0.88
