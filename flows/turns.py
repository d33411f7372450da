"""The turns of a study's trials: all of them, then those that other machines trained or gave back."""

from __future__ import annotations

import time
from collections.abc import Iterator

from components.study.plan import Trial
from components.study.tracking import Claim, Others
from flows.prepare import Prepared
from flows.progress import Progress
from flows.trial import Outcome

LOOK_S = 2.0  # between two looks at what others train


class Turns:
    """Iterates over trials to run now; `ended` is told of each before the next ones are asked for.

    A trial that another process trains is waited for last: its result is taken, or it is run here once its
    holder is gone.
    """

    def __init__(self, prepared: Prepared, progress: Progress):
        self.upcoming = list(prepared.missing)
        self.held: dict[str, Outcome] = {}  # by fingerprint
        self.others = Others(prepared.store, prepared.dataset.fingerprint)
        self.progress = progress

    def __iter__(self) -> Iterator[list[Trial]]:
        while self.upcoming or self.held:
            if self.upcoming:
                yield self.upcoming
            self.upcoming = []
            if self.held and not self._look():
                time.sleep(LOOK_S)

    def ended(self, outcome: Outcome) -> None:
        """A trial that was run has ended, or was found to be another's."""
        if outcome.held_by:
            self.held[outcome.trial.fingerprint] = outcome
        else:
            self.progress.ended(outcome)

    def _look(self) -> bool:
        """Look at what others hold: take their results, and what they gave back; whether anything changed."""
        claims = self.others.look(list(self.held))
        freed = {one: claim for one, claim in claims.items() if not claim.holder}
        for fingerprint, claim in freed.items():
            self._free(self.held.pop(fingerprint).trial, claim)
        for fingerprint in claims.keys() & self.held.keys():
            self.held[fingerprint] = Outcome(
                self.held[fingerprint].trial, "", 0.0, held_by=claims[fingerprint].holder
            )
        self.progress.waits(list(self.held.values()))
        return bool(freed)

    def _free(self, trial: Trial, claim: Claim) -> None:
        if claim.finished or claim.error:
            self.progress.ended(
                Outcome(trial, claim.finished, 0.0, error="" if claim.finished else claim.error)
            )
        else:
            self.upcoming.append(trial)
