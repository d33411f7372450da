"""Draws docs/rooms.svg from the code: every room a box, every import between rooms an arrow.

    python -m tests.draw_rooms

Arrows that follow from others are left out. tests/test_architecture.py fails when the picture is out of date.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.rooms import MODULES, ROOMS, ROOT, imports, room

PICTURE = ROOT / "docs" / "rooms.svg"
WIDTH, BOX, HEIGHT, ROW, TOP = 1080, 172, 46, 92, 20
TIP = '<path d="M0 0L8 4L0 8z" style="fill:#8a9bad;stroke:none;marker:none"/>'
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif }
rect { fill: #f3f6fa; stroke: #4a6a8a; rx: 5 }
.flows rect { fill: #fdf3e3; stroke: #a87a2a }
.name { font-weight: 600; fill: #1b2a3a; text-anchor: middle }
.what { font-size: 10.5px; fill: #46586a; text-anchor: middle }
path { fill: none; stroke: #8a9bad; stroke-width: 1.2; marker-end: url(#tip) }
"""


def arrows() -> dict[str, set[str]]:
    """Room -> the rooms that it imports from, without those that one of them imports in turn."""
    direct: dict[str, set[str]] = {name: set() for name in ROOMS}
    for module, path in MODULES.items():
        direct[room(module)] |= {room(other) for other in imports(path) & MODULES.keys()} - {room(module)}
    reach = {name: _reached(direct, name) for name in ROOMS}
    return {
        name: {other for other in direct[name] if not any(other in reach[third] for third in direct[name])}
        for name in ROOMS
    }


def _reached(direct: dict[str, set[str]], name: str) -> set[str]:
    """All rooms that a room rests on."""
    return direct[name].union(*(_reached(direct, other) for other in direct[name]))


def floors(above: dict[str, set[str]]) -> list[list[str]]:
    """Arrows -> rows of rooms, each as high up as what it imports allows, in reading order."""
    floor: dict[str, int] = {}
    for name in ROOMS:
        floor[name] = 1 + max((floor[other] for other in above[name]), default=-1)
    return [[name for name in ROOMS if floor[name] == row] for row in range(1 + max(floor.values()))]


def summary(name: str) -> str:
    """Room -> the first words of what its file or folder says of itself."""
    doc = ast.get_docstring(ast.parse(MODULES[name].read_text(encoding="utf-8"))) or ""
    line = doc.splitlines()[0].split(":")[-1].split(";")[0].strip().rstrip(".")
    return line if len(line) <= 32 else f"{line[:30].rsplit(' ', 1)[0]} ..."


def picture() -> str:
    """The code -> the picture, SVG."""
    above = arrows()
    rows = floors(above)
    place = {name: _place(row, rows, name) for row, names in enumerate(rows) for name in names}
    lines = [_arrow(place[other], place[name]) for name in ROOMS for other in sorted(above[name])]
    boxes = [_box(name, *place[name]) for name in ROOMS]
    height = 2 * TOP + ROW * len(rows)
    tip = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>Rooms of Crossover, read from top to bottom; arrows go to who imports</title>",
            f"<style>{STYLE}</style>",
            f"<defs>{tip}{TIP}</marker></defs>",
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def _place(row: int, rows: list[list[str]], name: str) -> tuple[float, float]:
    """The middle of a room's upper edge."""
    share = (rows[row].index(name) + 0.5) / len(rows[row])
    return WIDTH * share, TOP + ROW * row


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = (start[0], start[1] + HEIGHT), end
    bend = (to_y - y) / 2
    curve = f"C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path d="M{x:.0f} {y:.0f}{curve}"/>'


def _box(name: str, x: float, y: float) -> str:
    kind = "flows" if name == "flows" else "component"
    short = name.removeprefix("components.")
    return (
        f'<g class="{kind}"><rect x="{x - BOX / 2:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}"/>'
        f'<text class="name" x="{x:.0f}" y="{y + 19:.0f}">{short}</text>'
        f'<text class="what" x="{x:.0f}" y="{y + 35:.0f}">{_escaped(summary(name))}</text></g>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def draw(path: Path = PICTURE) -> None:
    """Write the picture."""
    path.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    draw()
