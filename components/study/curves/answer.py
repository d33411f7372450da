"""Answer: the crossover of a study -> a sentence in plain words, right in every case."""

from __future__ import annotations

import math

from components.study.curves.crossing import Crossover, crossover, leader, shared_sizes
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import BEST
from components.study.results import StudyRecord


def sentence(record: StudyRecord, curves: LearningCurves | None) -> str:
    """A study and its curves (None if no trial finished) -> one or two sentences that answer its question."""
    where = f"On {record.dataset.get('name', record.name)}"
    if record.dataset.get("synthetic"):
        where += " (synthetic speech)"
    if curves is None:
        return f"{where}, {_nothing(record)}"
    families = {curve.family for curve in curves.curves.values()}
    for family, other in (("modular", "end-to-end"), ("end-to-end", "modular")):
        if other not in families:
            return f"{where}, {_one_family(record, family, other)}"
    pair = (BEST["modular"], BEST["end-to-end"])
    if not len(shared_sizes(curves, *pair)):
        return (
            f"{where}, the two families have no training size in common, so there is no crossover to report."
        )
    found = crossover(curves, *pair)
    return f"{where}, {_answer(found, curves)}{_caution(found)}"


def _nothing(record: StudyRecord) -> str:
    if not record.trials:
        return "no trial was run, so there is nothing to compare."
    first = record.failed[0].error.strip().splitlines() or ["no reason was recorded"]
    who = f"all {len(record.trials)} trials" if len(record.trials) > 1 else "the only trial"
    return f"{who} failed, so there is nothing to compare; the first said: {first[-1]}"


def _one_family(record: StudyRecord, family: str, other: str) -> str:
    lost = sum(trial.family == other for trial in record.failed)
    measured = f"only {family} recognisers were measured"
    if lost:
        return (
            f"{measured}, for all {lost} trials of {other} ones failed, so there is no crossover to report."
        )
    return f"{measured}, so there is no crossover to report: add at least one that is {other}."


def _answer(found: Crossover, curves: LearningCurves) -> str:
    at = {"below": found.sizes[0], "never": found.sizes[-1], "inside": found.estimate}[found.outcome]
    modular, end_to_end = (leader(curves, name, at) for name in (found.modular, found.end_to_end))
    ours, theirs = f"end-to-end ({end_to_end})", f"modular ({modular})"
    if found.outcome == "inside":
        return f"{ours} beats {theirs} from about {about(at)} labelled utterances on{_interval(found)}."
    if len(found.sizes) == 1:
        if _alike(curves, at, found.modular, found.end_to_end):
            return f"{ours} and {theirs} err alike at {at:,} labelled utterances, the only size tried."
        verb = "beats" if found.outcome == "below" else "does not beat"
        return f"{ours} {verb} {theirs} at {at:,} labelled utterances, the only size tried{_share(found)}."
    if found.outcome == "below":
        at_once = f"at {at:,} labelled utterances, the smallest size tried"
        return f"{ours} already beats {theirs} {at_once}{_share(found)}."
    verb = "does not stay ahead of" if any(found.leads) else "does not beat"
    return f"{ours} {verb} {theirs} within the {at:,} labelled utterances tried{_share(found)}."


def _alike(curves: LearningCurves, size: float, *names: str) -> bool:
    """Whether curves measured at a size are equally high there."""
    measured = (curves.curves[name] for name in names)
    return len({dict(zip(one.sizes, one.rate, strict=True))[size] for one in measured}) == 1


def _caution(found: Crossover) -> str:
    """What a reader must know beside the answer, each a sentence of its own."""
    more = ""
    changes = [about(place) for place in found.crossings]
    if len(changes) > 1:
        more += f" The lead changes hands {len(changes)} times, at about {listed(changes)}."
    elif changes and found.outcome == "never":
        more += f" It leads only up to about {changes[0]}."
    if found.draws < 2:
        more += " Trained on one draw only: too few to say how sure that is; run at least 3 draws."
    return more


def _interval(found: Crossover) -> str:
    """95 % interval in words, with ends outside the sizes tried said as such; "" where it is not known."""
    if found.draws < 2:
        return ""
    low = about(found.low) if found.low else f"below {found.sizes[0]:,}"
    high = about(found.high) if math.isfinite(found.high) else f"more than {found.sizes[-1]:,}"
    return f" (95 % interval {low} to {high})"


def _share(found: Crossover) -> str:
    """How many of the resampled studies say the same; "" where they cannot know."""
    share = found.below if found.outcome == "below" else found.never
    if found.draws < 2:
        return ""
    if share < 0.5:  # a tie, or nearly one
        return f" (too close to call: only {percent(share)} of the resampled studies say the same)"
    return f" (so say {percent(share)} of the resampled studies)"


def about(size: float) -> str:
    """Number of utterances -> two figures of it: 417.3 -> "420"; 2713 -> "2,700"."""
    digits = 1 - math.floor(math.log10(max(size, 1)))
    return f"{round(size, min(digits, 0)):,.0f}"


def percent(share: float) -> str:
    """Share -> whole per cent, never 0 or 100 by rounding."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def listed(items: list[str]) -> str:
    """Words -> "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
