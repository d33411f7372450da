"""Sections: parts of the page that only one subject has, supplied by that subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from markupsafe import Markup

from components.report.costs import Cost
from components.report.findings import Findings
from components.report.line_style import LineStyle
from components.report.templating import environment

Place = Literal["extrapolation", "groups", "errors", "settings"]
Html = Callable[[Any, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Section:
    """A part of the page, with its files. All but the key may be left out.

    Attributes
    ----------
    key
        Id of its heading, and what it is known by.
    link
        Its words among the links at the top; none, no link.
    after
        The part of the page behind which it stands; "groups" is the table by group, within the errors.
    view
        Findings -> what the functions below show, called once a report; None if there is nothing.
    html
        A view, and what templates of the page can use -> its HTML, see `from_template`.
    tables
        A view -> tables by file name, written as CSV.
    pictures
        A view and a folder -> the picture files drawn there.
    styles
        A view -> line styles that its HTML needs, besides those of the recognisers.
    costs
        What its trials cost besides the usual, for charts and crossovers at equal cost.
    """

    key: str
    link: str = ""
    after: Place = "errors"
    view: Callable[[Findings], Any] = lambda findings: None
    html: Html = lambda view, context: ""
    tables: Callable[[Any], Mapping[str, pd.DataFrame]] = lambda view: {}
    pictures: Callable[[Any, Path], Sequence[Path]] = lambda view, folder: []
    styles: Callable[[Any], Mapping[str, LineStyle]] = lambda view: {}
    costs: tuple[Cost, ...] = ()


def from_template(name: str, **more: Any) -> Html:
    """Name of a template of this package -> a section's `html`; it knows its view as `view`, and `more`."""

    def render(view: Any, context: Mapping[str, Any]) -> str:
        return Markup(environment().get_template(name).render(**context, **more, view=view))

    return render


def costs_in(sections: Sequence[Section]) -> list[Cost]:
    """Sections -> the costs that they add."""
    return [cost for section in sections for cost in section.costs]
