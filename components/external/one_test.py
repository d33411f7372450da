"""Scores of trials that may have been tested on different things -> scores of one test."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from components.external.counted import ONE
from components.study.checks import CheckResult
from components.study.nouns import Nouns


def is_one_test(tables: Mapping[Hashable, pd.DataFrame]) -> bool:
    """Whether all trials have the same parts of a test, of the same groups and totals."""
    return len({frozenset(_parts(table)) for table in tables.values()}) == 1


def _parts(table: pd.DataFrame) -> list[tuple]:
    return list(table[["id", "group", "total"]].itertuples(index=False, name=None))


def rates_alone(tables: Mapping[Hashable, pd.DataFrame]) -> dict[Hashable, pd.DataFrame]:
    """Scores by trial -> one row a trial with the same rate, of a test that is as long as the shortest."""
    sums = {trial: table[["errors", "total"]].sum() for trial, table in tables.items()}
    shortest = min(own["total"] for own in sums.values())
    rows = {trial: own["errors"] / own["total"] * shortest for trial, own in sums.items()}
    return {
        trial: pd.DataFrame({"id": [ONE], "group": [""], "errors": [errors], "total": [shortest]})
        for trial, errors in rows.items()
    }


@dataclass(frozen=True)
class Limits:
    """What the tests leave unknown: checks for the page, caution for the answer."""

    checks: Sequence[CheckResult] = ()
    caution: str = ""


def unequal_tests(tables: Mapping[Hashable, pd.DataFrame]) -> Limits:
    """What to know of tests that are not the same."""
    totals = sorted({f"{table['total'].sum():,.0f}" for table in tables.values()})
    check = CheckResult(
        "unequal-tests",
        "look",
        "Not all trials have the same parts of a test with the same totals (other recordings, or texts "
        "written otherwise). Their rates are compared as they are; what that changes is in no interval.",
        tuple(f"a total of {total}" for total in totals),
    )
    return Limits([check], "Not all were tested on the same, so only their rates are compared.")


def luck_of_the_test(tables: Mapping[Hashable, pd.DataFrame], nouns: Nouns) -> Limits:
    """What to know of a test in which nothing belongs together, or of which there is one number."""
    first = next(iter(tables.values()))
    if len(first) == 1:
        message = "The test of each trial is one number, so the luck of what was tested is in no interval."
        return _no_groups(message, f"The interval leaves out which {nouns.items} were tested.")
    if not (first["group"] != "").any():
        caution = f"No {nouns.groups} are named, so {nouns.examples} count as independent."
        return _no_groups(
            f"{caution} Where those of one {nouns.group} err together, intervals are too narrow.", caution
        )
    return Limits()


def _no_groups(message: str, caution: str) -> Limits:
    return Limits([CheckResult("no-groups", "look", message)], caution)
