"""Facts of a corpus, as a reader wants to check them against what he knows."""

from __future__ import annotations

from collections import Counter

from components.speech.corpus import Corpus
from components.speech.corpus.check import ALTERED_COPY, COPY, TWO_TEXTS
from components.study.checks import CheckResult
from components.study.nouns import counted

MANY_ASIDE = 0.05  # of the recordings
TOLD_ELSEWHERE = (COPY, TWO_TEXTS)


def corpus_facts(corpus: Corpus) -> dict[str, str]:
    """A corpus -> its recordings, hours, speakers, rate, and how its manifest was read, in words."""
    speakers = set(corpus.clips.speakers) - {""}
    facts = {
        "recordings": f"{counted(len(corpus), 'recording', 'recordings')}, {_duration(corpus)}",
        "speakers": counted(len(speakers), "speaker", "speakers") if speakers else "none named",
        "rate": f"{corpus.rate:,} Hz",
    }
    if corpus.set_aside:
        facts["set aside"] = _set_aside(corpus)
    return facts | dict(corpus.reading)


def _duration(corpus: Corpus) -> str:
    seconds = sum(corpus.clips.seconds)
    mean = f"{seconds / len(corpus):.1f} s each"
    return f"{seconds / 3600:.1f} hours, {mean}" if seconds >= 3600 else f"{seconds / 60:.1f} minutes, {mean}"


def set_aside_checks(corpus: Corpus) -> list[CheckResult]:
    """A result if many recordings were set aside for other reasons than that they are copies."""
    kinds = Counter(
        _kind(item.reason) for item in corpus.set_aside if not item.reason.startswith(TOLD_ELSEWHERE)
    )
    total = len(corpus) + len(corpus.set_aside)
    if kinds.total() <= MANY_ASIDE * total:
        return []
    message = (
        f"{kinds.total():,} of {total:,} recordings were set aside ({_counted(kinds)}): the answer is for "
        "what is "
        "left of the corpus."
    )
    first = tuple(f"{item.name}: {item.reason}" for item in corpus.set_aside[:2])
    return [CheckResult("set-aside", "look", message, first)]


def _set_aside(corpus: Corpus) -> str:
    """How many recordings were set aside, and the commonest kinds of reasons."""
    kinds = Counter(_kind(item.reason) for item in corpus.set_aside)
    return f"{len(corpus.set_aside):,}: {_counted(kinds)}"


def _counted(kinds: Counter[str]) -> str:
    return "; ".join(f"{kind} ({count:,})" for kind, count in kinds.most_common(4))


def _kind(reason: str) -> str:
    """A reason -> the same without what differs from recording to recording."""
    if reason.startswith(COPY):
        return f"{COPY} another"
    if reason.startswith(ALTERED_COPY):
        return f"{ALTERED_COPY} of another"
    return reason.split(":")[0].split(" (")[0]
