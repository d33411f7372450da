"""The parts of a package, and every law that is theirs."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import SkipTest

from sklearn.base import BaseEstimator

from components.cache import cache_folder
from components.contract import Framed
from components.laws import hook_laws, laws
from components.laws.corpus_laws import CORPUS_LAWS
from components.laws.examples import labelled
from components.laws.recogniser_laws import TRAINED_LAWS
from components.laws.wrong_settings import wrong_settings
from components.speech.corpus import NamedCorpus
from components.study.recipe import Recipe

PART_LAWS = [laws.builds_and_only_stores, laws.clones, laws.says_what_becomes_what, laws.types_its_settings]


@dataclass(frozen=True)
class Law:
    """A law and the part that it is tried on.

    Called, it raises BrokenLaw, or SkipTest where it cannot be tried.
    """

    part: str
    name: str
    check: Callable[[], None]

    def __call__(self) -> None:
        __tracebackhide__ = True
        self.check()

    def __str__(self) -> str:
        return f"{self.part}: {self.name}"


def laws_of(package: str, data: Path | None = None) -> list[Law]:
    """Name of a package that can be imported -> the laws of its parts, none tried yet.

    Its parts are the classes with fit, the Recipes and the NamedCorpora in any of its modules. data: folder
    of the recordings of its corpora; None: CROSSOVER_DATA. Raises ValueError for a package without parts.
    """
    found = [law for module in _modules(package) for law in _laws_in(module, data)]
    if not found:
        raise ValueError(
            f"{package} expected a class with fit, a Recipe or a NamedCorpus in one of its modules, got "
            "none; crossover new writes a package that has one."
        )
    return list({str(law): law for law in found}.values())


def _modules(package: str) -> Iterator[ModuleType]:
    top = importlib.import_module(package)
    yield top
    for module in pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package}."):
        yield importlib.import_module(module.name)


def _laws_in(module: ModuleType, data: Path | None) -> Iterator[Law]:
    for name, part in inspect.getmembers(module):
        if inspect.isclass(part) and part.__module__ == module.__name__ and _is_part(part):
            yield from _part_laws(part)
        elif isinstance(part, Recipe):
            yield from _trained_laws(name, part)
        elif isinstance(part, NamedCorpus):
            yield from _corpus_laws(name, part, data)


def _is_part(kind: type) -> bool:
    return issubclass(kind, BaseEstimator) and hasattr(kind, "fit")


def _part_laws(kind: type) -> Iterator[Law]:
    own = list(PART_LAWS)
    if hasattr(kind, "transform"):
        own += laws.STAGE_LAWS
        own += (
            [hook_laws.learns_nothing, hook_laws.can_be_shared] if getattr(kind, "stateless", False) else []
        )
        own += [hook_laws.makes_frames_so_often] if _is_framed(kind) else []
    hooks = ("learns_from_copies", "learns_from_unlabelled", "learns_from_source")
    own += [getattr(hook_laws, hook) for hook in hooks if getattr(kind, hook, False) is True]
    own += [refuses_wrong_settings]
    for law in own:
        yield Law(kind.__name__, _words(law), partial(law, kind))


def _is_framed(kind: type) -> bool:
    try:
        return isinstance(kind(), Framed)
    except Exception:  # then the law about building it is broken, which says so
        return False


def refuses_wrong_settings(kind: type) -> None:
    """Each wrong value of each setting is refused before fit, or fit can do with it."""
    for setting, value in wrong_settings(laws.built(kind)):
        hook_laws.refused_or_accepted(kind, setting, value)


def _trained_laws(name: str, recipe: Recipe) -> Iterator[Law]:
    @cache
    def trained() -> tuple[Any, Any, Any]:
        clips, texts = labelled()
        return recipe.build().fit(clips, texts), clips, texts

    for law in TRAINED_LAWS:
        yield Law(name, _words(law), lambda law=law: law(*trained()))


def _corpus_laws(name: str, corpus: NamedCorpus, data: Path | None) -> Iterator[Law]:
    @cache
    def manifests() -> list[Any]:
        asked = {"data": data, "cache": cache_folder(), "seed": 0, "progress": None}
        try:
            return [corpus.build_manifest("", **asked) for _ in range(2)]
        except (ValueError, OSError) as error:
            raise SkipTest(f"its recordings are not here: {error}") from None

    for law in CORPUS_LAWS:
        yield Law(name, _words(law), lambda law=law: law(*manifests()))


def _words(law: Callable[..., None]) -> str:
    return law.__name__.replace("_", " ")
