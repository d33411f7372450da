"""Parts of a corpus: what manifests call them -> train, dev, test."""

from __future__ import annotations

import re

PARTS = {
    **dict.fromkeys(("train", "training", "trn", "tr", "train_data"), "train"),
    **dict.fromkeys(("dev", "valid", "val", "validation", "development", "devel", "valid_data"), "dev"),
    **dict.fromkeys(("validate", "vld", "crossval"), "dev"),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation", "test_data"), "test"),
    **dict.fromkeys(("holdout", "heldout", "evl"), "test"),
    "": "",
}
SHORT = {"tr": "train", "cv": "dev", "dt": "dev", "tt": "test", "ts": "test", "et": "test"}  # languages, too
WORD = re.compile(r"[-_./\s]+|(?<=[a-z])(?=\d)")


def find_part(value: str) -> str | None:
    """A name -> "train", "dev", "test", "" for an empty one, None for any other."""
    return PARTS.get(value.strip().lower())


def part_in(name: str, more: bool = False) -> str | None:
    """A name, one of whose words may be that of a part -> the part, "" for an empty one, None for any other.

    "train-clean-100", "my_train" -> "train"; what is left out of training to tune on is "dev": "train_dev",
    "test_dev93". more: whether the short names of some recipes count ("tr05_simu", "cv").
    """
    known = {**PARTS, **SHORT} if more else PARTS
    plain = name.strip().lower()
    if plain in known:
        return known[plain]
    named = {known[word] for word in WORD.split(plain) if known.get(word)}
    if "dev" in named:
        return "dev" if len(named) < 3 else None
    return named.pop() if len(named) == 1 else None


def parse_part(value: str, where: object) -> str:
    """A manifest's name of a part -> "train", "dev", "test" or ""; raises ValueError for anything else."""
    part = part_in(value, more=True)
    if part is None:
        raise ValueError(
            f"{where}: expected a part train, dev or test (or validation, eval ...), got {value!r}; "
            "rename it."
        )
    return part
