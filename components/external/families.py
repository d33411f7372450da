"""Systems -> their families, as a column says or the user does; none is guessed from a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from components.errors import unknown
from components.external.asked import Asked
from components.external.rows import Row
from components.study.curves import BEST
from components.study.results import Family

NAMES: dict[Family, tuple[str, ...]] = {
    "modular": ("modular", "hybrid", "hmm", "gmm-hmm", "hmm-gmm", "dnn-hmm", "hmm-dnn", "pipeline"),
    "end-to-end": ("end-to-end", "endtoend", "end2end", "e2e"),
}


def read_families(rows: Sequence[Row], columns: Mapping[str, str], asked: Asked) -> dict[str, Family]:
    """Rows, their columns and what the user says -> the family of each system.

    Raises ValueError for a system of no family or of two, and for one that is asked for and not there.
    """
    systems = list(dict.fromkeys(row.text(columns["system"]) for row in rows))
    families = _said(asked, systems)
    for row in rows:
        system, written = row.text(columns["system"]), row.text(columns.get("family", ""))
        family = _family(written, row.where) if written else None
        if not system or system in BEST.values():
            raise ValueError(f"{row.where}: expected the name of a system, got {system!r}; name it.")
        if family and families.setdefault(system, family) != family:
            raise ValueError(f"{row.where}: expected one family for {system}, got two; mend it.")
    if missing := [system for system in systems if system not in families]:
        raise ValueError(
            f"results expected the family of every system, got none for {', '.join(missing)}; add a column "
            f"family with modular or end-to-end, or --modular NAME,... and --end-to-end NAME,..."
        )
    return families


def _said(asked: Asked, systems: Sequence[str]) -> dict[str, Family]:
    """Systems that the user names -> their families."""
    families: dict[str, Family] = {}
    for family, names in (("modular", asked.modular), ("end-to-end", asked.end_to_end)):
        for name in names:
            if name not in systems:
                raise unknown(f"system of --{family}", name, systems)
            if families.setdefault(name, family) != family:
                raise ValueError(f"{name} expected one family, got both; take it out of one.")
    return families


def _family(written: str, where: str) -> Family:
    plain = re.sub(r"[\s_/]+", "-", written.strip().lower())
    for family, names in NAMES.items():
        if plain in names:
            return family
    raise ValueError(f"{where}: expected modular or end-to-end as family, got {written!r}; mend it.")
