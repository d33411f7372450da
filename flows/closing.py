"""A study that is broken off: its run in MLflow is ended, and its trials' runs, within seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from components.study.tracking import close_abandoned, ending_study
from flows.prepare import Prepared
from flows.stop import hurry


@contextmanager
def closing(prepared: Prepared) -> Iterator[None]:
    """Whatever breaks off the inside ends what the store calls running: the study, trials half recorded."""
    with ending_study(prepared.store, prepared.run_id):
        try:
            yield
        except BaseException as error:
            if not isinstance(error, Exception):
                hurry()
            with suppress(Exception):
                close_abandoned(prepared.store, prepared.dataset.fingerprint)
            raise
