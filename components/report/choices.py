"""Choices: what each system chose by itself at each size, and against what -> a table for the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import pandas as pd

from components.report.findings import Findings
from components.report.sections import Section, from_template
from components.study.choices import Choice, read_choices


@dataclass(frozen=True, eq=False)
class ChoicesView:
    """table: one row a system, choice and size; columns also chosen, trials, compared, limit and by."""

    table: pd.DataFrame

    @property
    def sizes(self) -> list[int]:
        """Sizes of training, smallest first."""
        return sorted(set(self.table["size"]))

    @property
    def rows(self) -> dict[tuple[str, str, str], dict[int, dict]]:
        """(system, choice, measure) -> size -> that row of the table."""
        rows: dict[tuple[str, str, str], dict[int, dict]] = defaultdict(dict)
        for row in self.table.to_dict("records"):
            rows[row["system"], row["choice"], row["by"]][row["size"]] = row
        return dict(rows)


def choices_view(findings: Findings) -> ChoicesView | None:
    """Findings -> what the systems chose; None where none had anything to compare."""
    choices: dict[tuple[str, str, int], list[Choice]] = defaultdict(list)
    for trial in findings.record.finished:
        for choice in read_choices(trial.params):
            choices[trial.recogniser, choice.what, trial.size].append(choice)
    rows = [[*key, *_pooled(own)] for key, own in sorted(choices.items(), key=lambda item: item[0])]
    table = pd.DataFrame(
        rows, columns=["system", "choice", "size", "chosen", "trials", "compared", "limit", "by"]
    )
    told = (table["compared"] + table["limit"]).groupby([table["system"], table["choice"]])
    table = table[told.transform(lambda own: (own != "").any()).astype(bool)]
    return ChoicesView(table) if len(table) else None


def _pooled(choices: list[Choice]) -> tuple[str, int, str, str, str]:
    """Choices of trials of one size -> names taken, number of trials, mean values of all, what bounded one
    of them, their measure."""
    names = Counter(choice.chosen for choice in choices).most_common()
    taken = ", ".join(name if len(names) == 1 else f"{name} ({count})" for name, count in names)
    values = pd.DataFrame([choice.compared for choice in choices]).mean()
    compared = ", ".join(
        f"{name} {round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".") for name, value in values.items()
    )
    limit = next((choice.limit for choice in choices if choice.limit), "")
    return taken, len(choices), compared, limit, choices[0].by


CHOICES = Section(
    "choices",
    link="What was chosen",
    after="extrapolation",
    view=choices_view,
    html=from_template("choices.html.j2"),
    tables=lambda view: {"choices": view.table},
)
