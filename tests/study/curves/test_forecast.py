"""What is said of sizes that were not measured: right on known curves and published tables, or refused."""

import numpy as np
import pytest

from components.study.curves.fits import FORMS, fitted
from components.study.curves.forecast import UNPROVEN, extrapolated, forecast
from components.study.curves.learning import learning_curves
from tests.study.curves.simulated import SIZES, both, modular

DOUBLED = 30 * 2.0 ** np.arange(7)
# Deep Speech 2 (Amodei and others, 2016): hours of training speech, per cent of words wrong
HOURS = np.array([120, 1200, 2400, 6000, 12000.0])
DEEP_SPEECH_2 = {"regular": (29.23, 13.80, 11.65, 9.51, 8.46), "noisy": (50.97, 22.99, 20.41, 15.90, 13.59)}
TRUE = {
    "pow3": lambda n: 0.03 + 0.6 * n**-0.45,
    "pow4": lambda n: 0.02 + 3.0 * (n + 100) ** -0.6,
    "mmf4": lambda n: 0.04 + 0.5 / (1 + (n / 150) ** 0.9),
    "wbl4": lambda n: 0.05 + 0.6 * np.exp(-((n / 200) ** 0.6)),
}


def noisy(rate, rows=300, spread=0.02):
    return rate * np.random.default_rng(3).lognormal(0, spread, (rows, len(rate)))


@pytest.mark.parametrize("form", FORMS)
def test_each_form_finds_a_curve_of_its_own_kind_again(form):
    known, beyond = TRUE[form](DOUBLED), TRUE[form](DOUBLED[-1:] * 2)
    found = fitted(form, DOUBLED, known[None], known, np.append(DOUBLED, DOUBLED[-1] * 2))[0]
    np.testing.assert_allclose(found, [*known, *beyond], rtol=0.06)


def test_a_fit_never_rises_and_never_falls_below_zero():
    rising = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [0.5, 0.3, 0.1, 0.03, 0.01, 0.001, 0.0]])
    for form in FORMS:
        found = fitted(form, DOUBLED, rising, np.full(7, 0.01), np.geomspace(30, 1e6, 50))
        assert (found >= 0).all() and (np.diff(found, axis=1) <= 1e-12).all()


def test_the_sizes_measured_more_surely_count_for_more():
    rates = np.array([[0.5, 0.4, 0.3, 0.2, 0.19, 0.18, 0.17]])
    errors = np.where(DOUBLED == 30, 1e-6, 0.05)
    for sure, best in ((errors, 0), (errors[::-1], 6)):
        found = fitted("pow3", DOUBLED, rates, sure, DOUBLED)[0]
        assert found[best] == pytest.approx(rates[0, best], abs=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_a_well_behaved_curve_is_foretold_within_its_interval(form):
    said = extrapolated("gmm", DOUBLED, TRUE[form](DOUBLED), noisy(TRUE[form](DOUBLED)))
    rate, low, high = said.at(2 * DOUBLED[-1])
    assert low <= TRUE[form](2 * DOUBLED[-1]) <= high and low < rate < high
    assert not said.refusal and said.form in FORMS


def test_labels_needed_and_the_rate_they_buy_are_each_other_turned_round():
    said = extrapolated("gmm", DOUBLED, modular(DOUBLED), noisy(modular(DOUBLED)))
    rate, low, high = said.at(3 * DOUBLED[-1])
    needed, fewest, most = said.needed(rate)
    assert needed == pytest.approx(3 * DOUBLED[-1], rel=0.02) and fewest < needed < most
    assert said.needed(low)[1] == pytest.approx(3 * DOUBLED[-1], rel=0.02)
    assert said.needed(high)[2] == pytest.approx(3 * DOUBLED[-1], rel=0.02)
    assert said.needed(0.0001) == (np.inf, np.inf, np.inf)


def test_what_labels_buy_is_surer_than_the_rate_they_lead_to():
    """An easy or a hard test moves the whole curve, and no gain."""
    moved = np.random.default_rng(1).lognormal(0, 0.1, (300, 1)) * noisy(modular(DOUBLED))
    said = extrapolated("gmm", DOUBLED, modular(DOUBLED), moved)
    (_, low, high), (gain, least, most) = said.at(2 * DOUBLED[-1]), said.gained(2 * DOUBLED[-1])
    assert gain == pytest.approx(modular(DOUBLED[-1]) - modular(2 * DOUBLED[-1]), rel=0.2)
    assert 0 < least < gain < most and most - least < 0.6 * (high - low)


def test_nothing_is_said_further_out_than_the_check_went():
    said = extrapolated("gmm", DOUBLED, modular(DOUBLED), noisy(modular(DOUBLED)))
    assert said.sizes[-1] == 4 * DOUBLED[-1] and np.isnan(said.at(5 * DOUBLED[-1])).all()
    near = extrapolated("gmm", DOUBLED[:4], modular(DOUBLED[:4]), noisy(modular(DOUBLED[:4])))
    assert near.sizes[-1] == pytest.approx(2 * DOUBLED[3])


@pytest.mark.parametrize(
    "rate",
    [
        np.full(7, 0.3),
        np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1]),
        np.array([0.3, 0.2, 0.4, 0.2, 0.4, 0.3, 0.4]),
        np.array([0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]),
    ],
    ids=["flat", "a cliff at the end", "a zigzag", "rising"],
)
def test_ill_behaved_curves_are_refused(rate):
    said = extrapolated("gmm", DOUBLED, rate, noisy(rate))
    assert (said.form, said.refusal) == ("", UNPROVEN)
    assert np.isnan([*said.at(2000), *said.gained(2000)]).all()
    assert said.needed(0.1) == (np.inf, np.inf, np.inf)


def test_three_sizes_are_too_few_to_check_a_formula():
    said = extrapolated("gmm", DOUBLED[:3], modular(DOUBLED[:3]), noisy(modular(DOUBLED[:3])))
    assert said.refusal == "measured at 3 sizes, and a formula can be checked on 4 or more"


@pytest.mark.parametrize("kind", DEEP_SPEECH_2)
def test_a_published_table_is_foretold_within_the_interval_from_four_sizes_and_refused_from_three(kind):
    rate = np.array(DEEP_SPEECH_2[kind]) / 100
    three, four = (extrapolated(kind, HOURS[:n], rate[:n], rate[None, :n]) for n in (3, 4))
    said, low, high = four.at(HOURS[-1])
    assert three.refusal and low <= rate[-1] <= high
    assert said == pytest.approx(rate[-1], rel=0.1) and said < rate[3]


def test_a_study_foretells_its_curves_and_the_interval_grows_with_the_distance():
    curves = learning_curves(both(draws=5).finished, replications=300)
    said = forecast(curves, "gmm")
    assert said.form and said.sizes[0] == SIZES[-1]
    assert said.at(4000)[1] <= modular(4000) <= said.at(4000)[2]
    assert said.high[-1] / said.low[-1] > said.high[0] / said.low[0]
