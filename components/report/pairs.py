"""Pairs: two systems of one family, such as one with two settings, beside each other -> a table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.report.findings import Findings
from components.report.sections import Section, from_template
from components.report.tables import ahead_from, interval
from components.study.curves import Pair
from components.study.curves.answer import pair_sentence


@dataclass(frozen=True, eq=False)
class PairsView:
    """sentences: of each pair. table: see `pairs_frame`. sizes: of training, smallest first.

    rows: pair, from where on its better one is ahead, the interval of that, size -> its row of the table.
    """

    sentences: list[str]
    table: pd.DataFrame
    sizes: list[float]
    rows: list[tuple[Pair, str, str, dict[float, dict]]]


def pairs_view(findings: Findings) -> PairsView | None:
    """Findings -> its pairs; None without any."""
    if not findings.pairs:
        return None
    tables = [pairs_frame(pair) for pair in findings.pairs]
    rows = [
        (pair, ahead_from(pair.crossover), interval(pair.crossover), _by_size(table))
        for pair, table in zip(findings.pairs, tables, strict=True)
    ]
    sentences = [pair_sentence(pair, findings.nouns) for pair in findings.pairs]
    table = pd.concat(tables, ignore_index=True)
    return PairsView(sentences, table, sorted(set(table["size"])), rows)


def _by_size(table: pd.DataFrame) -> dict[float, dict]:
    return {row["size"]: row for row in table.to_dict("records")}


def pairs_frame(pair: Pair) -> pd.DataFrame:
    """A pair -> one row a size.

    Columns before, after, size, before_rate, after_rate, difference, low, high, p_value (of a paired test,
    corrected for all sizes).
    """
    changed = pair.change
    numbers = {name: getattr(changed, name) for name in ("difference", "low", "high", "p_value")}
    rates = dict(zip(("before_rate", "after_rate"), pair.rates, strict=True))
    named = {"before": pair.before, "after": pair.after}
    return pd.DataFrame({**named, "size": changed.sizes, **rates, **numbers})


PAIRS = Section(
    "pairs",
    link="Two of one family",
    after="extrapolation",
    view=pairs_view,
    html=from_template("pairs.html.j2"),
    tables=lambda view: {"pairs": view.table},
)
