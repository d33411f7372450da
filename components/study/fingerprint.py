"""What a result depends on, in one line: settings, code and library versions, hashed."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator

HERE = Path(__file__).parents[1]
SCORING = ("components.study.counts", "components.study.splits")
LIBRARIES = ("torch", "torchaudio", "scikit-learn", "numpy", "scipy", "kaldifst", "kaldi-decoder", "jiwer")


def digest(value: Any) -> str:
    """Any JSON value -> 16 hex digits, the same for the same value in every process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settings(recogniser: BaseEstimator) -> dict[str, Any]:
    """Recogniser -> every knob and its value, `step__knob` for nested ones; parts by class name."""
    return {key: _plain(value) for key, value in sorted(recogniser.get_params(deep=True).items())}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else type(value).__qualname__


def library_versions() -> dict[str, str]:
    """The versions of the libraries that a result is computed with."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def code_version(recogniser: BaseEstimator, *scoring: str) -> str:
    """Recogniser -> hash of the source of every part it is made of, what those import, and the scoring.

    scoring: names of further modules that a result depends on, such as the one that counts errors.

    Comments, docstrings and layout do not count: they cannot change a result.
    """
    parts = [recogniser, *recogniser.get_params(deep=True).values()]
    modules = {type(part).__module__ for part in parts} | {*SCORING, *scoring}
    pending, seen = [name for name in modules if _source(name)], {}
    while pending:
        name = pending.pop()
        if name not in seen:
            seen[name], imported = _read(name)
            pending.extend(imported)
    return digest(seen)


def read_sources() -> None:
    """Read and hash all parts that are imported, so that processes forked from this one need not."""
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        if _source(name):  # a folder without __init__.py has none
            _read(name)


def _source(module: str) -> Path | None:
    """The source file of a module that is ours or the user's; None for the libraries'."""
    if module.split(".")[0] in sys.stdlib_module_names:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin)
    return path if HERE in path.parents or "site-packages" not in path.parts else None


@cache
def _read(module: str) -> tuple[str, tuple[str, ...]]:
    """A module's code hash, and the modules of ours that it imports."""
    path = _source(module)
    assert path is not None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = [name for node in ast.walk(tree) for name in _imported(node, package)]
    for node in ast.walk(tree):
        _drop_docstring(node)
    return digest(ast.dump(tree)), tuple(sorted({name for name in names if _source(name)}))


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    above = package.rsplit(".", node.level - 1)[0] if node.level else ""
    module = ".".join(part for part in (above, node.module) if part)
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def _drop_docstring(node: ast.AST) -> None:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
        del node.body[0]
