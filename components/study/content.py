"""A setting -> its content as JSON, so that equal settings are one trial and others are not."""

from __future__ import annotations

import ast
import enum
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from components.study.estimators import is_estimator

PLAIN = (str, int, float, bool, type(None))
LONG = 10_000  # characters: longer texts, such as of files, count by a hash
LISTS = (list, tuple, range)
SETS = (set, frozenset)
Inner = Callable[[Any], Any]  # describes what is inside a value


@dataclass(frozen=True)
class Described:
    """What is described elsewhere. parts: ids of estimators whose settings are named one by one.

    files: path -> what stands for the content of a file that is read.
    """

    parts: frozenset[int] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)


def describe(setting: str, value: Any, known: Described) -> Any:
    """Name and value of a setting -> its content as JSON.

    Raises ValueError for a value that has none: an object of a class that says nothing of itself, a lambda, a
    function made inside another one.
    """
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, str | Path) and str(value) in known.files:
        return known.files[str(value)]
    if is_estimator(value) and id(value) in known.parts:
        return type(value).__qualname__
    inner = functools.partial(describe, setting, known=known)
    for kinds, content in CONTENTS:
        if kinds(value) if kinds is is_estimator else isinstance(value, kinds):
            return content(value, inner)
    if is_dataclass(value) and not isinstance(value, type):
        return _members(value, {one.name: getattr(value, one.name) for one in fields(value)}, inner)
    if isinstance(value, type) or inspect.isroutine(value):
        return _code(setting, value)
    way_out = "make it a number, a text, a path, a dataclass or a scikit-learn estimator"
    raise _no_content(setting, f"an object of {type(value).__qualname__}", way_out)


def _members(value: Any, members: Mapping[str, Any], inner: Inner) -> dict[str, Any]:
    return {"class": _named(type(value))} | {name: inner(members[name]) for name in sorted(members)}


def _array(value: np.ndarray, inner: Inner) -> Any:
    if value.dtype.hasobject:
        return inner(value.tolist())
    shape = "x".join(map(str, value.shape))
    return f"array {value.dtype.str} {shape} {_hash(np.ascontiguousarray(value).tobytes())}"


def _text(value: str) -> str:
    return f"text of {len(value)} characters {_hash(value.encode())}"


# Kinds of value, or what tells one, and what is said of them, the first that fits.
CONTENTS: tuple[tuple[Any, Callable[[Any, Inner], Any]], ...] = (
    (enum.Enum, lambda value, _: f"{_named(type(value))}.{value.name}"),
    (str, lambda value, _: value if len(value) <= LONG else _text(value)),
    (PLAIN, lambda value, _: value),
    (Mapping, lambda value, inner: {_key(key): inner(item) for key, item in value.items()}),
    (LISTS, lambda value, inner: [inner(item) for item in value]),
    (SETS, lambda value, inner: sorted((inner(item) for item in value), key=repr)),
    (is_estimator, lambda value, inner: _members(value, value.get_params(deep=False), inner)),
    (np.ndarray, _array),
    ((Path, complex), lambda value, _: str(value)),
    ((bytes, bytearray), lambda value, _: f"bytes {_hash(bytes(value))}"),
    (functools.partial, lambda value, inner: [inner(value.func), inner(value.args), inner(value.keywords)]),
    (np.ufunc, lambda value, _: f"numpy.{value.__name__}"),
)


def _code(setting: str, value: Any) -> str:
    """A function or class -> its name and a hash of its source, if that can be read."""
    name = _named(value)
    if "<lambda>" in name:
        raise _no_content(setting, "a lambda", "make it a function of a module")
    if "<locals>" in name:
        raise _no_content(setting, f"{name}, made inside a function", "make it one of a module")
    if getattr(value, "__self__", None) is not None and not inspect.ismodule(value.__self__):
        raise _no_content(setting, f"the method {name} of an object", "make it a function of a module")
    try:
        source = textwrap.dedent(inspect.getsource(value))
    except (OSError, TypeError):  # compiled: the library's version says the rest
        return name
    return f"{name} {_hash(ast.dump(without_docstrings(ast.parse(source))).encode())}"


def _no_content(setting: str, got: str, way_out: str) -> ValueError:
    return ValueError(
        f"setting {setting} expected a value that can be told from others by its content, "
        f"got {got}; {way_out}."
    )


def _named(value: Any) -> str:
    return f"{getattr(value, '__module__', None)}.{getattr(value, '__qualname__', value.__name__)}"


def _key(key: Any) -> str:
    return key if isinstance(key, str) else f"{type(key).__name__} {key!r}"


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def without_docstrings(tree: ast.AST) -> ast.AST:
    """Code -> the same without its docstrings, which cannot change a result."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return tree


def parts_of(value: Any) -> Iterator[Any]:
    """A system -> everything in it, and in its settings at any depth, that has code of its own."""
    if isinstance(value, (*PLAIN, np.ndarray, np.generic, bytes)):
        return
    if isinstance(value, Mapping):
        inside: Any = value.values()
    elif isinstance(value, (*LISTS, *SETS)):
        inside = value
    else:
        yield value
        inside = _inside(value)
    for item in inside:
        yield from parts_of(item)


def _inside(part: Any) -> list[Any]:
    if isinstance(part, type):
        return []
    if isinstance(part, functools.partial):
        return [part.func, *part.args, *part.keywords.values()]
    if is_estimator(part):
        return list(part.get_params(deep=False).values())
    return [getattr(part, one.name) for one in fields(part)] if is_dataclass(part) else []
