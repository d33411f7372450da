"""Reading order is import order: a room knows only the rooms above it, and imports make no circle."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Rooms in reading order: each may import from those before it and from itself. A module belongs to the
# longest name that it begins with.
ROOMS = (
    "components.migrate",
    "components.errors",
    "components.ranges",
    "components.contract",
    "components.study",
    "components.study.curves",
    "components.study.tracking",
    "components.speech.espeak",
    "components.speech.scoring",
    "components.speech.score",
    "components.speech.nouns",
    "components.speech.sound_file",
    "components.speech.augmentation",
    "components.speech.corpus",
    "components.speech.features",
    "components.speech.decoding",
    "components.speech.acoustic",
    "components.speech.modular",
    "components.speech.inspection",
    "components.speech.study",
    "components.speech.dataset",
    "components.neural",
    "components.recognisers",
    "components.report",
    "components.speech.served",
    "components.subjects",
    "flows",
)
PACKAGES = ("components", "components.speech", "components.study")  # their __init__ says what they are
SOURCES = sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])
WORKFLOW = {"prefect", "prefect_dask"}
MLFLOW_DOORS = ("components.study.tracking", "components.speech.served")
ARITHMETIC = {"numpy", "torch.nn", "scipy", "pandas"}


@cache
def imports(path: Path) -> frozenset[str]:
    """Absolute names of all modules that a file imports, at any depth."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in nodes if node.level], f"{path}: absolute imports only"
    whole = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
    return frozenset(plain | {node.module for node in nodes} | (whole & MODULES.keys()))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in SOURCES}


def room(module: str) -> str:
    fitting = [name for name in ROOMS if module == name or module.startswith(f"{name}.")]
    assert fitting or module in PACKAGES, f"give {module} a room in {Path(__file__).name}"
    return max(fitting, key=len, default=ROOMS[0])


def top(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("own", MODULES)
def test_a_room_knows_only_the_rooms_above_it(own):
    for module in imports(MODULES[own]) & MODULES.keys():
        assert ROOMS.index(room(module)) <= ROOMS.index(room(own)), f"{own} imports {module} below it"


@pytest.mark.parametrize("own", MODULES)
def test_each_library_has_its_door(own):
    for module in imports(MODULES[own]):
        assert top(module) not in WORKFLOW or top(own) == "flows", f"{own} imports {module}, which flows do"
        assert top(module) != "mlflow" or room(own) in MLFLOW_DOORS, f"{own} imports {module} past tracking"


@pytest.mark.parametrize("own", [name for name in MODULES if top(name) == "flows"])
def test_flows_never_touch_an_array(own):
    assert not ARITHMETIC & imports(MODULES[own]), f"{own} does arithmetic: move it to components/"


def test_no_import_goes_round_in_a_circle():
    graph = {name: imports(path) & MODULES.keys() - {name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_every_file_says_what_is_in_it(path):
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc, f"{path} has no docstring"
