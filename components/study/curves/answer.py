"""Answer: the crossover of a study -> a sentence in plain words, right in every case."""

from __future__ import annotations

import math

from components.study.curves.crossing import Crossover, crossover, leader, shared_sizes
from components.study.curves.learning import LearningCurves
from components.study.curves.pair import Pair, pairs
from components.study.curves.resampling import BEST
from components.study.nouns import Nouns
from components.study.results import StudyRecord

ONE_DRAW = " Trained on one draw only: too few to say how sure that is; run at least 3 draws."


def sentence(record: StudyRecord, curves: LearningCurves | None) -> str:
    """A study and its curves (None if no trial finished) -> one or two sentences that answer its question."""
    where = f"On {record.dataset.get('name', record.name)}"
    if record.dataset.get("synthetic"):
        where += f" (synthetic {record.nouns.material})"
    if curves is None:
        return f"{where}, {_nothing(record)}"
    families = {curve.family for curve in curves.curves.values()}
    for family, other in (("modular", "end-to-end"), ("end-to-end", "modular")):
        if other not in families:
            return f"{where}, {_one_family(record, curves, family, other)}"
    pair = (BEST["modular"], BEST["end-to-end"])
    if not len(shared_sizes(curves, *pair)):
        return (
            f"{where}, the two families have no training size in common, so there is no crossover to report."
        )
    headline = crossover(curves, *pair)
    said = f"{where}, {_answer(headline, curves, record.nouns)}{_caution(headline)}"
    return " ".join(filter(None, (said, record.dataset.get("caution"))))


def _nothing(record: StudyRecord) -> str:
    if not record.trials:
        return "no trial was run, so there is nothing to compare."
    first = record.failed[0].error.strip().splitlines() or ["no reason was recorded"]
    who = f"all {len(record.trials)} trials" if len(record.trials) > 1 else "the only trial"
    return f"{who} failed, so there is nothing to compare; the first said: {first[-1]}"


def _one_family(record: StudyRecord, curves: LearningCurves, family: str, other: str) -> str:
    compared = pairs(record, curves) if len(record.families) == 1 else []
    if len(compared) == 1:
        return pair_sentence(compared[0], record.nouns)
    lost = sum(trial.family == other for trial in record.failed)
    measured = f"only {family} {record.nouns.systems} were measured"
    if lost:
        return (
            f"{measured}, for all {lost} trials of {other} ones failed, so there is no crossover to report."
        )
    return f"{measured}, so there is no crossover to report: add at least one that is {other}."


def _answer(headline: Crossover, curves: LearningCurves, nouns: Nouns) -> str:
    at = {"below": headline.sizes[0], "never": headline.sizes[-1], "inside": headline.estimate}[
        headline.outcome
    ]
    modular, end_to_end = (leader(curves, name, at) for name in (headline.modular, headline.end_to_end))
    subject, rival = _named("end-to-end", end_to_end), _named("modular", modular)
    if headline.outcome == "inside":
        return f"{subject} beats {rival} from about {about(at)} {nouns.labelled} on{_interval(headline)}."
    size = f"{at:,} {nouns.labelled}"
    if len(headline.sizes) == 1:
        if _alike(curves, at, headline.modular, headline.end_to_end):
            return f"{subject} and {rival} err alike at {size}, the only size tried."
        verb = "beats" if headline.outcome == "below" else "does not beat"
        return f"{subject} {verb} {rival} at {size}, the only size tried{_share(headline)}."
    if headline.outcome == "below":
        return f"{subject} already beats {rival} at {size}, the smallest size tried{_share(headline)}."
    verb = "does not stay ahead of" if any(headline.leads) else "does not beat"
    return f"{subject} {verb} {rival} within the {size} tried{_share(headline)}."


def _named(family: str, system: str) -> str:
    """A family and one of its systems -> "modular (mfcc-svm)"; the family alone where the system is it."""
    return family if system == family else f"{family} ({system})"


def _alike(curves: LearningCurves, size: float, *names: str) -> bool:
    """Whether curves measured at a size are equally high there."""
    measured = (curves.curves[name] for name in names)
    return len({dict(zip(curve.sizes, curve.rate, strict=True))[size] for curve in measured}) == 1


def _caution(headline: Crossover) -> str:
    """What limits the answer, each a sentence of its own."""
    more = ""
    changes = [about(size) for size in headline.crossings]
    if len(changes) > 1:
        more += f" The lead changes hands {len(changes)} times, at about {listed(changes)}."
    elif changes and headline.outcome == "never":
        more += f" It leads only up to about {changes[0]}."
    if headline.draws < 2:
        more += ONE_DRAW
    return more


def pair_sentence(pair: Pair, nouns: Nouns) -> str:
    """A pair of one family -> which errs less at the largest size, by how much, and from where on."""
    best = pair.crossover
    tried = "the most tried" if len(best.sizes) > 1 else "the only size tried"
    at = f"at {best.sizes[-1]:,} {nouns.labelled}, {tried}"
    if pair.alike:
        said = f"{pair.after} and {pair.before} err alike {at}: {_rate(pair.rates[0, -1])} {nouns.wrong}."
    else:
        low, high = map(_rate, sorted(pair.rates[:, -1]))
        verb = "makes fewer errors than" if pair.sure else "may be no better than"
        said = f"{best.end_to_end} {verb} {best.modular} {at}: "
        said += f"{low} {nouns.wrong} against {high}{_difference(pair)}."
    return f"{said}{_from(pair, nouns)}{_elsewhere(pair)}{ONE_DRAW if best.draws < 2 else ''}"


def _difference(pair: Pair) -> str:
    """How many fewer errors the better of a pair makes at the largest size, and the interval if known."""
    changed = pair.change
    difference, *ends = (100 * float(part[-1]) for part in (changed.difference, changed.low, changed.high))
    gain = f", {abs(difference):.1f} points less"
    if math.isnan(ends[0]):
        return gain
    low, high = sorted(math.copysign(1, difference) * end for end in ends)
    return f"{gain} (95 % interval {low:.1f} to {high:.1f})".replace("-", "−")


def _from(pair: Pair, nouns: Nouns) -> str:
    """From where on the better of a pair is ahead, where it surely is at the end."""
    best = pair.crossover
    if not pair.sure or len(best.sizes) == 1:
        return ""
    if best.outcome == "below":
        return f" It is ahead from the smallest size tried on, {best.sizes[0]:,}{_share(best)}."
    said = f" It stays ahead from about {about(best.estimate)} {nouns.labelled} on{_interval(best)}."
    changes = [about(size) for size in best.crossings]
    return said + (f" The lead changes hands at about {listed(changes)}." if len(changes) > 1 else "")


def _elsewhere(pair: Pair) -> str:
    """The smaller sizes at which a paired test tells the two apart, where the largest does not."""
    found = (pair.change.significantly_lower, pair.change.significantly_higher)
    named = zip((pair.after, pair.before), found, strict=True)
    if pair.sure or pair.crossover.draws < 2:
        return ""
    return "".join(
        f" {name} makes fewer errors at {listed([f'{size:,}' for size in sizes])}, by a paired test."
        for name, sizes in named
        if len(sizes)
    )


def _rate(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def _interval(headline: Crossover) -> str:
    """95 % interval in words, with ends outside the sizes tried marked as such; "" where it is not known."""
    if headline.draws < 2:
        return ""
    low = about(headline.low) if headline.low else f"below {headline.sizes[0]:,}"
    high = about(headline.high) if math.isfinite(headline.high) else f"more than {headline.sizes[-1]:,}"
    return f" (95 % interval {low} to {high})"


def _share(headline: Crossover) -> str:
    """How many of the replications have the same outcome, in words; "" with one draw."""
    share = headline.below if headline.outcome == "below" else headline.never
    if headline.draws < 2:
        return ""
    if share < 0.5:  # a tie, or nearly one
        return f" (too close to call: only {percent(share)} of the resampled studies say the same)"
    return f" (so say {percent(share)} of the resampled studies)"


def about(size: float) -> str:
    """Training size -> two figures of it: 417.3 -> "420"; 2713 -> "2,700"."""
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
