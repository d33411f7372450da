"""Reading order is import order: a room knows only the rooms above it, and imports make no circle."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.rooms import MODULES, ROOMS, SOURCES, imports, module_of, room, top

WORKFLOW = {"prefect", "prefect_dask"}
MLFLOW_DOORS = ("components.study.tracking", "components.speech.served")
ARITHMETIC = {"numpy", "torch.nn", "scipy", "pandas"}


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
