"""Draws docs/rooms.svg from the code: every room a box, every import between rooms an arrow.

    python -m tests.draw_rooms

Arrows that follow from others are left out. tests/test_architecture.py fails when the picture is out of date.
"""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

from tests.rooms import MODULES, ROOMS, ROOT, imports, room

PICTURE = ROOT / "docs" / "rooms.svg"
# Rooms of a file or two that are drawn as one: (name, caption) -> their names within components/.
SHARED = {
    ("contract", "Clip, Stage, Recogniser, every hook; errors, ranges, cache, arrays in files, old names"): (
        *("migrate", "errors", "ranges", "clip", "contract", "parts", "cache", "mapped"),
    ),
    ("speech.*", "eSpeak NG, ragged arrays, mel scale, scoring, nouns"): (
        *("speech.espeak", "speech.ragged", "speech.mel", "speech.scoring", "speech.score", "speech.nouns"),
        "speech.sound_file",
    ),
    ("speech.study", "Settings and dataset of a study of speech, its served model"): (
        *("speech.study", "speech.dataset", "speech.served"),
    ),
}
WIDTH, BOX, HEIGHT, ROW, TOP = 1080, 204, 71, 112, 20
LETTERS, LINES = 35, 3  # of a caption
TIP = """<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L8 4L0 8z" style="fill:#8a9bad;stroke:none;marker:none"/></marker>"""
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif }
rect { fill: #f3f6fa; stroke: #4a6a8a; rx: 5 }
.flows rect { fill: #fdf3e3; stroke: #a87a2a }
.name { font-weight: 600; fill: #1b2a3a; text-anchor: middle }
.what { font-size: 10.5px; fill: #46586a; text-anchor: middle }
path { fill: none; stroke: #8a9bad; stroke-width: 1.2; marker-end: url(#tip) }
"""
CAPTIONS = {name: caption for name, caption in SHARED}
DRAWN_AS = {f"components.{inner}": name for (name, _), rooms in SHARED.items() for inner in rooms}


def box_of(name: str) -> str:
    """A room's name -> the box that it is drawn as."""
    return DRAWN_AS.get(name, name.removeprefix("components."))


BOXES = tuple(dict.fromkeys(map(box_of, ROOMS)))


def arrows() -> dict[str, set[str]]:
    """Box -> the boxes that it imports from, without those that one of them rests on in turn."""
    direct: dict[str, set[str]] = {name: set() for name in BOXES}
    for module, path in MODULES.items():
        own = box_of(room(module))
        direct[own] |= {box_of(room(other)) for other in imports(path) & MODULES.keys()} - {own}
    reach = {name: _reached(direct, name) for name in BOXES}
    return {
        name: {other for other in direct[name] if not any(other in reach[third] for third in direct[name])}
        for name in BOXES
    }


def _reached(direct: dict[str, set[str]], name: str) -> set[str]:
    """All boxes that a box rests on."""
    return direct[name].union(*(_reached(direct, other) for other in direct[name]))


def floors(above: dict[str, set[str]]) -> list[list[str]]:
    """Arrows -> rows of boxes, each as high up as what it imports allows; within a row below its imports."""
    floor: dict[str, int] = {}
    for name in sorted(BOXES, key=lambda name: len(_reached(above, name))):
        floor[name] = 1 + max((floor[other] for other in above[name]), default=-1)
    rows = [[name for name in BOXES if floor[name] == row] for row in range(1 + max(floor.values()))]
    place: dict[str, float] = {}
    for row in rows:
        row.sort(key=lambda name: sum(place[other] for other in above[name]) / max(1, len(above[name])))
        place |= {name: (at + 0.5) / len(row) for at, name in enumerate(row)}
    return rows


def caption(name: str) -> list[str]:
    """Box -> at most three lines on what is in it: what its file or folder says of itself."""
    text = CAPTIONS.get(name)
    if text is None:
        module = name if name in MODULES else f"components.{name}"
        text = ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8"))) or ""
    text = text.splitlines()[0].split(": ", 1)[-1].rstrip(".")
    return textwrap.wrap(text, LETTERS, max_lines=LINES, placeholder=" ...")


def picture() -> str:
    """The code -> the picture, SVG."""
    above = arrows()
    rows = floors(above)
    place = {name: _place(row, rows, name) for row, names in enumerate(rows) for name in names}
    lines = [_arrow(place[other], place[name]) for name in BOXES for other in sorted(above[name])]
    height = 2 * TOP + ROW * len(rows) - (ROW - HEIGHT)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>Rooms of Crossover, read from top to bottom; arrows go to who imports</title>",
            f"<style>{STYLE}</style>",
            f"<defs>{TIP}</defs>",
            *lines,
            *(_box(name, *place[name]) for name in BOXES),
            "</svg>\n",
        ]
    )


def _place(row: int, rows: list[list[str]], name: str) -> tuple[float, float]:
    """The middle of a box's upper edge."""
    share = (rows[row].index(name) + 0.5) / len(rows[row])
    return WIDTH * share, TOP + ROW * row


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = (start[0], start[1] + HEIGHT), end
    bend = (to_y - y) / 2
    curve = f"C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path d="M{x:.0f} {y:.0f}{curve}"/>'


def _box(name: str, x: float, y: float) -> str:
    kind = "flows" if name == "flows" else "component"
    lines = "".join(
        f'<text class="what" x="{x:.0f}" y="{y + 35 + 13 * at:.0f}">{_escaped(line)}</text>'
        for at, line in enumerate(caption(name))
    )
    return (
        f'<g class="{kind}"><rect x="{x - BOX / 2:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}"/>'
        f'<text class="name" x="{x:.0f}" y="{y + 19:.0f}">{name}</text>{lines}</g>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def draw(path: Path = PICTURE) -> None:
    """Write the picture."""
    path.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    draw()
