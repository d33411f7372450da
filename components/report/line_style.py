"""Line styles: by which colour, marker and dashes a recogniser is known in every picture of a report."""

from __future__ import annotations

from dataclasses import dataclass

from components.study.results import StudyRecord

# Okabe and Ito (2008), darkened for white paper where contrast asks for it; blues and greens are
# modular, warm colours end-to-end; dashes and markers say the same without colour
MODULAR = ("#0072b2", "#00805f", "#3b3b98", "#4a90a4")
END_TO_END = ("#d55e00", "#b3568a", "#a87400", "#a23b3b")
MODULAR_DARK = ("#56b4e9", "#2cc79c", "#a5a5f5", "#8ed1e0")
END_TO_END_DARK = ("#ff8a3d", "#e39bc4", "#f0b429", "#ff9a9a")
MARKERS = {"modular": ("square", "diamond", "square", "diamond"), "end-to-end": ("circle", "triangle") * 2}


@dataclass(frozen=True)
class LineStyle:
    """Colours on light and on dark ground, marker, and whether the line is dashed."""

    light: str
    dark: str
    marker: str
    dashed: bool


def line_styles(record: StudyRecord) -> dict[str, LineStyle]:
    """Recognisers -> a line style each, the same in every picture of the report."""
    families = {trial.recogniser: trial.family for trial in record.trials}
    colours = {"modular": (MODULAR, MODULAR_DARK), "end-to-end": (END_TO_END, END_TO_END_DARK)}
    styles: dict[str, LineStyle] = {}
    for family, (light, dark) in colours.items():
        members = [name for name in record.recognisers if families[name] == family]
        for place, name in enumerate(members):
            turn = place % len(light)
            marker = MARKERS[family][turn]
            styles[name] = LineStyle(light[turn], dark[turn], marker, family == "modular")
    return styles
