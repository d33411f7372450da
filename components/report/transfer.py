"""Transfer: recognisers with and without a source -> what their labels are worth, and what to retrain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.report.chart import points
from components.report.findings import Findings
from components.report.sections import Section, from_template
from components.report.task_pairs import compared
from components.speech.transfer import LAST_THEN_ALL, MAP, NETWORKS, RETRAINED, SOURCE_METRICS, STARTS
from components.study.curves.answer import about
from components.study.curves.crossing import Crossover, crossover
from components.study.curves.label_worth import LabelWorth, label_worth
from components.study.recipe import base_name
from components.study.results import StudyRecord

COLUMNS = ["recogniser", "without", "size", "rate", "rate_without", "labels", "low", "high"]


@dataclass(frozen=True, eq=False)
class TransferView:
    """What a source is worth.

    table: one row a recogniser that starts from the source and size: its error rate and that of the same one
    without a source; the labels that the latter needs for the same, with their interval (0: fewer than the
    smallest size, infinity: more than the largest). source: its name. sentences: the same in words.
    forgetting: one row a network and size: error rates on the source's test, before and after it was trained
    on; no row where none were measured.
    """

    table: pd.DataFrame
    source: str
    sizes: list[int]
    sentences: list[str]
    forgetting: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name -> table for a file: transfer, and forgetting where any was measured."""
        return {"transfer": self.table} | ({"forgetting": self.forgetting} if len(self.forgetting) else {})

    @property
    def forgotten(self) -> dict[str, dict[int, dict]]:
        """Network -> size -> that row of the forgetting."""
        rows: dict[str, dict[int, dict]] = {}
        for row in self.forgetting.to_dict("records"):
            rows.setdefault(row["recogniser"], {})[row["size"]] = row
        return rows

    @property
    def rows(self) -> dict[tuple[str, str], dict[int, dict]]:
        """(recogniser, the same without a source) -> size -> that row of the table, in words."""
        rows: dict[tuple[str, str], dict[int, dict]] = {}
        for row in self.table.to_dict("records"):
            row |= {name: labels_in_words(row[name], self.sizes) for name in ("labels", "low", "high")}
            rows.setdefault((row["recogniser"], row["without"]), {})[row["size"]] = row
        return rows


def transfer_view(findings: Findings) -> TransferView | None:
    """Findings -> what the source is worth; None where nothing was compared with and without one."""
    if findings.curves is None:
        return None
    names = [name for name in findings.record.recognisers if base_name(name) in STARTS]
    worths = [worth for name in names for worth in _worths(findings, name)]
    if not worths:
        return None
    source = sources_in_words(findings.record.settings.get("source") or [])
    table = pd.DataFrame([_row(findings, worth) for worth in worths], columns=COLUMNS)
    sentences = [_worth_sentence(findings, name, source, worths) for name in names]
    sentences += [_what_to_retrain(findings, *pair) for pair in RETRAINED]
    sentences.append(_overtaken(findings))
    labelled = findings.nouns.labelled
    sentences += compared(findings.curves, "the words", labelled, _points, findings.record.recognisers)
    told = [text for text in sentences if text]
    return TransferView(table, source, findings.record.sizes, told, forgetting(findings.record))


def forgetting(record: StudyRecord) -> pd.DataFrame:
    """Study -> error rates on the source's test, pooled over trials: recogniser, size, before, after."""
    rows = [
        [trial.recogniser, trial.size, *(trial.metrics[name] for name in SOURCE_METRICS)]
        for trial in record.finished
        if trial.metrics.keys() >= set(SOURCE_METRICS)
    ]
    counts = pd.DataFrame(rows, columns=["recogniser", "size", "words", "before", "after"])
    counts = counts.groupby(["recogniser", "size"], as_index=False).sum()
    counts[["before", "after"]] = counts[["before", "after"]].div(counts["words"], axis=0)
    return counts.drop(columns="words")


def sources_in_words(source: str | Sequence[str]) -> str:
    """Names of the sources, or the one of an earlier version -> in words."""
    names = [source] if isinstance(source, str) else source
    return " and ".join(names) or "another corpus"


def _worths(findings: Findings, name: str) -> list[LabelWorth]:
    curves, other = findings.curves, STARTS[base_name(name)].scratch
    return label_worth(curves, name, other) if {name, other} <= curves.curves.keys() else []


def _row(findings: Findings, worth: LabelWorth) -> list:
    rates = [_rate(findings, name, worth.size) for name in (worth.name, worth.other)]
    return [worth.name, worth.other, worth.size, *rates, worth.labels, worth.low, worth.high]


def _rate(findings: Findings, name: str, size: int) -> float:
    curve = findings.curves.curves[name]
    return float(curve.rate[np.flatnonzero(curve.sizes == size)[0]])


def _worth_sentence(findings: Findings, name: str, source: str, worths: list[LabelWorth]) -> str:
    """The smallest size at which a recogniser's worth was measured within the sizes tried, in words; or that
    it is of no use at any of them."""
    own = [worth for worth in worths if worth.name == name]
    if own and (crossing := crossover(findings.curves, name, own[0].other)).outcome == "below":
        low, high = (labels_in_words(size, findings.record.sizes) for size in (crossing.low, crossing.high))
        return (
            f"Trained on {source}, {name} errs more than {own[0].other} at every size tried (95 %: from "
            f"{low} to {high} on)."
        )
    inside = next((worth for worth in own if 0 < worth.labels < np.inf), None)
    if inside is None:
        return ""
    low, high = (labels_in_words(size, findings.record.sizes) for size in (inside.low, inside.high))
    when = "before" if STARTS[base_name(name)].source else "at the same time"
    return (
        f"Trained on {source} {when}, {name} does with {inside.size:,} {findings.nouns.labelled} what "
        f"{inside.other} does with {about(inside.labels)} (95 % {low} to {high}){_until(findings, name)}."
    )


def _points(difference: float) -> str:
    return f"{points(difference)} points"


def _until(findings: Findings, name: str) -> str:
    """From which size on a recogniser errs less without the source, in words; "" where it never does."""
    crossing = crossover(findings.curves, name, STARTS[base_name(name)].scratch)
    if crossing.outcome != "inside":
        return ""
    low, high = (labels_in_words(size, findings.record.sizes) for size in (crossing.low, crossing.high))
    perhaps = "" if np.isfinite(crossing.high) else "perhaps "
    return f"; {perhaps}from about {about(crossing.estimate)} on ({low} to {high}) it errs less without"


def _what_to_retrain(findings: Findings, last_layer: str, all_layers: str) -> str:
    """From which size on all layers are better retrained than the last one alone, in words."""
    if not {last_layer, all_layers} <= findings.curves.curves.keys():
        return ""
    crossing = crossover(findings.curves, last_layer, all_layers)
    low, high = (labels_in_words(size, findings.record.sizes) for size in (crossing.low, crossing.high))
    return WHAT_TO_RETRAIN[crossing.outcome](crossing, findings.nouns.labelled, f"(95 % {low} to {high})")


def _overtaken(findings: Findings) -> str:
    """Where end-to-end goes ahead of modular, both with the source, and both without, in words."""
    pairs = {(one.modular, one.end_to_end): one for one in findings.crossovers}
    networks = [name for name in NETWORKS if (MAP, name) in pairs]
    without = pairs.get((STARTS[MAP].scratch, STARTS[LAST_THEN_ALL].scratch))
    if not networks or without is None:
        return ""
    best = leader_of(findings, networks)
    with_source, before = (_ahead_from(one, findings) for one in (pairs[MAP, best], without))
    return (
        f"End-to-end ({best}) is ahead of modular ({MAP}), both with the source, from {with_source} on; "
        f"without it ({without.end_to_end}, {without.modular}) from {before} on."
    )


def leader_of(findings: Findings, names: list[str]) -> str:
    """Names of curves -> the one that errs least at the largest size that it was measured at."""
    return min(names, key=lambda name: findings.curves.curves[name].rate[-1])


def _ahead_from(one: Crossover, findings: Findings) -> str:
    sizes = findings.record.sizes
    size = {"below": 0.0, "never": np.inf}.get(one.outcome, one.estimate)
    low, high = (labels_in_words(end, sizes) for end in (one.low, one.high))
    return f"{labels_in_words(size, sizes)} ({low} to {high})"


WHAT_TO_RETRAIN: dict[str, Callable[[Crossover, str, str], str]] = {
    "inside": lambda crossing, labelled, between: (
        f"Below about {about(crossing.estimate)} {labelled} {between} retrain the last layer alone, above it "
        "all layers."
    ),
    "below": lambda crossing, labelled, between: (
        f"Retrain all layers at every size tried; the last layer alone is never better. Crossing: {between}."
    ),
    "never": lambda crossing, labelled, between: (
        f"Retrain the last layer alone at every size tried; all layers are never better. Crossing: {between}."
    ),
}


def labels_in_words(size: float, sizes: list[int]) -> str:
    """A number of labels -> in words; 0 and infinity lie outside the sizes tried."""
    if size == 0:
        return f"fewer than {sizes[0]:,}"
    return about(size) if np.isfinite(size) else f"more than {sizes[-1]:,}"


TRANSFER = Section(
    "transfer",
    link="What the source is worth",
    after="extrapolation",
    view=transfer_view,
    html=from_template("transfer.html.j2"),
    tables=lambda view: view.tables,
)
