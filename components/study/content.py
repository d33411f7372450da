"""A setting -> its content as JSON, so that equal settings are one trial and others are not."""

from __future__ import annotations

import ast
import enum
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

PLAIN = (str, int, float, bool, type(None))
LISTS = (list, tuple, range)
SETS = (set, frozenset)


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
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str | Path) and str(value) in known.files:
        return known.files[str(value)]
    if isinstance(value, enum.Enum):
        return f"{_named(type(value))}.{value.name}"
    if isinstance(value, PLAIN):
        return value
    inner = functools.partial(describe, setting, known=known)
    if isinstance(value, Mapping):
        return {_key(key): inner(item) for key, item in value.items()}
    if isinstance(value, LISTS):
        return [inner(item) for item in value]
    if isinstance(value, SETS):
        return sorted((inner(item) for item in value), key=repr)
    if isinstance(value, BaseEstimator):
        return type(value).__qualname__ if id(value) in known.parts else _estimator(value, inner)
    return _other(setting, value, inner)


def _other(setting: str, value: Any, inner: Any) -> Any:
    """The rarer kinds of value."""
    if isinstance(value, np.ndarray):
        return inner(value.tolist()) if value.dtype.hasobject else _array(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return f"bytes {_hash(bytes(value))}"
    if isinstance(value, complex):
        return repr(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {"class": _named(type(value))} | {
            one.name: inner(getattr(value, one.name)) for one in fields(value)
        }
    if isinstance(value, functools.partial):
        return {"function": inner(value.func), "arguments": inner([value.args, value.keywords])}
    if isinstance(value, type) or inspect.isroutine(value) or isinstance(value, np.ufunc):
        return _code(setting, value)
    raise _no_content(
        setting,
        f"an object of {type(value).__qualname__}",
        "make it a number, a text, a path, a dataclass or a scikit-learn estimator",
    )


def _estimator(part: BaseEstimator, inner: Any) -> dict[str, Any]:
    return {"class": _named(type(part))} | {
        key: inner(v) for key, v in sorted(part.get_params(deep=False).items())
    }


def _array(value: np.ndarray) -> str:
    shape = "x".join(map(str, value.shape))
    return f"array {value.dtype.str} {shape} {_hash(np.ascontiguousarray(value).tobytes())}"


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
    """A recogniser -> everything in it, and in its settings at any depth, that has code of its own."""
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
    if isinstance(part, BaseEstimator):
        return list(part.get_params(deep=False).values())
    return [getattr(part, one.name) for one in fields(part)] if is_dataclass(part) else []
