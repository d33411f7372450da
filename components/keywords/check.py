"""A look at the data of a wake word before its study: what they cannot show, and what was left out."""

from __future__ import annotations

from components.keywords.dataset import SET_ASIDE, read_corpora
from components.keywords.det import SHOWN_RATES, can_show, hours_to_show
from components.keywords.study import WakeWordStudy
from components.speech.check.source import leaks, read_sources, source_checks, sources_facts
from components.study.checks import CheckResult, DataCheck
from components.study.dataset import Dataset


def check_wake_words(study: WakeWordStudy, dataset: Dataset) -> DataCheck:
    """Study and dataset -> facts, and what is worth knowing."""
    parts = [part for part, said in zip(dataset.parts, dataset.targets, strict=True) if said is not None]
    train, test = (dataset.facts[f"{side}_hours"] for side in ("training", "test"))
    facts = {
        "keyword": f"{parts.count('train'):,} recordings train, {parts.count('test'):,} test",
        "background": f"{train:.2f} h train, {test:.2f} h test",
        "mixed": f"each test stream in a room of its own, speech {study.snr_db:g} dB above noise",
    }
    results = [_keyword_free(dataset), _hours(dataset), _speakers(dataset)]
    if study.source:
        more, found = _sources(study, dataset)
        facts, results = facts | more, [*found, *results]
    return DataCheck(facts, [result for result in results if result])


def _sources(study: WakeWordStudy, dataset: Dataset) -> tuple[dict[str, str], list[CheckResult]]:
    """What the sources are, and what of the test, keyword or background, they hold."""
    corpora, sources = read_corpora(study), read_sources(study, dataset.facts["rate"])
    streams = [stream for stream, part in zip(dataset.examples, dataset.parts, strict=True) if part == "test"]
    tested = {piece.digest for stream in streams for piece in stream.pieces}
    rows = [[row for row, clip in enumerate(own.clips) if clip.digest in tested] for own in corpora]
    results = []
    for source in sources:
        results += source_checks(source, corpora[0], rows[0])
        results += [one for pair in zip(corpora[1:], rows[1:], strict=True) for one in leaks(source, *pair)]
    return sources_facts(sources, corpora[0]), results


def _keyword_free(dataset: Dataset) -> CheckResult:
    found = [name for name, reason in dataset.set_aside if reason == SET_ASIDE]
    if not found:
        message = f"No text of the background has {dataset.name!r} in it; a wrong text would not tell."
        return CheckResult("keyword-in-background", "fine", message)
    message = (
        f"The keyword is in the texts of {len(found):,} recordings of the background, which were left out."
    )
    return CheckResult("keyword-in-background", "look", message, tuple(found[:5]))


def _hours(dataset: Dataset) -> CheckResult | None:
    hours = dataset.facts["test_hours"]
    unseen = [rate for rate in SHOWN_RATES if not can_show(rate, hours)]
    if not unseen:
        return None
    needed = " and ".join(f"{hours_to_show(rate):g} h for {rate:g} an hour" for rate in unseen)
    message = (
        f"{hours:.2f} h of test background are too few to show so few false alarms: it takes {needed}. The "
        "threshold is set on training background all the same, and the report has the interval of the rate."
    )
    return CheckResult("background-hours", "look", message)


def _speakers(dataset: Dataset) -> CheckResult | None:
    if dataset.facts["speakers"]:
        return None
    message = (
        "The recordings of the keyword name no speakers, so the same people may be trained on and tested; "
        "name them in a manifest to hold speakers out."
    )
    return CheckResult("speakers-unknown", "look", message)
