"""Parts of a corpus: what manifests call them -> train, dev, test."""

from __future__ import annotations

PARTS = {
    **dict.fromkeys(("train", "training", "trn", "tr", "train_data"), "train"),
    **dict.fromkeys(("dev", "valid", "val", "validation", "development", "devel", "valid_data"), "dev"),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation", "test_data"), "test"),
    "": "",
}


def find_part(value: str) -> str | None:
    """A name -> "train", "dev", "test", "" for an empty one, None for any other."""
    return PARTS.get(value.strip().lower())


def parse_part(value: str, where: object) -> str:
    """A manifest's name of a part -> "train", "dev", "test" or ""; raises ValueError for anything else."""
    part = find_part(value)
    if part is None:
        raise ValueError(
            f"{where}: expected a part train, dev or test (or validation, eval ...), got {value!r}; "
            "rename it."
        )
    return part
