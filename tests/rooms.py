"""The rooms of the house and who imports whom, read from the code: for the layer tests and the picture."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Rooms in reading order: each may import from those before it and from itself. A module belongs to the
# longest name that it begins with.
ROOMS = (
    "components.migrate",
    "components.errors",
    "components.ranges",
    "components.clip",
    "components.contract",
    "components.cache",
    "components.mapped",
    "components.clip_checks",
    "components.parts",
    "components.study",
    "components.study.curves",
    "components.study.tracking",
    "components.speech.espeak",
    "components.speech.arpabet",
    "components.speech.lexicon",
    "components.speech.scoring",
    "components.speech.score",
    "components.speech.nouns",
    "components.speech.transfer",
    "components.speech.several_tasks",
    "components.speech.missing_labels",
    "components.speech.ragged",
    "components.speech.mel",
    "components.speech.augmentation",
    "components.speech.corpus",
    "components.speech.lexicon_file",
    "components.speech.features",
    "components.speech.alike",
    "components.speech.sound_file",
    "components.speech.decoding",
    "components.speech.tasks",
    "components.speech.source_settings",
    "components.speech.study",
    "components.speech.dataset",
    "components.speech.check",
    "components.speech.acoustic",
    "components.speech.modular",
    "components.speech.source_alone",
    "components.speech.inspection",
    "components.neural",
    "components.recognisers",
    "components.laws",
    "components.scaffold",
    "components.keywords",
    "components.external",
    "components.toolkits",
    "components.report",
    "components.speech.served",
    "components.subjects",
    "flows",
    "crossover",
)
LIBRARY = "components.library."  # the folder that the package crossover lies in
PACKAGES = ("components", "components.speech", "components.study")  # their __init__ says what they are
SOURCES = sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])


@cache
def imports(path: Path) -> frozenset[str]:
    """Absolute names of all modules that a file imports, at any depth."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in nodes if node.level], f"{path}: absolute imports only"
    return frozenset(plain.union(*(_imported(node) for node in nodes)))


def _imported(node: ast.ImportFrom) -> set[str]:
    """What a `from a import b` imports: the module a.b where there is one, else a."""
    inner = {f"{node.module}.{alias.name}" for alias in node.names}
    modules = inner & MODULES.keys()
    return modules if modules == inner else modules | {node.module}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__").removeprefix(LIBRARY)


MODULES = {module_of(path): path for path in SOURCES}


def room(module: str) -> str:
    fitting = [name for name in ROOMS if module == name or module.startswith(f"{name}.")]
    assert fitting or module in PACKAGES, f"give {module} a room in {Path(__file__).name}"
    return max(fitting, key=len, default=ROOMS[0])


def top(module: str) -> str:
    return module.partition(".")[0]
