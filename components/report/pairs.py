"""Pairs: two systems of one family beside each other, such as one with two settings -> a table for the page."""

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
    """pairs: each with its sentence. table: see `pairs_frame`. sizes: of training, smallest first."""

    pairs: list[tuple[Pair, str]]
    table: pd.DataFrame
    sizes: list[int]

    @property
    def rows(self) -> list[tuple[Pair, str, str, dict[int, dict]]]:
        """Pair, from where on its better one is ahead, the interval of that, size -> that row of the table."""
        tables = self.table.groupby(["before", "after"])
        return [
            (
                pair,
                ahead_from(pair.crossover),
                interval(pair.crossover),
                {row["size"]: row for row in tables.get_group((pair.before, pair.after)).to_dict("records")},
            )
            for pair, _ in self.pairs
        ]


def pairs_view(findings: Findings) -> PairsView | None:
    """Findings -> its pairs; None without any."""
    if not findings.pairs:
        return None
    table = pairs_frame(findings.pairs)
    said = [(pair, pair_sentence(pair, findings.nouns)) for pair in findings.pairs]
    return PairsView(said, table, sorted(set(table["size"])))


def pairs_frame(pairs: list[Pair]) -> pd.DataFrame:
    """Pairs -> one row a pair and size.

    Columns before, after, size, before_rate, after_rate, difference, low, high, p_value (of a paired test,
    corrected for all sizes).
    """
    columns = ["before", "after", "size", "before_rate", "after_rate", "difference", "low", "high", "p_value"]
    rows = [
        [pair.before, pair.after, int(size), *pair.rates[:, place]]
        + [float(getattr(pair.change, name)[place]) for name in columns[5:]]
        for pair in pairs
        for place, size in enumerate(pair.change.sizes)
    ]
    return pd.DataFrame(rows, columns=columns)


PAIRS = Section(
    "pairs",
    link="Two of one family",
    after="extrapolation",
    view=pairs_view,
    html=from_template("pairs.html.j2"),
    tables=lambda view: {"pairs": view.table},
)
