"""The interval in studies as the field has them, and the simulator that makes these."""

from dataclasses import replace

import numpy as np
import pytest

from components.study.curves.learning import curves_of_counts
from components.study.curves.resampling import effective_sizes, inflation
from tests.study.curves.coverage import measured_in_the_field
from tests.study.curves.field_studies import counts_of, field_study


def test_rates_of_many_studies_are_those_expected_on_the_mean():
    study = field_study(np.random.default_rng(4))
    counts = [counts_of(np.random.default_rng(seed), study) for seed in range(300)]
    rates = [each.errors.sum(axis=(0, 3)) / each.totals.sum() / study.draws for each in counts]
    error = np.std(rates, axis=0) / np.sqrt(len(rates))
    assert (np.abs(np.mean(rates, axis=0) - study.expected(np.array(study.sizes))) < 4 * error).all()


@pytest.mark.parametrize(("kind", "lasts"), [("lasting", True), ("passing", False)])
def test_lasting_luck_is_shared_by_the_smallest_and_the_largest_size(kind, lasts):
    told = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rates = counts_of(rng, field_study(rng, kind, words=(1500, 2000))).errors.sum(axis=-1)
        away = rates - rates.mean(axis=0)
        told.append(np.sign(away[:, 1, 0] * away[:, 1, -1]).mean())
    assert (np.mean(told) > 0.3) == lasts


def replicates(alike):
    """Draws whose luck is one number for all of 6 sizes, or one for each, and groups that vary little."""
    rng = np.random.default_rng(0)
    luck = rng.standard_normal((4000, 1)) * np.ones(6) if alike else rng.standard_normal((4000, 6))
    by_group = 0.1 * rng.standard_normal((4000, 6))
    return np.zeros((1, 6)), luck + by_group, luck, by_group


def test_sizes_count_as_many_as_their_luck_differs():
    _, _, lasting, by_group = replicates(alike=True)
    assert effective_sizes(lasting, by_group.var(axis=0), 9) == pytest.approx(1, abs=0.01)
    _, _, passing, by_group = replicates(alike=False)
    assert effective_sizes(passing, by_group.var(axis=0), 9) == pytest.approx(6, abs=0.1)


def test_sizes_of_two_draws_count_between_one_and_all():
    _, _, lasting, by_group = replicates(alike=True)
    assert effective_sizes(lasting, by_group.var(axis=0), 2) == pytest.approx(np.sqrt(6), rel=0.01)


def test_the_bands_of_curves_from_two_draws_stay_on_the_page():
    """With one degree of freedom for the draws a rate of 9.4 % had a band up to 247 %."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        study = replace(field_study(rng), draws=2, speakers=20)
        curve = curves_of_counts(counts_of(rng, study), replications=500).curves["modular"]
        assert (curve.high < np.maximum(10 * curve.rate, 0.1)).all()


def test_one_draw_one_group_or_one_size_has_an_interval_all_the_same():
    parts = replicates(alike=True)
    for chosen in (parts, [part[:, :1] for part in parts], [parts[0], parts[3], 0 * parts[2], parts[3]]):
        assert all(np.isfinite(each).all() for each in inflation(chosen, 1, 1))


def test_a_crossover_is_held_where_many_speakers_say_a_few_words_each():
    """So few show a gross fault only; tests/benchmarks/test_field_coverage.py has thousands."""
    studies = measured_in_the_field(range(250), 200, speakers=(80,), words=(160, 800))
    inside = studies[studies["truth"] == "inside"]
    assert len(inside) > 100 and 0.92 <= inside["held"].mean() < 1
