"""Wiring: Prefect flows and tasks, child processes, schedules, the command line; no arithmetic.

Importing it sets what Prefect and MLflow would otherwise send out or print; set the variables yourself
to say otherwise.
"""

import os

for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_API_MAX_PARAMETER_SIZE": "100000000",  # a study holds the files it was given
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}.items():
    os.environ.setdefault(_name, _value)
