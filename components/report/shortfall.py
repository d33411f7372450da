"""Shortfall: a study with trials that have no result -> whether it answers all the same, and what to do."""

from __future__ import annotations

from components.report.findings import Findings
from components.study.results import StudyRecord


def is_answered(findings: Findings) -> bool:
    """Whether finished trials answer the question: of both families where both were asked for."""
    if len(findings.record.families) < 2:
        return bool(findings.record.finished)
    return findings.headline is not None


def shortfall_sentence(record: StudyRecord) -> str:
    """A study -> one sentence on the trials that have no result, and what to do; "" if all have one."""
    if not record.unfinished:
        return ""
    failed, left = len(record.failed), record.unfinished - len(record.failed)
    lost = f"{failed} of {record.asked} trials failed" if failed else ""
    unrun = f"{left} of {record.asked} trials {'was' if left == 1 else 'were'} not run" if left else ""
    both = " and ".join(filter(None, (lost, unrun)))
    named = "the report names them, and " if failed else ""
    return f"{both}; {named}the same command tries them again."
