"""Where written pages lie: a folder for each study, whatever it is called."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from filelock import FileLock

from components.study.fingerprint import digest
from components.study.results import StudyRecord
from components.study.study import run_settings
from components.study.tracking import Store, StudyEntry
from components.subjects import find_subject

OWNERS = "owners.json"  # beside the folders: whose each of them is
LONGEST = 80  # characters of a folder's name


def report_folder(store: Store, study: StudyRecord | StudyEntry) -> Path:
    """Where a study's page lies: beside the store, or under ./mlruns for a tracking server's."""
    return owned_folder(pages_of(store), slug(study.name), page_owner(study))


def pages_of(store: Store) -> Path:
    """The folder of all pages of a store."""
    return (store.folder or Path("mlruns").resolve()) / "reports"


def page_owner(study: StudyRecord | StudyEntry) -> str:
    """A study -> whose its page is: the same when it is run again, on other days and with other code."""
    aside = run_settings(find_subject(study.subject).settings)
    asked = {name: value for name, value in study.settings.items() if name not in aside}
    return digest([study.name, json.loads(json.dumps(asked))])


def owned_folder(pages: Path, name: str, owner: str) -> Path:
    """Folder of pages, wanted name and whose page it is -> its folder, for ever.

    The name ends in digits of the owner's hash if another one has it already.
    """
    pages.mkdir(parents=True, exist_ok=True)
    with FileLock(pages / ".lock"):
        owners = _owners(pages)
        free = next(one for one in (name, f"{name}-{owner[:6]}", owner) if owners.get(one, owner) == owner)
        if free not in owners:
            _write(pages, {**owners, free: owner})
    return pages / free


def _owners(pages: Path) -> dict[str, str]:
    try:
        return json.loads((pages / OWNERS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # of an earlier version


def _write(pages: Path, owners: dict[str, str]) -> None:
    unfinished = pages / f"{OWNERS}.{os.getpid()}"
    unfinished.write_text(json.dumps(owners, indent=1), encoding="utf-8")
    os.replace(unfinished, pages / OWNERS)


def slug(name: str) -> str:
    """A study's name -> letters, digits and dashes, as file names and Prefect's keys want it.

    Long names, and names in other letters, which would all be one, end in a few digits of their hash.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "study"
    other = any(letter.isalnum() and not letter.isascii() for letter in name)
    return f"{plain[:LONGEST]}-{digest(name)[:6]}" if other or len(plain) > LONGEST else plain
