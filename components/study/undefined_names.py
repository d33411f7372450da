"""A part -> names that its module reads and nobody defines, such as those of a forgotten import."""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from components.study.fingerprint import source_file


def undefined_names(part: Any) -> tuple[str, ...]:
    """A part -> a sentence for each name that would end its fit; none for a part of a library.

    A name that the module binds anywhere, such as by an import that may fail, is left to the module.
    """
    return _undefined(type(part).__module__)


@cache
def _undefined(name: str) -> tuple[str, ...]:
    module, path = sys.modules.get(name), source_file(name)
    if module is None or path is None:
        return ()
    bound, lines = _bound(ast.parse(path.read_text(encoding="utf-8"))), dict[str, int]()
    for function in _functions(module):
        known = function.__globals__.keys() | vars(builtins).keys() | bound
        for read, line in _globals_read(function.__code__):
            if read not in known:
                lines.setdefault(read, line)
    return tuple(
        f"{name}, line {line}, expected {read} to be defined, got no such name; import or correct it."
        for read, line in lines.items()
    )


def _bound(tree: ast.AST) -> set[str]:
    """A module's syntax -> the names that it binds in any place."""
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    aliases = [
        alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    ]
    return names | {(alias.asname or alias.name).partition(".")[0] for alias in aliases}


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Every function and method that a module defines, without what is wrapped around it."""
    own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
    methods = [value for kind in own if inspect.isclass(kind) for value in vars(kind).values()]
    for value in (*own, *methods):
        function = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", value))
        if inspect.isfunction(function):
            yield function


def _globals_read(code: CodeType) -> Iterator[tuple[str, int]]:
    """Code, and that of the functions inside it -> every global name that it reads, and the line."""
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            yield step.argval, step.positions.lineno if step.positions else code.co_firstlineno
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _globals_read(inner)
