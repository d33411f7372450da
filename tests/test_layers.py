"""Reading order is import order: a room knows only the rooms above it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Rooms by floor: a room may import from floors above (lower numbers) and from its own room.
FLOORS = {
    "contract": 0,
    "errors": 0,
    "augmentation": 1,
    "espeak": 0,
    "corpus": 1,
    "ceilings": 1,
    "splits": 2,
    "features": 2,
    "decoding": 3,
    "acoustic": 4,
    "modular": 5,
    "neural": 5,
    "results": 0,
    "scoring": 0,
    "curves": 6,
    "recognisers": 6,
    "choices": 6,
    "knowledge": 6,
    "training_curves": 0,
    "fingerprint": 6,
    "saving": 6,
    "inside": 6,
    "tracking": 7,
}
SOURCES = sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])
FORBIDDEN = {"prefect", "prefect_dask"}


def imports(path: Path) -> set[str]:
    """Absolute names of all modules that a file imports, at any depth."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    relative = [node for node in nodes if node.level]
    assert not relative, f"{path}: absolute imports only"
    whole = {f"components.{a.name}" for node in nodes if node.module == "components" for a in node.names}
    return plain | {node.module for node in nodes} | whole


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_a_room_knows_only_the_rooms_above_it(path):
    own = module_of(path)
    if not own.startswith("components") or own == "components.__init__":
        return
    assert room(own) in FLOORS, f"give {room(own)} a floor in {Path(__file__).name}"
    for module in imports(path):
        top = module.split(".")[0]
        assert top not in FORBIDDEN, f"{own} imports {module}: workflow tools live in flows/"
        assert top != "flows", f"{own} imports {module}: components know no flow"
        assert top != "mlflow" or room(own) == "tracking", (
            f"{own} imports {module}: MLflow has one door, tracking"
        )
        if top == "components" and room(module) and room(module) != room(own):
            assert FLOORS[room(module)] < FLOORS[room(own)], f"{own} imports {module}, which is below it"


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_every_file_says_what_is_in_it(path):
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc, f"{path} has no docstring"


def test_flows_never_touch_an_array():
    for path in (ROOT / "flows").glob("*.py"):
        assert not {"numpy", "torch.nn"} & imports(path), f"{path} does arithmetic: move it to components/"
