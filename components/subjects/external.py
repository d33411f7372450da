"""Results made elsewhere as a subject: reported like any other, and never trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from components.speech.nouns import SPEECH_NOUNS
from components.study.subject import Subject

if TYPE_CHECKING:
    from components.report.sections import Section


def refuse(*_: Any) -> NoReturn:
    """Raises ValueError: there is nothing to train."""
    raise ValueError(
        "compare expected a subject that can be trained, got results made elsewhere; crossover answer reads "
        "them."
    )


def sections() -> Sequence[Section]:
    """What their report has besides what every report has: wrong words, where transcripts were scored."""
    from components.report.word_section import WORDS

    return (WORDS,)


EXTERNAL = Subject("external", SPEECH_NOUNS, read=refuse, recipes=refuse, score=refuse, sections=sections)
