"""What the user says of results beside the results themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.external.values import Rates


@dataclass(frozen=True)
class Asked:
    """Settings of `crossover answer`; none is needed where the results say it all.

    Attributes
    ----------
    modular, end_to_end
        Names of the systems of each family.
    columns
        Field -> name of its column, where that is not found by its name.
    only
        Column -> the value that rows must have to be read.
    reference
        File of the references, by id; of transcripts alone.
    language
        Of the transcripts, for their numbers and spellings; "" for what they look like.
    verbatim
        Score transcripts as they are written.
    rates
        What rates are given in, where it cannot be told.
    unit, error
        What is labelled and tested, and errors as a share: "pages", "pages misfiled"; speech if empty.
    name, notice
        What the results are called, and what their readers are told, such as their source.
    """

    modular: Sequence[str] = ()
    end_to_end: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    language: str = ""
    verbatim: bool = False
    rates: Rates = ""
    unit: str = ""
    error: str = ""
    name: str = ""
    notice: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether what is labelled is right or wrong as a whole, so that no total has more errors."""
        return bool(self.unit) and (self.error or self.unit).startswith(self.unit)

    def recorded(self) -> dict[str, Any]:
        """What was asked for, by the names that users type."""
        return {name.replace("_", "-"): value for name, value in vars(self).items() if value}
