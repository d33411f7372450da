"""Quantiles and tails are those of scipy.stats, to the bit."""

import numpy as np
from scipy import stats

from components.study import quantiles

SHARES = np.array([1e-6, 0.025, 0.3, 0.5, 0.8, 0.975, 1 - 1e-9])
VALUES = np.array([-9.0, -1.3, 0.0, 0.7, 4.0, 50.0])
FREEDOMS = np.array([[1], [2], [3.7], [12], [400], [np.inf]])


def test_the_normal_distribution_is_that_of_scipy_stats():
    assert np.array_equal(quantiles.normal_quantile(SHARES), stats.norm.ppf(SHARES))
    assert np.array_equal(quantiles.normal_share(VALUES), stats.norm.cdf(VALUES))


def test_students_t_is_that_of_scipy_stats():
    assert np.array_equal(quantiles.t_quantile(SHARES, FREEDOMS), stats.t.ppf(SHARES, FREEDOMS))
    assert np.array_equal(quantiles.t_tail(VALUES, FREEDOMS), stats.t.sf(VALUES, FREEDOMS))


def test_chi_squared_is_that_of_scipy_stats():
    ours = quantiles.chi2_quantile(SHARES, FREEDOMS[:-1])
    assert np.array_equal(ours, stats.chi2.ppf(SHARES, FREEDOMS[:-1]))
