"""A plan that was made before <-> a file beside the data: a finished study need not build its systems.

Building them imports all that they are made of: seconds, for a study that has nothing left to train. A plan
is only taken from its file if everything it was made from is the same: what was asked for, the data, every
source file of this project, Python and the libraries.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from components.study.dataset import Dataset
from components.study.device import has_gpu
from components.study.fingerprint import digest, library_versions
from components.study.plan import Plan, Trial, make_plan
from components.study.sources import source_stamp
from components.study.study import Study
from components.study.subject import Subject

FOLDER = "plans"


def find_plan(subject: Subject, study: Study, dataset: Dataset) -> Plan:
    """Subject, study and dataset -> the plan as `make_plan` makes it, from its file where there is one.

    Subjects of users are planned anew each time, as their code lies elsewhere; so is a study that may train
    on a GPU, which only a look at it can tell, and one whose systems read files of their own.
    """
    path = plan_path(study, dataset)
    if path is None:
        return make_plan(subject, study, dataset)
    if (plan := _read(path)) is None:
        plan = make_plan(subject, study, dataset)
        if not _reads_files(subject, study, dataset, plan):
            _write(path, plan)
    return plan


def plan_path(study: Study, dataset: Dataset) -> Path | None:
    """Study and dataset -> where their plan is kept once it is made; None where it is made each time."""
    if study.subject or dataset.folder is None or (study.device != "cpu" and has_gpu()):
        return None
    made_from = [study.recorded(), dataset.fingerprint, source_stamp(), sys.version, library_versions()]
    return dataset.folder / FOLDER / f"{digest(made_from)}.json"


def _reads_files(subject: Subject, study: Study, dataset: Dataset, plan: Plan) -> bool:
    """Whether any part of a system depends on files, which may change without any source file changing."""
    systems = [subject.system(study, dataset, name) for name in plan.systems]
    parts = [part for system in systems for part in (system, *system.get_params(deep=True).values())]
    return any(getattr(part, "depends_on", None) for part in parts)


def _read(path: Path) -> Plan | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Plan(tuple(Trial(**trial) for trial in kept["trials"]), kept["systems"], kept["untrusted"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is only a saving of time


def _write(path: Path, plan: Plan) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError, TypeError):
        text = json.dumps(asdict(plan), ensure_ascii=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
