"""What a result depends on, in one line: settings, code, data files and library versions, hashed."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.contract import DependsOnFiles
from components.study.content import Described, describe, parts_of, without_docstrings
from components.study.estimators import is_estimator
from components.study.plugins import plugin_packages

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

HERE = Path(__file__).parents[1]
LONGEST_NAME = 200  # characters of a file's path in a text
LIBRARIES = ("torch", "torchaudio", "scikit-learn", "numpy", "scipy", "kaldifst", "kaldi-decoder", "jiwer")


def digest(value: Any) -> str:
    """Any JSON value -> 16 hex digits, the same for the same value in every process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settings(system: BaseEstimator) -> dict[str, Any]:
    """System -> every setting and its content, `step__setting` for nested ones; parts by class name.

    A path to a file that a part reads (DependsOnFiles), or to the folder it is in, counts by the names and
    content of these files, wherever they are.
    Raises ValueError for a setting that has no content to be told from others by.
    """
    params = system.get_params(deep=True)
    known = Described(
        parts=frozenset(id(value) for value in params.values() if is_estimator(value)),
        files=_contents(_files([system, *params.values()])),
    )
    return {name: describe(name, value, known) for name, value in sorted(params.items())}


@cache
def library_versions() -> dict[str, str]:
    """The versions of the libraries that a result is computed with."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def code_version(system: BaseEstimator, also: str | Sequence[str] = ()) -> str:
    """System -> hash of the source of every part it is made of, what those import, and files they read.

    Of code that is not the project's, files count that a text in it names, such as "words.txt" beside it.
    also: names of further modules, or of one, whose source counts, such as those that score. Comments,
    docstrings and layout do not count: they cannot change a result. Raises ValueError for a file that is not
    there.
    """
    parts = list(parts_of(system))
    modules = {_module(part) for part in parts} | ({also} if isinstance(also, str) else set(also))
    sources = _closure(frozenset(name for name in modules if source_file(name)))
    files = sorted(file_content(owner, path) for owner, path in _files(parts))
    return digest([sources, files]) if files else sources


def file_content(owner: Any, path: Path) -> str:
    """A file that a part reads -> its name and a hash of what is in it."""
    try:
        state = path.stat()
        return f"file {path.name} {_file_digest(path, state.st_mtime_ns, state.st_size)}"
    except OSError as error:
        raise ValueError(
            f"{type(owner).__name__} expected the file {path}, on which it depends, got: {error.strerror}; "
            "correct its path."
        ) from None


def read_sources() -> None:
    """Read and hash all parts that are imported, so that processes forked from this one need not."""
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        if source_file(name):  # a folder without __init__.py has none
            _read(name)


def forget_sources() -> None:
    """Read sources anew from now on: for whoever changes them in one process."""
    for known in (source_file, _is_a_library, _read, _closure):
        known.cache_clear()


def _contents(files: Iterable[tuple[Any, Path]]) -> dict[str, str]:
    """Parts and the files that they read -> path of each file and of its folder -> its content."""
    contents = {str(path): file_content(owner, path) for owner, path in files}
    folders: dict[str, list[str]] = {}
    for path, content in sorted(contents.items()):
        folders.setdefault(str(Path(path).parent), []).append(content)
    return {folder: " and ".join(own) for folder, own in folders.items()} | contents


def _files(parts: Iterable[Any]) -> Iterable[tuple[Any, Path]]:
    """Parts -> each of them and a file that it reads."""
    readers = [part for part in parts if isinstance(part, DependsOnFiles)]
    return [(part, Path(path)) for part in readers for path in part.depends_on()]


@cache
def _file_digest(path: Path, written: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _module(part: Any) -> str:
    """Where the code of a part is: of a function or a class its own, of anything else that of its class."""
    return str(getattr(part, "__module__", "") or type(part).__module__)


@cache
def _closure(modules: frozenset[str]) -> str:
    """Names of modules of ours -> hash of their sources and of those of all modules of ours they import."""
    pending, seen = list(modules), {}
    while pending:
        name = pending.pop()
        if name not in seen:
            seen[name], imported = _read(name)
            pending.extend(imported)
    return digest(seen)


@cache
def source_file(module: str) -> Path | None:
    """The source file of a module that is ours, a plugin's or the user's; None for the libraries'."""
    package = module.partition(".")[0]
    if package in sys.stdlib_module_names or (package != module and _is_a_library(package)):
        return None
    spec = _spec(module)
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin)
    return None if _is_installed(path, package) else path


@cache
def _is_a_library(package: str) -> bool:
    """Whether a package is another's: to look for a module in it would import it, and run its code."""
    spec = _spec(package)
    return bool(spec and spec.origin) and _is_installed(Path(spec.origin), package)


def _is_installed(path: Path, package: str) -> bool:
    return "site-packages" in path.parts and HERE not in path.parents and package not in plugin_packages()


def _spec(module: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None


@cache
def _read(module: str) -> tuple[str, tuple[str, ...]]:
    """A module's code hash, and the modules of ours that it imports."""
    path = source_file(module)
    assert path is not None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    files = [] if HERE in path.parents else _files_named(tree, path.parent)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = [name for node in ast.walk(tree) for name in _imported(node, package)]
    code = ast.dump(without_docstrings(tree))
    return digest([code, files] if files else code), tuple(sorted({n for n in names if source_file(n)}))


def _files_named(tree: ast.AST, folder: Path) -> list[str]:
    """Code of the user's and its folder -> name and content of every file that a text in it names."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and _is_name(node.value)}
    paths = [folder / text for text in sorted(texts)]
    return [file_content(tree, path) for path in paths if path.is_file()]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    above = package.rsplit(".", node.level - 1)[0] if node.level else ""
    module = ".".join(part for part in (above, node.module) if part)
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]
