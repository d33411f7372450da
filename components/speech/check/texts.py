"""What is said: how many words and texts, and in which scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from components.speech.corpus import Corpus
from components.speech.corpus.transcripts import scripts_of
from components.study.checks import CheckResult


def text_facts(corpus: Corpus) -> dict[str, str]:
    """A corpus -> what is said in it, in words."""
    units = Counter(unit for text in corpus.texts for unit in text.split())
    names = "characters" if corpus.unit == "character" else "words"
    different = len(set(corpus.texts))
    return {
        "texts": f"{units.total():,} {names} said, {len(units):,} different; {different:,} different texts"
    }


def vocabulary(texts: Iterable[str]) -> set[str]:
    """Texts -> their words."""
    return {word for text in texts for word in text.split()}


def script_checks(corpus: Corpus) -> list[CheckResult]:
    """A result if a few words are in another script than the rest, or mix two."""
    scripts = scripts_of(corpus.texts)
    letters = sum(scripts.values())
    rare = {name: count for name, count in scripts.items() if count < letters / 20}
    if len(scripts) < 2 or not rare:
        return []
    foreign = [word for word in sorted(vocabulary(corpus.texts)) if rare.keys() & scripts_of([word]).keys()]
    shown = ", ".join(f"{name} ({count:,} letters)" for name, count in scripts.most_common())
    message = (
        f"The texts are in several scripts: {shown}. Letters that look alike in two of them make two words "
        "of one."
    )
    return [CheckResult("scripts", "look", message, tuple(foreign[:5]))]
