"""Texts <-> character numbers; number 0 is CTC's blank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

BLANK = 0


def find_alphabet(texts: Iterable[str]) -> list[str]:
    """Texts -> their characters, sorted; the first stands for number 1."""
    return sorted({character for text in texts for character in tidy(text)})


def tidy(text: str) -> str:
    """Words with one space between them."""
    return " ".join(text.split())


def spell(text: str, alphabet: Sequence[str]) -> np.ndarray:
    """Text -> its characters' numbers, int64 (characters,)."""
    number = {character: i for i, character in enumerate(alphabet, BLANK + 1)}
    return np.array([number[character] for character in tidy(text)], dtype=np.int64)


def unspell(numbers: Iterable[int], alphabet: Sequence[str]) -> str:
    """Characters' numbers -> text."""
    return tidy("".join(alphabet[number - 1] for number in numbers))


def rows_needed(spelt: np.ndarray) -> int:
    """Fewest rows in which CTC can say the characters: one each, and a blank between two that are equal."""
    return len(spelt) + int((spelt[1:] == spelt[:-1]).sum())
