"""How a study ended, as whoever started it is told: exit status, and the sentence of a run that failed."""

from __future__ import annotations

from components.report.findings import findings
from components.report.shortfall import is_answered, shortfall_sentence
from components.study.results import StudyRecord
from flows.statuses import FINISHED, NO_ANSWER, SOME_FAILED


def exit_status(record: StudyRecord) -> int:
    """A study -> 0 where every trial that was asked for has finished, else whether there is an answer."""
    if not record.unfinished:
        return FINISHED
    return SOME_FAILED if is_answered(findings(record)) else NO_ANSWER


def failure(record: StudyRecord) -> str:
    """A study -> what is missing and the answer that there is, for the state of a run; "" if nothing is."""
    shortfall = shortfall_sentence(record)
    return shortfall and f"{shortfall} {findings(record).sentence}"
