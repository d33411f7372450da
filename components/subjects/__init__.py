"""Subjects: what a study can be about, by name; each binds all that a study needs to know of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.errors import unknown
from components.study.plugin_files import take_in
from components.study.plugins import SUBJECTS as PLUGINS
from components.study.plugins import FilePart, load_plugin, plugins
from components.study.study import Study
from components.study.study import check_study as check_settings
from components.study.subject import Subject

USUAL = "speech"
EXTERNAL = "external"  # results made elsewhere
SUBJECTS = {
    USUAL: "components.subjects.speech:SPEECH",
    EXTERNAL: "components.subjects.external:EXTERNAL",
    "wake-words": "components.subjects.wake_words:WAKE_WORDS",
}


def find_subject(name: str = "") -> Subject:
    """Name, also of a package's, or module:NAME of the user's -> the subject; the usual one for "".

    Modules are looked for in the current folder, too. Raises ValueError if there is no such subject.
    """
    points = plugins(PLUGINS) if name else {}
    if isinstance(points.get(name), FilePart) and name not in SUBJECTS:
        return load_plugin(PLUGINS, name, Subject)
    others = {other: point.value for other, point in points.items() if not isinstance(point, FilePart)}
    module, colon, attribute = (others | SUBJECTS).get(name or USUAL, name).partition(":")
    if not colon:
        known = [name for name in SUBJECTS if name != EXTERNAL]
        raise unknown("subject", name, [*known, *points, "module:NAME of your own"])
    subject = getattr(_imported(module, name), attribute, None)
    if not isinstance(subject, Subject):
        raise ValueError(
            f"subject {name!r} expected a Subject called {attribute} in {module}, got "
            f"{type(subject).__name__}; define one there: components/study/subject.py says what it answers."
        )
    return subject


def _imported(module: str, name: str) -> Any:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ValueError(
            f"subject {name!r} expected a module {module} in the current folder or installed, got none "
            f"({error}); correct the name or change the folder."
        ) from None


def subject_of(study: Study) -> Subject:
    """Study -> its subject, in any process: files of parts that the study names are taken in."""
    take_in(study.plugin)
    return find_subject(study.subject)


def check_study(values: Mapping[str, Any]) -> Study:
    """Settings by name -> the study of their subject; ValueError listing every bad one at once.

    Files of parts that they name are taken in.
    """
    take_in(values.get("plugin") or ())
    return check_settings(values, find_subject(str(values.get("subject") or "")).settings)
