"""Recordings that were set aside since they sound exactly like another one."""

from __future__ import annotations

from components.speech.corpus import Corpus
from components.speech.corpus.check import COPY, TWO_TEXTS
from components.study.checks import CheckResult

MANY_TWO_TEXTS = 0.01  # of all recordings: then the texts of the others are not to be trusted either


def copy_checks(corpus: Corpus) -> list[CheckResult]:
    """A corpus -> what is worth knowing of its copies."""
    copies = [item.name for item in corpus.set_aside if item.reason.startswith(COPY)]
    two_texts = [f"{item.name}: {item.reason}" for item in corpus.set_aside if TWO_TEXTS in item.reason]
    checks = []
    if copies:
        message = (
            f"{len(copies):,} recordings sound exactly like another one and were set aside, so that no "
            "recording is trained on and tested, or counted twice."
        )
        checks.append(CheckResult("copies", "look", message, tuple(copies[:5])))
    if two_texts:
        many = len(two_texts) > MANY_TWO_TEXTS * (len(corpus) + len(corpus.set_aside))
        message = (
            f"{len(two_texts):,} recordings have the sound of another one and a different text; as nobody "
            "knows which is right, none of them is used."
        )
        message += " So many wrong texts are a mistake in the table; mend it." if many else ""
        checks.append(CheckResult("two-texts", "stop" if many else "look", message, tuple(two_texts[:3])))
    return checks
