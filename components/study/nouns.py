"""Nouns: the words in which a subject's studies speak of themselves, in sentences, axes and columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Nouns:
    """What things are called. Plurals stand beside their singulars.

    labelled: what training sizes count ("labelled utterances"). example: what is tested ("utterance").
    unit: what errors are counted in ("word"). wrong: errors as a share ("words wrong"). rate, rate_short:
    its name in full and on an axis ("word error rate", "WER"). metric: its key in a trial's metrics ("wer"),
    also before "_low" and "_high". group: what examples belong to, resampled whole ("speaker"). system: what
    is compared ("recogniser"). data: where examples come from ("corpus"). item: an example without its label
    ("clip"), also the name of the split that draws examples whatever their group; empty: as the example.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "item", self.item or self.example)
        object.__setattr__(self, "items", self.items or self.examples)
