"""A study -> the command line that runs it again."""

from __future__ import annotations

import json
import shlex
from typing import Any

from components.study.kept_file import file_name, is_kept
from components.study.setting import WHOLE
from components.study.study import Study, about, typed_names


def repeat_command(study: Study) -> str:
    """Study -> what to type, options as far as they are not as usual."""
    asked = study.asked()
    if asked.get("source"):
        asked.pop("pretrained", None)  # another store has other runs; the same trains none again
    settings = asked.pop("settings", {})
    whole = {name for name, field in typed_names(type(study)).items() if about(field, WHOLE)}
    pairs = [(name, one) for name, value in asked.items() for one in (value if name in whole else [value])]
    words = ["crossover compare", *(_option(*pair) for pair in pairs)]
    changed = [(name, key, value) for name, own in settings.items() for key, value in own.items()]
    words += [f"--set {shlex.quote(f'{name}.{key}={json.dumps(value)}')}" for name, key, value in changed]
    return " ".join(words)


def _option(name: str, value: Any) -> str:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{'' if value else 'no-'}{option}"
    if is_kept(value):  # by its name: the text may be of megabytes, and is in the study
        value = file_name(value)
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"--{option} {shlex.quote(text)}"
