"""The interval of the crossover holds the truth as often as it says, and its chances come true."""

import pytest

from tests.study.curves.coverage import CHANCES, measured, miscalibration


@pytest.fixture(scope="module")
def studies():
    return measured(range(150), replications=300)


def test_the_interval_holds_a_crossover_inside_the_sizes_about_as_often_as_it_says(studies):
    inside = studies[studies["truth"] == "inside"]
    assert len(inside) > 50 and 0.88 <= inside["held"].mean() < 1


def test_a_crossover_outside_the_sizes_is_not_denied(studies):
    assert studies[studies["truth"] != "inside"]["held"].mean() >= 0.95


@pytest.mark.parametrize("chance", CHANCES)
def test_chances_come_true_about_as_often_as_they_say(studies, chance):
    said, true = studies[f"said {chance}"].mean(), (studies["truth"] == chance).mean()
    assert abs(said - true) < 0.06 and miscalibration(studies, chance) < 0.12
