"""Results: what one trial and one study leave behind, as plain data between the store and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from components.study.checks import DataCheck
from components.study.nouns import Nouns

if TYPE_CHECKING:
    import pandas as pd

Family = Literal["modular", "end-to-end"]


@dataclass(frozen=True, eq=False)
class TrialResult:
    """One system, trained on one subset size with one draw and one init seed, scored once.

    recogniser: name of the system. fold: name of the test side ("" if there is one only). size: labelled
    examples. error: why a failed trial failed, "" if it finished.
    metrics: the error rate and both ends of its interval under the names that Nouns.metric gives (rate,
    rate_low, rate_high), counts (errors, total), costs (train_seconds, predict_seconds, their
    processor seconds, peak_memory_mb, parameters, model_bytes), and what the subject adds.
    params: every setting, and what the system chose by itself ("chose." before it), as text.
    scores: one row a test example, columns as study.counts.SCORE_COLUMNS and the subject's own; None if
    failed.
    trust: names of classes, comma between, that are to be trusted before the trained system is loaded.
    """

    run_id: str
    recogniser: str
    family: Family
    fold: str
    size: int
    draw: int
    init: int
    status: Literal["finished", "failed"]
    error: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    scores: pd.DataFrame | None = None
    trust: str = ""


def set_aside_frame(rows: Sequence[tuple[str, str]] = ()) -> pd.DataFrame:
    """(name, reason) of each example that could not be used -> columns of these names."""
    import pandas as pd  # slow to import, and not needed to plan a study

    return pd.DataFrame(list(rows), columns=["name", "reason"])


@dataclass(frozen=True, eq=False)
class StudyRecord:
    """All trials of one comparison, and everything a reader needs to judge and repeat it.

    check: the look at the data before the study.
    subject, nouns: what it is a study of, and the words for it.
    dataset: facts by name: name, fingerprint, and what the subject tells of its data, such as a notice.
    settings: what was asked for. command: the line that repeats it.
    created: ISO 8601. versions: package -> version. set_aside: columns name and reason.
    ceilings: one dict an analysed trial, as inspection.ceiling.pooled takes them; empty without analysis.
    regressions: one dict a system and size that errs more than in the run of this study before, beyond
    luck: recogniser, size, before, after, low, high, and that run's id and date as run and since.
    code: system -> version of its code.
    planned: one dict a trial that was asked for, with its recogniser and family; those of trials if empty.
    rounds: of an adaptive study, else empty: grid, the trials that the full grid has; rounds, one dict each
    with what it was for (why) and its number of trials; ended, why no round followed ("" where one may).
    """

    name: str
    run_id: str
    dataset: dict[str, Any]
    settings: dict[str, Any]
    command: str
    created: str
    versions: dict[str, str]
    trials: list[TrialResult]
    set_aside: pd.DataFrame = field(default_factory=set_aside_frame)
    ceilings: list[dict[str, Any]] = field(default_factory=list)
    regressions: list[dict[str, Any]] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    check: DataCheck = field(default_factory=DataCheck)
    planned: list[dict[str, Any]] = field(default_factory=list)
    nouns: Nouns = field(kw_only=True)

    @property
    def finished(self) -> list[TrialResult]:
        """Trials that have a result."""
        return [trial for trial in self.trials if trial.status == "finished"]

    @property
    def failed(self) -> list[TrialResult]:
        """Trials that ended with an error."""
        return [trial for trial in self.trials if trial.status == "failed"]

    @property
    def asked(self) -> int:
        """Trials that were asked for."""
        return len(self.planned or self.trials)

    @property
    def unfinished(self) -> int:
        """Trials that were asked for and have no result: they failed, or were never run."""
        return self.asked - len(self.finished)

    @property
    def families(self) -> set[str]:
        """Families of which trials were asked for."""
        return {one["family"] for one in self.planned} or {trial.family for trial in self.trials}

    def best(self, family: Family) -> TrialResult | None:
        """The finished trial of a family with the fewest errors: the one to try on data of your own."""
        own = [trial for trial in self.finished if trial.family == family]
        return min(own, key=lambda trial: trial.metrics[self.nouns.metric], default=None)

    @property
    def sizes(self) -> list[int]:
        """Training sizes that were asked for, smallest first; without 0, which is on no curve."""
        return [size for size in self.all_sizes if size]

    @property
    def all_sizes(self) -> list[int]:
        """The same with 0, where systems were asked that were given no label."""
        return sorted({trial.size for trial in self.trials})

    @property
    def recognisers(self) -> list[str]:
        """Names of the systems, modular ones first, each family in order of first mention."""
        families = {trial.recogniser: trial.family for trial in self.trials}
        return sorted(families, key=lambda name: families[name] != "modular")
