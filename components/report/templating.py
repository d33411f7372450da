"""Templating: what every page is made with: their templates, and filters for numbers and names."""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from components.report.chart import number, percent, points
from components.study.nouns import capitalised, counted


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of this package, with all filters."""
    made = Environment(
        loader=PackageLoader("components.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"percent": percent, "number": number, "points": points, "unbroken": unbroken}
    made.filters |= {"capitalised": capitalised}
    made.globals |= {"counted": counted}
    return made


def unbroken(text: str) -> Markup:
    """Text -> the same, escaped, with no line break in its names and rates, but at colons."""
    spans = re.sub(r"\w+(?:-\w+)+|[\d.]+ %", r'<span class="nb">\g<0></span>', str(escape(text)))
    return Markup(re.sub(r":(?=\w)", ":<wbr>", spans))
