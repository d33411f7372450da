"""Kind and name -> the files of a small package with a part of that kind."""

from __future__ import annotations

import importlib.util
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from components.errors import unknown

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kind:
    """What is written of one kind. files: path in the package -> template. entry: name of its entry point."""

    about: str
    group: str
    entry: str
    files: dict[str, str]

    @property
    def file(self) -> str:
        """The module that the entry point names: that of the last file."""
        return Path(list(self.files)[-1]).stem


COMMON = {"pyproject.toml": "pyproject.toml.j2", "{module}/__init__.py": "__init__.py.j2"}
LAWS = {"tests/test_laws.py": "test_laws.py.j2"}
KINDS = {
    "stage": Kind(
        "A stage",
        "recognisers",
        "{name}-svm",
        {**LAWS, "{module}/stage.py": "stage.py.j2", "{module}/recipe.py": "stage_recipe.py.j2"},
    ),
    "recogniser": Kind(
        "A recogniser", "recognisers", "{name}", {**LAWS, "{module}/recogniser.py": "recogniser.py.j2"}
    ),
    "corpus": Kind(
        "A corpus",
        "corpora",
        "{name}",
        {"tests/test_corpus.py": "test_corpus.py.j2", "{module}/corpus.py": "corpus.py.j2"},
    ),
}


@dataclass(frozen=True)
class Written:
    """A package that was written. entry: by what name its recogniser or corpus is asked for."""

    folder: Path
    files: tuple[Path, ...]
    entry: str


def write_package(kind: str, name: str, folder: Path) -> Written:
    """A key of KINDS, a name such as "loud-clips", the folder to put it in -> the package, in a folder NAME.

    Raises ValueError for a kind or a name that cannot be, and where there is something of that name already.
    """
    if kind not in KINDS:
        raise unknown("kind of package", kind, KINDS)
    module = _checked(name, folder)
    about, target = KINDS[kind], folder / name
    words = {"name": name, "module": module, "kind": name.title().replace("-", ""), "about": about.about}
    words |= {"constant": module.upper(), "group": about.group, "file": about.file}
    words |= {"entry": about.entry.format(name=name)}
    loader = PackageLoader("components.scaffold")
    templates = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
    files = {target / path.format(**words): text for path, text in {**COMMON, **about.files}.items()}
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(templates.get_template(template).render(words), encoding="utf-8")
    return Written(target, tuple(files), words["entry"])


def _checked(name: str, folder: Path) -> str:
    """The name of a package -> that of its module; ValueError where it cannot be."""
    module = name.replace("-", "_")
    if not NAME.fullmatch(name) or keyword.iskeyword(module):
        raise ValueError(
            f"new expected a name of small letters, digits and hyphens, such as loud-clips, got {name!r}."
        )
    if importlib.util.find_spec(module):
        raise ValueError(
            f"new expected a name that no installed module has, got {name!r}; choose another one."
        )
    if (folder / name).exists():
        raise ValueError(
            f"new expected a new folder, got {folder / name}, which is there; choose another one."
        )
    return module
