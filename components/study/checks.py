"""Checks of a dataset before its study: what was read and how, what to look at, what would make it false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from components.errors import did_you_mean

Verdict = Literal["fine", "look", "stop"]
VERDICTS: tuple[Verdict, ...] = ("fine", "look", "stop")
SHOWN = 5  # examples in a message


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Attributes
    ----------
    name
        Of the check, as --accept takes it: "unseen-classes".
    verdict
        "fine"; "look", worth knowing before the answer is believed; "stop", the answer would be false.
    message
        One or two sentences: what was found, in numbers, what it means, what to do.
    examples
        Some of what it was found in.
    acceptable
        Whether a study can go on with it at all.
    """

    name: str
    verdict: Verdict
    message: str
    examples: tuple[str, ...] = ()
    acceptable: bool = True

    def __str__(self) -> str:
        shown = ", ".join(self.examples[:SHOWN])
        return f"{self.message} For example: {shown}." if shown else self.message


@dataclass(frozen=True)
class DataCheck:
    """A look at a dataset: facts by what they are of, in the order in which to read them, and all results."""

    facts: Mapping[str, str] = field(default_factory=dict)
    results: Sequence[CheckResult] = ()

    def of(self, verdict: Verdict) -> list[CheckResult]:
        """Results with this verdict."""
        return [result for result in self.results if result.verdict == verdict]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as JSON keeps them."""
        return {"facts": dict(self.facts), "results": [asdict(result) for result in self.results]}


def data_check(kept: Mapping[str, Any]) -> DataCheck:
    """What `DataCheck.as_dict` gave -> the same check."""
    results = [CheckResult(**{**row, "examples": tuple(row["examples"])}) for row in kept.get("results", ())]
    return DataCheck(kept.get("facts", {}), results)


def refuse_stops(check: DataCheck, accepted: Iterable[str], name: str) -> None:
    """Raises ValueError with all that would make a study of the dataset `name` false and was not accepted."""
    stops = unaccepted(check, accepted)
    if stops:
        lines = [f"{result.name}: {result}" for result in stops]
        head = f"{name} would not give a true answer as it is:"
        raise ValueError("\n".join([head, *lines, way_out(stops)]))


def unaccepted(check: DataCheck, accepted: Iterable[str]) -> list[CheckResult]:
    """A look and the names of accepted checks -> what stops the study; ValueError for a misspelt name."""
    accepted = set(accepted)
    _check_names(accepted, [result.name for result in check.results])
    stops = check.of("stop")
    return [result for result in stops if result.name not in accepted or not result.acceptable]


def way_out(stops: Sequence[CheckResult]) -> str:
    """What stops a study -> what to do, in a sentence."""
    names = [result.name for result in stops if result.acceptable]
    if len(names) < len(stops):
        return "Mend it first."
    return f"Mend it, or go on knowingly with --accept {','.join(names)}; the report then says so."


def _check_names(accepted: set[str], names: Sequence[str]) -> None:
    for name in sorted(accepted):
        if hint := did_you_mean(name, names) if name not in names else "":
            raise ValueError(f"accept expected names of checks that stop the study, got {name!r}; {hint}")


def percent(share: float) -> str:
    """A share -> its percentage, as messages write it: "12 %"."""
    return f"{100 * share:.0f} %"
