"""Tables: findings -> the answer as rows, for a terminal, for Prefect and for a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from rich.table import Table

from components.report.chart import percent
from components.report.equal_cost import equal_cost_rows
from components.report.extrapolation import ONE_DRAW, significant_sizes
from components.report.findings import Findings, sizes_tried
from components.report.regression import regression_sentence
from components.report.sections import Section, costs_in
from components.study.curves import BEST, Crossover
from components.study.curves.answer import about
from components.study.curves.answer import percent as share
from components.study.curves.crossing import leader
from components.study.nouns import Nouns, capitalised
from components.study.results import StudyRecord, TrialResult

RATES = ("rate", "low", "high")


def answer_frame(findings: Findings) -> pd.DataFrame:
    """Findings -> one row a recogniser and size: rate, low, high, trials, failed, means of other metrics."""
    record, rows = findings.record, []
    metrics = mean_metrics(record)
    for name in record.recognisers:
        trials = [trial for trial in record.trials if trial.recogniser == name]
        for size in sizes_tried(record, name):
            here = [trial for trial in trials if trial.size == size]
            row = {"recogniser": name, "family": trials[0].family, "size": size}
            row |= _measured(findings, name, size)
            finished = [trial for trial in here if trial.status == "finished"]
            row |= {"trials": len(finished), "failed": len(here) - len(finished)}
            rows.append(row | {name: _mean(finished, name) for name in metrics})
    return pd.DataFrame(rows)


def mean_metrics(record: StudyRecord) -> list[str]:
    """Names of all metrics that finished trials have, but for the error rate and its counts."""
    metric = record.nouns.metric
    counted = {metric, f"{metric}_low", f"{metric}_high", "errors", "total"}
    return sorted({name for trial in record.finished for name in trial.metrics} - counted)


def in_nouns(frame: pd.DataFrame, nouns: Nouns) -> pd.DataFrame:
    """A frame -> the same with its columns named as the subject has them, for a file."""
    rates = {"rate": nouns.metric, "low": f"{nouns.metric}_low", "high": f"{nouns.metric}_high"}
    return frame.rename(columns={"recogniser": nouns.system, **(rates if "rate" in frame else {})})


def trial_frame(record: StudyRecord) -> pd.DataFrame:
    """A record -> one row a trial: what it was, how it went, and the run that keeps it."""
    columns = ["recogniser", "fold", "size", "draw", "init", "status", "rate", "train_seconds", "run"]
    rows = [
        [trial.recogniser, trial.fold, trial.size, trial.draw, trial.init, trial.status]
        + [trial.metrics.get(name, np.nan) for name in (record.nouns.metric, "train_seconds")]
        + [trial.run_id]
        for trial in record.trials
    ]
    return pd.DataFrame(rows, columns=columns)


def _measured(findings: Findings, recogniser: str, size: int) -> dict[str, float]:
    if not size and recogniser in findings.without_labels:
        return asdict(findings.without_labels[recogniser])
    columns = np.flatnonzero(findings.sizes(recogniser) == size)
    if not len(columns):
        return dict.fromkeys(RATES, float("nan"))
    curve = findings.curves.curves[recogniser]
    return {name: getattr(curve, name)[columns[0]] for name in RATES}


def _mean(trials: Sequence[TrialResult], name: str) -> float:
    values = [trial.metrics[name] for trial in trials if name in trial.metrics]
    return float(np.mean(values)) if values else float("nan")


def table_rows(findings: Findings) -> list[dict[str, str | int]]:
    """Findings -> the answer table as plain rows of text, for a Prefect table artifact."""
    nouns = findings.nouns
    return [
        {
            nouns.system: row.recogniser,
            "family": row.family,
            nouns.examples: row.size,
            nouns.wrong: "-" if np.isnan(row.rate) else percent(row.rate),
            "95 % interval": "-" if np.isnan(row.low) else f"{percent(row.low)} to {percent(row.high)}",
            "trials": row.trials,
            "failed": row.failed,
        }
        for row in answer_frame(findings).itertuples()
    ]


def answer_table(findings: Findings) -> Table:
    """Findings -> error rates by recogniser and size, for a terminal; the best of a size in bold."""
    record, nouns = findings.record, findings.nouns
    where = record.dataset.get("name", record.name)
    table = Table(title=f"{capitalised(nouns.wrong)} on {where}, by {nouns.labelled}")
    table.add_column(nouns.system, no_wrap=True)
    table.add_column("family")
    for size in record.all_sizes:
        table.add_column(f"{size:,}", justify="right")
    if not record.trials:
        return table
    frame = answer_frame(findings)
    best = frame.groupby("size")["rate"].min()
    for name in record.recognisers:
        rows = frame[frame["recogniser"] == name].set_index("size")
        cells = [_cell(rows.loc[size], best[size]) if size in rows.index else "" for size in record.all_sizes]
        table.add_row(name, rows["family"].iloc[0], *cells)
    return table


def _cell(row: pd.Series, best: float) -> str:
    text = "failed" if np.isnan(row["rate"]) else percent(row["rate"])
    text += f" ({row['failed']} failed)" if row["failed"] and not np.isnan(row["rate"]) else ""
    return f"[bold]{text}[/bold]" if row["rate"] == best else text


def crossover_rows(findings: Findings) -> list[dict[str, str]]:
    """Findings -> every crossover in words: who, from where on, interval, and the three chances.

    Then how often the lead changes hands, and the sizes at which a paired test finds end-to-end ahead or
    behind.
    """
    rows = []
    for crossover in findings.crossovers:
        ahead, behind = significant_sizes(findings, crossover)
        row = {
            "modular": _named(findings, crossover, crossover.modular),
            "end-to-end": _named(findings, crossover, crossover.end_to_end),
            "from": ahead_from(crossover),
            "interval": interval(crossover),
            "below": _chance(findings, crossover.below),
            "inside": _chance(findings, crossover.inside),
            "never": _chance(findings, crossover.never),
            "changes": str(len(crossover.crossings)),
        }
        rows.append(row | {"ahead": ahead, "behind": behind})
    return rows


def _named(findings: Findings, crossover: Crossover, name: str) -> str:
    """A curve's name; for the best of a family, with who that is at the crossover."""
    if name not in BEST.values() or findings.curves is None:
        return name
    end = crossover.sizes[0] if crossover.outcome == "below" else crossover.sizes[-1]
    return f"{name}: {leader(findings.curves, name, crossover.estimate or end)}"


def _chance(findings: Findings, of: float) -> str:
    """How likely something is, in words; not known where neither draws nor test groups can be resampled."""
    return share(of) if findings.luck else "-"


def ahead_from(crossover: Crossover) -> str:
    """From how many labelled examples on the second of a crossover stays ahead, in words."""
    if crossover.outcome == "inside":
        return about(crossover.estimate)
    below = crossover.outcome == "below"
    return f"at or below {crossover.sizes[0]:,}" if below else f"not within {crossover.sizes[-1]:,}"


def interval(crossover: Crossover) -> str:
    """95 % interval of a crossover, its ends in words where they lie outside the sizes tried."""
    if crossover.draws < 2:
        return ONE_DRAW
    low, high = crossover.low, crossover.high
    low_text = about(low) if 0 < low < np.inf else f"below {crossover.sizes[0]:,}"
    high_text = about(high) if 0 < high < np.inf else f"beyond {crossover.sizes[-1]:,}"
    if low == high:
        return low_text if low == 0 else high_text
    return f"{low_text} to {high_text}" if low < np.inf else high_text


def markdown_summary(findings: Findings, sections: Sequence[Section] = ()) -> str:
    """Findings, and the sections of their subject -> answer, table and crossovers as Markdown for Prefect."""
    record = findings.record
    lines = [f"# {_plain(record.name)}", "", f"**{_plain(findings.sentence)}**", ""]
    if record.regressions:
        lines[2:2] = [f"**{_plain(regression_sentence(record))}**", ""]
    if record.dataset.get("notice"):
        lines += [f"> {_plain(record.dataset['notice'])}", ""]
    lines += [f"{len(record.finished)} trials finished, {len(record.failed)} failed.", ""]
    if record.trials:
        lines += [*_markdown(table_rows(findings)), ""]
    if findings.crossovers:
        lines += ["## Where end-to-end goes ahead", "", *_markdown(crossover_rows(findings)), ""]
        rows = equal_cost_rows(findings, costs_in(sections))
        lines += ["## Where it goes ahead at equal cost", "", *_markdown(rows), ""]
    return "\n".join([*lines, f"Repeat it: `{record.command}`", ""])


def _markdown(rows: list[dict]) -> list[str]:
    """Rows -> lines of a Markdown table."""
    cells = [list(rows[0]), ["---"] * len(rows[0]), *([str(v) for v in row.values()] for row in rows)]
    return ["| " + " | ".join(_plain(cell) for cell in line) + " |" for line in cells]


def _plain(text: object) -> str:
    """Text that Markdown must not read as layout or as HTML."""
    return " ".join(str(text).replace("|", "/").replace("<", "&lt;").split())
