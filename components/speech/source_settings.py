"""What studies share that may learn from further corpora before: their setting `source`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import field_validator

from components.study.setting import setting
from components.study.study import Study


class StudyWithSource(Study):
    """A study with a setting `source`, the specifications of corpora to learn from, and `source_data`."""

    if TYPE_CHECKING:  # each study says by itself, and where it likes, what its sources are for
        source: list[str]
        source_data: str
        max_seconds: float

    @field_validator("source", mode="before", check_fields=False)
    @classmethod
    def _one_or_several(cls, source: str | list[str]) -> list[str]:
        """A single source may be written without a list."""
        return [one for one in [source] if one] if isinstance(source, str) else source

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
