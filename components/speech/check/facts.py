"""Facts of a corpus, as a reader wants to check them against what he knows."""

from __future__ import annotations

from collections import Counter

from components.speech.corpus import Corpus
from components.speech.corpus.check import COPY
from components.study.nouns import counted


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


def _set_aside(corpus: Corpus) -> str:
    """How many recordings were set aside, and the commonest kinds of reasons."""
    kinds = Counter(_kind(item.reason) for item in corpus.set_aside)
    shown = "; ".join(f"{kind} ({count:,})" for kind, count in kinds.most_common(4))
    return f"{len(corpus.set_aside):,}: {shown}"


def _kind(reason: str) -> str:
    """A reason -> the same without what differs from recording to recording."""
    return COPY + " another" if reason.startswith(COPY) else reason.split(":")[0].split(" (")[0]
