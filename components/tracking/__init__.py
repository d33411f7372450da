"""The one door to MLflow: studies, trials, trained recognisers."""

from components.tracking.ceilings import log_ceilings
from components.tracking.earlier import earlier_study, log_regressed, read_regressed
from components.tracking.models import load_recogniser, log_recogniser
from components.tracking.moved import relocate
from components.tracking.sounds import log_sounds, read_sounds
from components.tracking.store import Store
from components.tracking.studies import (
    StudyEntry,
    close_study,
    find_study,
    log_report,
    open_study,
    read_study,
    read_trials,
)
from components.tracking.trials import (
    close_abandoned,
    finished_trial,
    finished_trials,
    log_failure,
    log_trial,
)

__all__ = [
    "Store",
    "StudyEntry",
    "close_abandoned",
    "close_study",
    "earlier_study",
    "find_study",
    "finished_trial",
    "finished_trials",
    "load_recogniser",
    "log_ceilings",
    "log_failure",
    "log_recogniser",
    "log_regressed",
    "log_report",
    "log_sounds",
    "log_trial",
    "open_study",
    "read_regressed",
    "read_sounds",
    "read_study",
    "read_trials",
    "relocate",
]
