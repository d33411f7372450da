"""Quantiles and tails of the distributions that intervals are made of; a share is in (0, 1).

scipy.stats has them as well, and takes half a second to import, which every command would spend.
"""

from __future__ import annotations

from typing import Any

from scipy.special import gammaincinv, ndtr, ndtri, stdtr, stdtrit


def normal_share(value: Any) -> Any:
    """Value -> the share of the standard normal distribution below it."""
    return ndtr(value)


def normal_quantile(share: Any) -> Any:
    """Share -> the value below which so much of the standard normal distribution lies."""
    return ndtri(share)


def t_quantile(share: Any, df: Any) -> Any:
    """Share, degrees of freedom -> the value below which so much of Student's t lies."""
    return stdtrit(df, share)


def t_tail(value: Any, df: Any) -> Any:
    """Value, degrees of freedom -> the share of Student's t above it."""
    return stdtr(df, -value)


def chi2_quantile(share: Any, df: Any) -> Any:
    """Share, degrees of freedom -> the value below which so much of chi-squared lies."""
    return 2 * gammaincinv(df / 2, share)
