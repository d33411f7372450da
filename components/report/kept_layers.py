"""General by layer: networks that keep their first layers from a source -> errors by how many they keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.report.chart import percent
from components.report.findings import Findings
from components.report.kept_layers_svg import draw_kept_layers
from components.report.sections import Section, from_template
from components.speech.transfer import FIRST_LAYERS, STARTS
from components.study.curves import Curve, change
from components.study.curves.answer import listed
from components.study.curves.change import holm
from components.study.recipe import base_name, named_settings

COLUMNS = ["kept", "size", "rate", "low", "high"]
LEVEL = 0.05  # of the tests


@dataclass(frozen=True, eq=False)
class KeptLayersView:
    """How general the layers of a network are.

    table: one row a number of kept layers and size: error rate and both ends of its interval. scratch: size
    -> error rate of the same network with no layer from the source, where it was compared. sentence: the
    same in words.
    """

    table: pd.DataFrame
    scratch: dict[int, float]
    sentence: str

    @property
    def sizes(self) -> list[int]:
        """Of training, smallest first."""
        return sorted(set(self.table["size"]))


def kept_layers_view(findings: Findings) -> KeptLayersView | None:
    """Findings -> errors by number of kept layers; None where no two numbers were compared."""
    curves = findings.curves.curves if findings.curves else {}
    names = {_kept(findings, name): name for name in curves if base_name(name) == FIRST_LAYERS}
    if len(names) < 2:
        return None
    rows = [[kept, *row] for kept in sorted(names) for row in _rows(curves[names[kept]])]
    scratch = curves.get(STARTS[FIRST_LAYERS].scratch)
    without = {size: rate for size, rate, *_ in _rows(scratch)} if scratch else {}
    return KeptLayersView(pd.DataFrame(rows, columns=COLUMNS), without, _sentence(findings, names))


def _kept(findings: Findings, name: str) -> int:
    """A recogniser's name -> how many layers it keeps, by its name, else by its trials' settings."""
    params = next(trial.params for trial in findings.record.finished if trial.recogniser == name)
    return int(named_settings(name).get("kept_layers", params.get("kept_layers", 0)))


def _rows(curve: Curve) -> list[list]:
    """A curve -> size, rate, low and high, a list a size."""
    values = zip(curve.sizes.tolist(), curve.rate, curve.low, curve.high, strict=True)
    return [[int(size), *map(float, rates)] for size, *rates in values]


def _sentence(findings: Findings, names: dict[int, str]) -> str:
    """Which numbers of kept layers err less or more than the fewest, at the largest size that all have."""
    fewest, *more = sorted(names)
    changes = {kept: change(findings.curves, names[fewest], names[kept]) for kept in more}
    shared = set.intersection(*(set(one.sizes.tolist()) for one in changes.values()))
    if not shared:
        return ""
    size = max(shared)
    places = {kept: one.sizes.tolist().index(size) for kept, one in changes.items()}
    p_values = holm(np.array([one.p_value[places[kept]] for kept, one in changes.items()]))
    verdicts: dict[str, list[int]] = {}
    for (kept, one), p_value in zip(changes.items(), p_values, strict=True):
        how = "errs less" if one.difference[places[kept]] < 0 else "errs more"
        verdicts.setdefault(how if p_value < LEVEL else "errs as much but for luck", []).append(kept)
    said = [f"keeping {_in_words(kepts)} {how}" for how, kepts in verdicts.items()]
    curve = findings.curves.curves[names[fewest]]
    rate = percent(float(curve.rate[np.flatnonzero(curve.sizes == size)[0]]))
    return (
        f"With {size:,} {findings.nouns.labelled}, against {fewest} kept layers ({rate}): {', '.join(said)}, "
        "by a test of the 5 % level over all of these."
    )


def _in_words(numbers: Sequence[int]) -> str:
    return listed([str(number) for number in numbers])


KEPT_LAYERS = Section(
    "kept-layers",
    link="General by layer",
    after="extrapolation",
    view=kept_layers_view,
    html=from_template("kept_layers.html.j2", draw=draw_kept_layers),
    tables=lambda view: {"kept_layers": view.table},
)
