"""Page: findings and the sections of their subject -> the whole report as one HTML string."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from markupsafe import Markup

from components.report import svg
from components.report.adaptive_rounds import rounds_sentence
from components.report.breakdown import Breakdown, breakdown
from components.report.chart import Chart, cost_charts, learning_chart
from components.report.choices import CHOICES
from components.report.equal_cost import equal_cost_rows
from components.report.extrapolation import extrapolation
from components.report.findings import Findings
from components.report.line_style import LineStyle, line_styles
from components.report.pairs import PAIRS
from components.report.regression import regression_sentence
from components.report.sections import Place, Section, costs_in
from components.report.settings import flat, recogniser_settings
from components.report.tables import answer_frame, crossover_rows, trial_frame
from components.report.templating import environment, unbroken
from components.study.curves.answer import about
from components.study.nouns import counted
from components.study.results import StudyRecord

MOST_ROWS = 30
MOST_NAMES = 200
PLACES = get_args(Place)


@dataclass(frozen=True, eq=False)
class Page:
    """All that a report shows of a study, each part computed when it is first asked for and then kept.

    findings: of the study. sections: of its subject.
    """

    findings: Findings
    sections: Sequence[Section] = ()

    @property
    def record(self) -> StudyRecord:
        """The study."""
        return self.findings.record

    @cached_property
    def views(self) -> list[tuple[Section, Any]]:
        """Sections that have something to show, and their views."""
        views = [(section, section.view(self.findings)) for section in (PAIRS, CHOICES, *self.sections)]
        return [(section, view) for section, view in views if view is not None]

    @cached_property
    def main_charts(self) -> list[Chart]:
        """The learning curves; none if no trial finished."""
        return [chart for chart in [learning_chart(self.findings)] if chart.lines]

    @cached_property
    def cost_charts(self) -> list[Chart]:
        """A chart a cost."""
        return cost_charts(self.findings, costs_in(self.sections))

    @cached_property
    def breakdown(self) -> Breakdown | None:
        """Errors by test group."""
        return breakdown(self.findings)

    @property
    def styles(self) -> dict[str, LineStyle]:
        """Line styles of the recognisers and of the sections, by name."""
        styles = dict(line_styles(self.record))
        for section, view in self.views:
            styles |= section.styles(view)
        return styles


def render(page: Page, attachments: Mapping[str, bytes] | None = None) -> str:
    """A page -> the whole of it as one string: no other file, no request. attachments: name -> FLAC."""
    context = _context(page, attachments or {})
    parts: dict[str, list[str]] = {}
    for section, view in page.views:
        parts.setdefault(section.after, []).append(section.html(view, context))
    inserted = {place: Markup("\n").join(map(Markup, parts.get(place, []))) for place in PLACES}
    return environment().get_template("report.html.j2").render(**context, inserted=inserted)


def _context(page: Page, attachments: Mapping[str, bytes]) -> dict[str, Any]:
    """A page -> what its templates can use."""
    findings, record, styles = page.findings, page.record, page.styles
    costs = costs_in(page.sections)
    return {
        "findings": findings,
        "record": record,
        "nouns": record.nouns,
        "headline": _headline(findings),
        "regression": regression_sentence(record),
        "check": record.check,
        "facts": _facts(findings),
        "main": page.main_charts,
        "costs": page.cost_charts,
        "svg": svg,
        "styles": styles,
        "index": {name: place for place, name in enumerate(styles)},
        "families": {trial.recogniser: trial.family for trial in record.trials},
        "cells": _cells(findings),
        "crossings": crossover_rows(findings),
        "rounds": rounds_sentence(record),
        "extrapolation": extrapolation(findings),
        "equal_cost": equal_cost_rows(findings, costs),
        "notes": [cost.note for cost in costs if cost.note],
        "breakdown": page.breakdown,
        "links": [(section.after, section.key, section.link) for section, _ in page.views if section.link],
        "attachments": {name: b64encode(sound).decode() for name, sound in attachments.items()},
        "most": MOST_ROWS,
        "most_names": MOST_NAMES,
        "settings": flat(record.settings),
        "dataset": flat(record.dataset),
        "params": recogniser_settings(record),
        "trials": trial_frame(record).to_dict("records"),
    }


def _headline(findings: Findings) -> Markup:
    """The sentence, with the number that a reader came for in strong type."""
    text, best = unbroken(findings.sentence), findings.headline
    if best is None or best.estimate is None:
        return text
    number = f"about {about(best.estimate)} {findings.nouns.labelled}"
    return Markup(str(text).replace(number, f"<strong>{number}</strong>", 1))


def _facts(findings: Findings) -> list[tuple[str, str]]:
    """What was done, as (number, of what) pairs for the top of the page."""
    record, nouns, sizes = findings.record, findings.nouns, findings.record.all_sizes
    facts = [_fact(len(record.recognisers), nouns.system, nouns.systems)]
    if len(sizes) > 1:
        facts.append((f"{sizes[0]:,} to {sizes[-1]:,}", f"{nouns.labelled}, {len(sizes)} sizes"))
    number, trials = _fact(len(record.finished), "trial", "trials")
    facts.append((number, f"{trials} finished, {len(record.failed):,} failed"))
    facts += _tested(record)
    if findings.curves:
        number, draws = _fact(findings.curves.draws, "draw", "draws")
        facts.append((number, f"{draws} of the training {nouns.items}"))
    return facts


def _fact(count: int, singular: str, plural: str) -> tuple[str, str]:
    number, noun = counted(count, singular, plural).split(" ", 1)
    return number, noun


def _tested(record: StudyRecord) -> list[tuple[str, str]]:
    """How many examples were tested, of how many groups; nothing if no trial finished."""
    nouns = record.nouns
    examples = {(trial.fold, name) for trial in record.finished for name in trial.scores["id"]}
    groups = {name for trial in record.finished for name in trial.scores["group"] if name}
    if not examples:
        return []
    number, noun = _fact(len(examples), f"test {nouns.example}", f"test {nouns.examples}")
    by = f" by {counted(len(groups), nouns.group, nouns.groups)}" if groups else ""
    return [(number, f"{noun}{by}")]


def _cells(findings: Findings) -> dict[tuple[str, int], dict[str, Any]]:
    """(recogniser, size) -> its row of the answer table, with `best` set for the lowest error of a size."""
    frame = answer_frame(findings)
    if not len(frame):
        return {}
    frame["best"] = frame["rate"] == frame.groupby("size")["rate"].transform("min")
    frame["known"] = frame["rate"].notna()
    return {(row["recogniser"], row["size"]): row for row in frame.to_dict("records")}
