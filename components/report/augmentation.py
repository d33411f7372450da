"""Augmentation: recognisers tried with and without altered clips -> a table and two answers for the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from components.report.findings import Findings, findings
from components.speech.augmentation.kinds import AUGMENTED, PLAIN, named
from components.study.curves.change import change, same_answer


@dataclass(frozen=True, eq=False)
class AugmentationView:
    """What altered clips change. table: see `augmentation_frame`. sizes: of training, smallest first.

    plain, augmented: the sentence of the study without and with; "" unless both families were tried both
    ways. same: whether these two say the same.
    """

    table: pd.DataFrame
    sizes: list[int]
    plain: str = ""
    augmented: str = ""
    same: bool = True

    @property
    def rows(self) -> dict[tuple[str, str], dict[int, dict]]:
        """(recogniser, how it was augmented) -> size -> that row of the table."""
        found: dict[tuple[str, str], dict[int, dict]] = {}
        for row in self.table.to_dict("records"):
            found.setdefault((row["recogniser"], row["augmentation"]), {})[row["size"]] = row
        return found


@lru_cache(maxsize=2)
def augmentation_view(found: Findings) -> AugmentationView | None:
    """Findings -> what altered clips change; None if no recogniser was tried with and without."""
    table = augmentation_frame(found)
    if not len(table):
        return None
    view = AugmentationView(table, sorted(set(table["size"])))
    plain, augmented = (_alone(found, variant) for variant in (PLAIN, AUGMENTED))
    if plain.headline is None or augmented.headline is None:
        return view
    same = same_answer(plain.headline, augmented.headline)
    return replace(view, plain=plain.sentence, augmented=augmented.sentence, same=same)


def augmentation_frame(found: Findings) -> pd.DataFrame:
    """Findings -> one row a recogniser, way of augmenting and size, for those that were tried without, too.

    Columns recogniser, augmentation, size, hearings (of each clip altered), plain and augmented (WER),
    difference, low and high.
    """
    columns = ["recogniser", "augmentation", "size", "hearings", "plain", "augmented"]
    rows = [row for name in found.record.recognisers for row in _rows(found, name)]
    return pd.DataFrame(rows, columns=[*columns, "difference", "low", "high"])


def _rows(found: Findings, name: str) -> list[list]:
    """One augmented recogniser -> its rows; none if it was not tried without."""
    base, variant = named(name)
    without = f"{base}:{PLAIN}"
    if found.curves is None or name == without or not {name, without} <= found.curves.curves.keys():
        return []
    made = change(found.curves, without, name)
    rates = [_rates(found, one) for one in (without, name)]
    return [
        [base, variant or "usual", int(size), _hearings(found, name, size), *(rate[size] for rate in rates)]
        + [float(part[place]) for part in (made.difference, made.low, made.high)]
        for place, size in enumerate(made.sizes)
    ]


def _rates(found: Findings, name: str) -> dict[int, float]:
    curve = found.curves.curves[name]
    return dict(zip(curve.sizes, curve.rate, strict=True))


def _hearings(found: Findings, name: str, size: int) -> float:
    own = [trial for trial in found.record.finished if (trial.recogniser, trial.size) == (name, size)]
    return float(pd.Series([trial.metrics.get("augmented_passes") for trial in own], dtype=float).mean())


def _alone(found: Findings, variant: str) -> Findings:
    """The findings of a study that had tried its recognisers in this one way."""
    trials = [trial for trial in found.record.trials if named(trial.recogniser)[1] == variant]
    return findings(replace(found.record, trials=trials))
