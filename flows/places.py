"""Places of scheduled runs: stores, paths and commands, which are those of the deployment and no others.

Whoever may start a run chooses what it measures, but not where it reads, writes, or which code it imports,
unless the process that runs it allows that by name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from components.study.fingerprint import digest
from components.study.study import Study
from components.subjects import find_subject

ALLOW = "CROSSOVER_ALLOW"  # names of settings, comma between, that runs may set to other places
PLACES = "CROSSOVER_PLACES"  # name -> digest of the places that a deployment was served with, as JSON


def serve_places(study: Study, allow: str = "") -> dict[str, str]:
    """A study to serve, names of settings that its runs may set -> variables for the processes of runs."""
    places = type(study).places(study.asked())
    _check_names(type(study), _names(allow))
    return {PLACES: json.dumps({name: digest(value) for name, value in places.items()}), ALLOW: allow}


def as_deployed(values: Mapping[str, Any], deployed: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a run and those of its deployment -> the run's, at the deployment's places.

    Raises ValueError for a store, path or command that is not the deployment's and is not allowed.
    """
    kind = find_subject(str(deployed.get("subject") or "")).settings
    filled = dict(values) | {n: v for n, v in kind.places(deployed).items() if not values.get(n)}
    served = os.environ.get(PLACES)
    known = json.loads(served) if served else {n: digest(v) for n, v in kind.places(deployed).items()}
    allowed = _names(os.environ.get(ALLOW, ""))
    for name, value in kind.places(filled).items():
        if name not in allowed and digest(value) != known.get(name):
            raise ValueError(
                f"a scheduled run expected its deployment's {name}, got {str(value)[:200]!r}; leave it out, "
                f"or let its runs name others: crossover serve --allow {name}, or {ALLOW}={name} where they "
                "run."
            )
    return filled


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _check_names(kind: type[Study], names: list[str]) -> None:
    known = kind.place_names()
    for name in names:
        if name not in known:
            raise ValueError(f"--allow expected names out of {', '.join(known)}, got {name!r}.")
