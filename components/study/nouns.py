"""Nouns: the words in which a subject's studies speak of themselves, in sentences, axes and columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Nouns:
    """What things are called. Plurals stand beside their singulars, all in lower case but for acronyms.

    Attributes
    ----------
    labelled, labelled_one
        What training sizes count: "labelled images".
    example, examples
        What is tested: "image".
    unit, units
        What errors are counted in: "digit".
    wrong
        Errors as a share: "digits wrong".
    rate, rate_short
        Its name in full and on an axis: "digit error rate", "DER".
    metric
        Its key among a trial's metrics and its column in tables, also before "_low" and "_high": "der".
    group, groups
        What examples belong to and are resampled by: "writer".
    system, systems
        What is compared, also as a column of tables: "classifier".
    data
        Where examples come from: "image set".
    item, items
        An example without its label, which a system is given: "scan". Also the name of the split that draws
        examples whatever their group. Empty: as the example.
    file, files
        What is read, or set aside: "file". Empty: as the item.
    material
        What all examples are made of: "handwriting".
    scored
        What became of an example that a system was tested on: "read".
    rate_meaning
        What the rate is, after its name and a colon.
    """

    labelled: str
    labelled_one: str
    example: str
    examples: str
    unit: str
    units: str
    wrong: str
    rate: str
    rate_short: str
    metric: str
    group: str
    groups: str
    system: str
    systems: str
    data: str
    item: str = ""
    items: str = ""
    file: str = ""
    files: str = ""
    material: str = "data"
    scored: str = "scored"
    rate_meaning: str = "the share of the test that was got wrong"

    def __post_init__(self) -> None:
        for name, usual in (("item", self.example), ("items", self.examples)):
            object.__setattr__(self, name, getattr(self, name) or usual)
        for name, usual in (("file", self.item), ("files", self.items)):
            object.__setattr__(self, name, getattr(self, name) or usual)

    @property
    def rate_title(self) -> str:
        """Name of the rate at the start of a sentence, with its short name where it has one."""
        short = f" ({self.rate_short})" if self.rate_short.lower() != self.rate.lower() else ""
        return capitalised(self.rate) + short


def capitalised(text: str) -> str:
    """Text -> the same with a capital at its start, and nothing else changed."""
    return text[:1].upper() + text[1:]


def counted(count: int, singular: str, plural: str) -> str:
    """A number and a noun in both forms -> "1 digit", "2,000 digits"."""
    return f"{count:,} {singular if count == 1 else plural}"
