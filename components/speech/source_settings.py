"""What studies of recordings share: their settings `source`, further corpora to learn from before, and
`speaker_pattern`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import field_validator

from components.study.setting import setting
from components.study.study import Study


class StudyWithSource(Study):
    """A study with a setting `source`, the specifications of corpora to learn from, `source_data`, and
    `speaker_pattern`."""

    if TYPE_CHECKING:  # each study says by itself, and where it likes, what its sources are for
        source: list[str]
        source_data: str
        max_seconds: float
        speaker_pattern: str

    @field_validator("source", mode="before", check_fields=False)
    @classmethod
    def _one_or_several(cls, source: str | list[str]) -> list[str]:
        """A single source may be written without a list."""
        return [one for one in [source] if one] if isinstance(source, str) else source

    @field_validator("speaker_pattern", check_fields=False)
    @classmethod
    def _has_one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups if pattern else 1
        except re.error as error:
            raise ValueError(
                f"expected a regular expression, got {pattern!r}: {error}; correct it."
            ) from None
        if groups != 1:
            raise ValueError(f"expected a pattern with one group, as (.+)_, got {pattern!r}; put one in it.")
        return pattern

    @property
    def pooled_source(self) -> str:
        """All sources as one corpus, by its name; "" without any."""
        from components.speech.corpus import JOIN  # knows every reader: slow to import

        return JOIN.join(self.source)


def source_setting(text: str) -> Any:
    """What sources are for -> the setting `source`."""
    return setting([], text, metavar="CORPUS", place=True, whole=True)


def source_data_setting() -> Any:
    """The setting `source_data`."""
    return setting(
        "",
        "the folder of the sources' recordings; empty: CROSSOVER_DATA, else download",
        run=True,
        metavar="PATH",
        place=True,
    )


def speaker_pattern_setting() -> Any:
    """The setting `speaker_pattern`."""
    return setting(
        "",
        "a regular expression whose group is the person in a speaker's name: (.+)_ takes anna_1 and anna_2 "
        "for anna, (.+) each for another one; empty: names alike but for a session, date or number are one "
        "person where that is sure",
        metavar="REGEX",
    )
