"""The matrix of tasks as an inline SVG: a row a task, a column what is learned beside it."""

from __future__ import annotations

from markupsafe import Markup

from components.report.task_matrix import Cell, TaskMatrix, signed_percent

WIDTH, HEIGHT, LEFT, TOP = 150, 62, 150, 34  # of a cell, and the room for names
COLOURS = {"helps": "#0072b2", "harms": "#d55e00", "even": "#808080"}
STRONGEST, MOST = 0.5, 0.45  # change with the fullest colour, and how full it is


def draw_matrix(matrix: TaskMatrix) -> Markup:
    """A matrix -> its SVG element, with a description in words."""
    width = LEFT + WIDTH * len(matrix.tasks)
    height = TOP + HEIGHT * len(matrix.tasks) + 4
    cells = {(one.task, one.beside): one for one in matrix.cells}
    names = [_text("name", LEFT + WIDTH * (i + 0.5), TOP - 12, f"+ {t}") for i, t in enumerate(matrix.tasks)]
    for row, task in enumerate(matrix.tasks):
        names.append(_text("name", 4, TOP + HEIGHT * (row + 0.5) + 4, task, "start"))
        for column, beside in enumerate(matrix.tasks):
            names.append(_cell(cells.get((task, beside)), row, column, task == beside))
    return Markup(
        '<svg class="bars" style="min-width:{least}px;max-width:{w}px" viewBox="0 0 {w} {h}" role="img" '
        'aria-labelledby="matrix-t matrix-d"><title id="matrix-t">Which task helps or harms which</title>'
        '<desc id="matrix-d">{desc}</desc>{body}</svg>'
    ).format(least=round(0.8 * width), w=width, h=height, desc=matrix.sentence, body=Markup("").join(names))


def _cell(cell: Cell | None, row: int, column: int, is_itself: bool) -> Markup:
    x, y = LEFT + WIDTH * column, TOP + HEIGHT * row
    middle = x + WIDTH / 2
    if cell is None:
        return _rect(x, y, COLOURS["even"], 0.0) + _text(
            "none", middle, y + HEIGHT / 2 + 4, "" if is_itself else "not tried"
        )
    full = MOST * min(1.0, abs(cell.change) / STRONGEST) if cell.verdict != "even" else 0.08
    return Markup("").join(
        [
            _rect(x, y, COLOURS[cell.verdict], full),
            _text("value", middle, y + 27, signed_percent(cell.change)),
            _text("none", middle, y + 46, f"{signed_percent(cell.low)} to {signed_percent(cell.high)}"),
        ]
    )


def _rect(x: float, y: float, colour: str, full: float) -> Markup:
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" fill-opacity="{:.2f}" '
        'stroke="{}" stroke-opacity=".35"/>'
    ).format(x + 2, y + 2, WIDTH - 4, HEIGHT - 4, colour, full, colour)


def _text(kind: str, x: float, y: float, text: str, anchor: str = "middle") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )
