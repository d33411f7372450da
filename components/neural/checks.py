"""What a CtcRecogniser is asked to do: refused, with the way out, if it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.contract import Clip
from components.errors import unknown
from components.neural.front_ends import MelFrontEnd, WaveFrontEnd

FRONT_ENDS = {"mel": MelFrontEnd, "wave": WaveFrontEnd}
DECODINGS = ("auto", "greedy", "graph")


def check_settings(recogniser: Any) -> None:
    """Raises ValueError for settings out of range, or that do not go together."""
    if recogniser.front_end not in FRONT_ENDS:
        raise unknown("front_end", recogniser.front_end, FRONT_ENDS)
    if recogniser.decoding not in DECODINGS:
        raise unknown("decoding", recogniser.decoding, DECODINGS)
    if recogniser.grammar and recogniser.decoding == "greedy":
        raise ValueError(
            'CtcRecogniser wanted a decoding that searches with the grammar, got "greedy"; take '
            'decoding="graph" or "auto", or leave out the grammar.'
        )
    if recogniser.steps is not None and recogniser.epochs is not None:
        raise ValueError(
            f"CtcRecogniser wanted steps or epochs, got steps={recogniser.steps} and "
            f"epochs={recogniser.epochs}; leave one of them None."
        )


def check_lessons(clips: Sequence[Clip], texts: Sequence[str]) -> None:
    """Raises ValueError for no clips, another number of texts, or a text without characters."""
    if len(clips) != len(texts) or not clips:
        raise ValueError(
            f"CtcRecogniser wanted one text for each clip, at least one, got {len(clips)} clips and "
            f"{len(texts)} texts; give it both in the same order."
        )
    for clip, text in zip(clips, texts, strict=True):
        if not text:
            raise ValueError(
                f"CtcRecogniser wanted a text for clip {clip.name!r}, got an empty one; "
                "leave out clips in which nothing is said."
            )
