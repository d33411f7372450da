"""Ceiling: what a ceiling analysis found -> its tables and its picture, for the page and the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from components.report.ceiling_svg import Bars
from components.report.chart import percent
from components.report.findings import Findings
from components.report.line_style import LineStyle
from components.speech.inspection.ceiling import AS_TRAINED, ORACLES, Ceiling, pooled, sentence
from components.study.results import StudyRecord

# warm colours are of acoustics, cool ones of language
ORACLE_STYLES = {
    "wider beam": LineStyle("#59626e", "#a5adb8", "square", True),
    "true boundaries": LineStyle("#a87400", "#f0b429", "triangle", False),
    "true phones": LineStyle("#d55e00", "#ff8a3d", "circle", False),
    "oracle LM": LineStyle("#3b3b98", "#a5a5f5", "diamond", True),
    "oracle lexicon": LineStyle("#00805f", "#2cc79c", "square", False),
}
MEANINGS = {
    AS_TRAINED: "nothing replaced",
    "wider beam": "search four times as wide",
    "true boundaries": "where words begin and end is known",
    "true phones": "the phones that were said are recognised",
    "oracle LM": "language model learned from the test texts",
    "oracle lexicon": "words that training never had are known",
}
SCORES = {
    "frame accuracy": "frames whose likeliest state is of the true phone",
    "phone error rate": "phones recognised in any order: no lexicon, no language model",
    "boundary error": "mean distance of starts and ends of words from the true ones",
    "LM perplexity": "how many words it is as good as torn between",
    "unknown words": "said in the test and not in the lexicon",
    "changed by a wider beam": "utterances that get other words",
    "improved by a wider beam": "utterances that get a likelier path",
    "truth missed by the search": "utterances whose true text is likelier than what was found",
}
WRITTEN = {"boundary error": "{:.1f} ms", "LM perplexity": "{:.1f}"}  # the others are shares


@dataclass(frozen=True)
class CeilingView:
    """One recogniser's analysis, ready to be shown. rates, scores: (name, meaning, a cell a size)."""

    recogniser: str
    sentence: str
    sizes: list[int]
    rates: list[tuple[str, str, list[dict]]]
    scores: list[tuple[str, str, list[str]]]
    unaligned: int
    bars: Bars


@dataclass(frozen=True, eq=False)
class CeilingAnalysis:
    """All of a study: a view for each recogniser that was analysed, and a table as of `ceiling_frame`."""

    views: list[CeilingView]
    table: pd.DataFrame


def ceiling_analysis(findings: Findings) -> CeilingAnalysis | None:
    """Findings -> the ceiling analysis of their study; None if it has none."""
    views = [_view(name, sizes) for name, sizes in pooled(findings.record.ceilings).items()]
    return CeilingAnalysis(views, ceiling_frame(findings.record)) if views else None


def _view(name: str, sizes: Mapping[int, Ceiling]) -> CeilingView:
    rates = [(row, meaning, _cells(row, sizes)) for row, meaning in MEANINGS.items()]
    unaligned = sum(ceiling.scores.unaligned for ceiling in sizes.values())
    text = sentence(name, sizes)
    return CeilingView(name, text, list(sizes), rates, _scores(sizes), unaligned, _bars(name, sizes))


def _cells(row: str, sizes: Mapping[int, Ceiling]) -> list[dict]:
    """Errors with one stage replaced, at each size: the rate, how far it fell, whether it is the lowest."""
    return [
        {
            "rate": ceiling.rate(row),
            "wrong": ceiling.wrong(row),
            "fall": ceiling.rate() - ceiling.rate(row),
            "best": row != AS_TRAINED and _is_lowest(ceiling, row),
        }
        for ceiling in sizes.values()
    ]


def _is_lowest(ceiling: Ceiling, row: str) -> bool:
    return ceiling.wrong(row) == min(map(ceiling.wrong, ORACLES)) < ceiling.wrong()


def _scores(sizes: Mapping[int, Ceiling]) -> list[tuple[str, str, list[str]]]:
    """Each stage's own score, at each size, in words."""
    scores = [ceiling.scores.rates() for ceiling in sizes.values()]
    cells = {name: [_score(name, values[name]) for values in scores] for name in SCORES}
    return [(name, meaning, cells[name]) for name, meaning in SCORES.items()]


def _score(name: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    return WRITTEN[name].format(value) if name in WRITTEN else percent(value)


def _bars(name: str, sizes: Mapping[int, Ceiling]) -> Bars:
    rows = {
        row: [(ceiling.wrong() - ceiling.wrong(row)) / max(1, ceiling.wrong()) for ceiling in sizes.values()]
        for row in ORACLES
    }
    ends = [f"{row}: {percent(shares[-1])}" for row, shares in rows.items()]
    return Bars(
        key=f"ceiling-{name}".replace(":", "-"),
        title=f"Share of the errors of {name} that goes when one stage is true",
        sizes=list(sizes),
        rates=[ceiling.rate() for ceiling in sizes.values()],
        rows=rows,
        summary=f"{sentence(name, sizes)} Errors gone at the largest size: {'; '.join(ends)}.",
        axis="labelled utterances for training, and words wrong as trained",
    )


def ceiling_frame(record: StudyRecord) -> pd.DataFrame:
    """A record -> one row a recogniser, size and replaced stage, with its counts."""
    columns = ["recogniser", "size", "replaced", "errors", "words", "wer"]
    rows = [
        [name, size, row, ceiling.wrong(row), ceiling.words, ceiling.rate(row)]
        for name, sizes in pooled(record.ceilings).items()
        for size, ceiling in sizes.items()
        for row in MEANINGS
    ]
    return pd.DataFrame(rows, columns=columns)


def ceiling_table(name: str, sizes: Mapping[int, Ceiling]) -> Table:
    """A recogniser's ceilings -> words wrong by stage replaced and size, for a terminal; the lowest bold."""
    table = _table(f"Words wrong of {name}, one stage replaced by the truth", "replaced", sizes)
    for row in MEANINGS:
        cells = [(percent(cell["rate"]), cell["best"]) for cell in _cells(row, sizes)]
        table.add_row(row, *(f"[bold]{text}[/bold]" if best else text for text, best in cells))
    table.add_row("true words", *("0.0 %" for _ in sizes))
    return table


def scores_table(name: str, sizes: Mapping[int, Ceiling]) -> Table:
    """A recogniser's ceilings -> each stage's own score by size, for a terminal."""
    table = _table(f"The stages of {name}, each on its own", "score", sizes)
    for row, _, cells in _scores(sizes):
        table.add_row(row, *cells)
    return table


def _table(title: str, first: str, sizes: Mapping[int, Ceiling]) -> Table:
    table = Table(title=title)
    table.add_column(first, no_wrap=True)
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    return table
