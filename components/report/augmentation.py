"""Augmentation: recognisers tried with and without altered clips -> a table and two answers for the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from components.report.findings import Findings
from components.report.findings import findings as findings_of
from components.speech.augmentation.policy import AUGMENTED, PLAIN, split_variant
from components.study.curves.change import change, same_answer


@dataclass(frozen=True, eq=False)
class AugmentationView:
    """What altered clips change. table: see `augmentation_frame`. sizes: of training, smallest first.

    plain, augmented: the sentence of the study without and with; "" unless both families were tried with
    both. same: whether these two say the same.
    """

    table: pd.DataFrame
    sizes: list[int]
    plain: str = ""
    augmented: str = ""
    same: bool = True

    @property
    def rows(self) -> dict[tuple[str, str], dict[int, dict]]:
        """(recogniser, how it was augmented) -> size -> that row of the table."""
        rows: dict[tuple[str, str], dict[int, dict]] = {}
        for row in self.table.to_dict("records"):
            rows.setdefault((row["recogniser"], row["augmentation"]), {})[row["size"]] = row
        return rows


def augmentation_view(findings: Findings) -> AugmentationView | None:
    """Findings -> what altered clips change; None if no recogniser was tried with and without."""
    table = augmentation_frame(findings)
    if not len(table):
        return None
    view = AugmentationView(table, sorted(set(table["size"])))
    plain, augmented = (_alone(findings, variant) for variant in (PLAIN, AUGMENTED))
    if plain.headline is None or augmented.headline is None:
        return view
    same = same_answer(plain.headline, augmented.headline)
    return replace(view, plain=plain.sentence, augmented=augmented.sentence, same=same)


def augmentation_frame(findings: Findings) -> pd.DataFrame:
    """Findings -> one row a recogniser, variant and size, for those that were tried without, too.

    Columns recogniser, augmentation, size, copies (of each clip altered), plain and augmented (WER),
    difference, low and high.
    """
    columns = ["recogniser", "augmentation", "size", "copies", "plain", "augmented"]
    rows = [row for name in findings.record.recognisers for row in _rows(findings, name)]
    return pd.DataFrame(rows, columns=[*columns, "difference", "low", "high"])


def _rows(findings: Findings, name: str) -> list[list]:
    """One augmented recogniser -> its rows; none if it was not tried without."""
    base, variant = split_variant(name)
    without = f"{base}:{PLAIN}"
    if findings.curves is None or name == without or not {name, without} <= findings.curves.curves.keys():
        return []
    tested = change(findings.curves, without, name)
    rates = [_rates(findings, curve) for curve in (without, name)]
    return [
        [
            base,
            variant or "usual",
            int(size),
            _copies(findings, name, size),
            *(rate[size] for rate in rates),
        ]
        + [float(part[place]) for part in (tested.difference, tested.low, tested.high)]
        for place, size in enumerate(tested.sizes)
    ]


def _rates(findings: Findings, name: str) -> dict[int, float]:
    curve = findings.curves.curves[name]
    return dict(zip(curve.sizes, curve.rate, strict=True))


def _copies(findings: Findings, name: str, size: int) -> float:
    trials = [trial for trial in findings.record.finished if (trial.recogniser, trial.size) == (name, size)]
    copies = [trial.metrics.get("augmented_passes") for trial in trials]
    return float(pd.Series(copies, dtype=float).mean())


def _alone(findings: Findings, variant: str) -> Findings:
    """The findings of a study that had tried its recognisers with this variant alone."""
    trials = [trial for trial in findings.record.trials if split_variant(trial.recogniser)[1] == variant]
    return findings_of(replace(findings.record, trials=trials), findings.replications)
