"""The files of this project as they lie on the disk: a stamp that changes with any of them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("components", "flows")
KINDS = (".py", ".j2")


@cache
def source_stamp() -> str:
    """Hash of name, size and time of every source file and template: quick, and anew after any change."""
    files = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in KINDS)
    facts = [(str(path.relative_to(ROOT)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
