"""Regressed: a study that is worse than when it was run before -> the line that says so."""

from __future__ import annotations

from components.report.chart import percent, points
from components.study.results import StudyRecord


def regressed_line(record: StudyRecord) -> str:
    """A study -> one sentence on what is worse beyond luck, the worst first; "" if nothing is."""
    if not record.regressed:
        return ""
    worst, *others = sorted(record.regressed, key=lambda row: row["before"] - row["after"])
    rise = worst["after"] - worst["before"]
    first = (
        f"{worst['recogniser']} at {worst['size']:,} utterances, from {percent(worst['before'])} to "
        f"{percent(worst['after'])} ({points(rise)} points, 95 % interval {points(worst['low'])} to "
        f"{points(worst['high'])})"
    )
    more = f", and {len(others)} more of its recognisers and sizes" if others else ""
    return f"Worse than on {worst['since'][:10]}: {first}{more}."
