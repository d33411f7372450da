"""Tables: findings -> the answer as rows, for a terminal, for Prefect and for a CSV file."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rich.table import Table

from components.report.chart import percent
from components.report.equal_cost import trade_rows
from components.report.extrapolation import surely
from components.report.findings import Findings, asked, findings
from components.report.regression import regressed_line
from components.study.curves import BEST, Crossover
from components.study.curves.answer import about
from components.study.curves.answer import percent as share
from components.study.curves.crossing import leader
from components.study.results import StudyRecord


def answer_frame(record: StudyRecord) -> pd.DataFrame:
    """A record -> one row a recogniser and size: wer, low, high, trials, failed, and mean costs."""
    found, rows = findings(record), []
    curves = found.curves.curves if found.curves else {}
    for name in record.recognisers:
        own = [trial for trial in record.trials if trial.recogniser == name]
        for size in asked(record, name):
            here = [trial for trial in own if trial.size == size]
            row = {"recogniser": name, "family": own[0].family, "size": size}
            row |= _measured(curves.get(name), size)
            done = [trial for trial in here if trial.status == "finished"]
            row |= {"trials": len(done), "failed": len(here) - len(done)} | _means(done)
            rows.append(row)
    return pd.DataFrame(rows)


COST_NAMES = (
    "train_seconds",
    "decode_rtf",
    "parameters",
    "model_bytes",
    "peak_memory_mb",
    "altered_hearings",
)


def trial_frame(record: StudyRecord) -> pd.DataFrame:
    """A record -> one row a trial: what it was, how it went, and the run that keeps it."""
    columns = ["recogniser", "fold", "size", "draw", "init", "status", "wer", "train_seconds", "run"]
    rows = [
        [trial.recogniser, trial.fold, trial.size, trial.draw, trial.init, trial.status]
        + [trial.metrics.get(name, np.nan) for name in ("wer", "train_seconds")]
        + [trial.run_id]
        for trial in record.trials
    ]
    return pd.DataFrame(rows, columns=columns)


def _measured(curve, size: int) -> dict[str, float]:
    where = np.flatnonzero(curve.sizes == size) if curve is not None else []
    if not len(where):
        return dict.fromkeys(("wer", "wer_low", "wer_high"), float("nan"))
    at = where[0]
    return {"wer": curve.rate[at], "wer_low": curve.low[at], "wer_high": curve.high[at]}


def _means(trials) -> dict[str, float]:
    """Finished trials -> means of what they cost, of their character and of their sentence errors."""
    means = {}
    for name in ("cer", "sentence_error", *COST_NAMES):
        values = [trial.metrics[name] for trial in trials if name in trial.metrics]
        means[name] = float(np.mean(values)) if values else float("nan")
    return means


def table_rows(record: StudyRecord) -> list[dict[str, str | int]]:
    """A record -> the answer table as plain rows of text, for a Prefect table artifact."""
    frame = answer_frame(record)
    return [
        {
            "recogniser": row.recogniser,
            "family": row.family,
            "utterances": row.size,
            "words wrong": "-" if np.isnan(row.wer) else percent(row.wer),
            "95 % interval": "-"
            if np.isnan(row.wer)
            else f"{percent(row.wer_low)} to {percent(row.wer_high)}",
            "trials": row.trials,
            "failed": row.failed,
        }
        for row in frame.itertuples()
    ]


def answer_table(record: StudyRecord) -> Table:
    """A record -> word error rates by recogniser and size, for a terminal; the best of a size in bold."""
    table = Table(title=f"Words wrong on {record.dataset.get('name', record.name)}, by labelled utterances")
    table.add_column("recogniser", no_wrap=True)
    table.add_column("family")
    for size in record.sizes:
        table.add_column(f"{size:,}", justify="right")
    if not record.trials:
        return table
    frame = answer_frame(record)
    best = frame.groupby("size")["wer"].min()
    for name in record.recognisers:
        rows = frame[frame["recogniser"] == name].set_index("size")
        cells = [_cell(rows.loc[size], best[size]) if size in rows.index else "" for size in record.sizes]
        table.add_row(name, rows["family"].iloc[0], *cells)
    return table


def _cell(row: pd.Series, best: float) -> str:
    text = "failed" if np.isnan(row["wer"]) else percent(row["wer"])
    text += f" ({row['failed']} failed)" if row["failed"] and not np.isnan(row["wer"]) else ""
    return f"[bold]{text}[/bold]" if row["wer"] == best else text


def crossover_rows(found: Findings) -> list[dict[str, str]]:
    """Findings -> every crossover in words: who, from where on, interval, and the three chances.

    Then how often the lead changes hands, and the sizes at which a paired test finds end-to-end ahead or
    behind.
    """
    rows = []
    for each in found.crossovers:
        ahead, behind = surely(found, each)
        row = {
            "modular": _named(found, each, each.modular),
            "end-to-end": _named(found, each, each.end_to_end),
            "from": _from(each),
            "interval": interval(each),
            "below": share(each.below),
            "inside": share(each.inside),
            "never": share(each.never),
            "changes": str(len(each.crossings)),
        }
        rows.append(row | {"ahead": ahead, "behind": behind})
    return rows


def _named(found: Findings, each: Crossover, name: str) -> str:
    """A curve's name; for the best of a family, with who that is at the crossover."""
    if name not in BEST.values() or found.curves is None:
        return name
    at = each.estimate or (each.sizes[0] if each.outcome == "below" else each.sizes[-1])
    return f"{name}: {leader(found.curves, name, at)}"


def _from(each: Crossover) -> str:
    if each.outcome == "inside":
        return about(each.estimate)
    return f"at or below {each.sizes[0]:,}" if each.outcome == "below" else f"not within {each.sizes[-1]:,}"


def interval(each: Crossover) -> str:
    """95 % interval of a crossover, its ends in words where they lie outside the sizes tried."""
    if each.draws < 2:
        return "not known from one draw"
    low = about(each.low) if 0 < each.low < np.inf else f"below {each.sizes[0]:,}"
    high = about(each.high) if 0 < each.high < np.inf else f"beyond {each.sizes[-1]:,}"
    if each.low == each.high:
        return low if each.low == 0 else high
    return f"{low} to {high}" if each.low < np.inf else high


def markdown_summary(record: StudyRecord) -> str:
    """A record -> sentence, answer table and crossovers in Markdown, for a Prefect artifact."""
    found = findings(record)
    lines = [f"# {_plain(record.name)}", "", f"**{_plain(found.sentence)}**", ""]
    if record.regressed:
        lines[2:2] = [f"**{_plain(regressed_line(record))}**", ""]
    if record.dataset.get("notice"):
        lines += [f"> {_plain(record.dataset['notice'])}", ""]
    lines += [f"{len(record.finished)} trials finished, {len(record.failed)} failed.", ""]
    if record.trials:
        lines += [*_markdown(table_rows(record)), ""]
    if found.crossovers:
        lines += ["## Where end-to-end goes ahead", "", *_markdown(crossover_rows(found)), ""]
        lines += ["## Where it goes ahead at equal cost", "", *_markdown(trade_rows(found)), ""]
    return "\n".join([*lines, f"Repeat it: `{record.command}`", ""])


def _markdown(rows: list[dict]) -> list[str]:
    """Rows -> lines of a Markdown table."""
    cells = [list(rows[0]), ["---"] * len(rows[0]), *([str(v) for v in row.values()] for row in rows)]
    return ["| " + " | ".join(_plain(cell) for cell in line) + " |" for line in cells]


def _plain(text: object) -> str:
    """Text that Markdown must not read as layout or as HTML."""
    return " ".join(str(text).replace("|", "/").replace("<", "&lt;").split())
