"""The one door to MLflow: studies, trials, trained recognisers."""

from components.study.tracking.answer import open_store
from components.study.tracking.attachments import log_attachments, read_attachments
from components.study.tracking.ceilings import log_ceilings
from components.study.tracking.claims import Claim, Others, claim_trial, close_abandoned
from components.study.tracking.made_elsewhere import read_runs, record_study
from components.study.tracking.models import fetch_system, load_system, log_system
from components.study.tracking.preload import preload
from components.study.tracking.previous_run import earlier_study, log_regressed, read_regressed
from components.study.tracking.relocate import relocate
from components.study.tracking.store import Store
from components.study.tracking.studies import (
    StudyEntry,
    close_study,
    ending_study,
    find_study,
    log_report,
    log_report_key,
    open_study,
    read_report_key,
    read_study,
    read_trials,
)
from components.study.tracking.superseded import CURRENT, mark_superseded
from components.study.tracking.trials import (
    finished_trial,
    finished_trials,
    log_failure,
    log_trial,
)
from components.study.tracking.undelivered import (
    Result,
    deliver,
    is_kept,
    kept_results,
    kept_until_recorded,
    record,
    waiting,
)

__all__ = [
    "CURRENT",
    "Claim",
    "Others",
    "Result",
    "Store",
    "StudyEntry",
    "claim_trial",
    "close_abandoned",
    "close_study",
    "deliver",
    "earlier_study",
    "ending_study",
    "fetch_system",
    "find_study",
    "finished_trial",
    "finished_trials",
    "is_kept",
    "kept_results",
    "kept_until_recorded",
    "load_system",
    "log_attachments",
    "log_ceilings",
    "log_failure",
    "log_regressed",
    "log_report",
    "log_report_key",
    "log_system",
    "log_trial",
    "mark_superseded",
    "open_store",
    "open_study",
    "preload",
    "read_attachments",
    "read_regressed",
    "read_report_key",
    "read_runs",
    "read_study",
    "read_trials",
    "record",
    "record_study",
    "relocate",
    "waiting",
]
