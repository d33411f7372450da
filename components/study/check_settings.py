"""The settings of a system, checked before the first fit."""

from __future__ import annotations

from typing import Any


def check_settings(recogniser: Any) -> None:
    """Ask every part that has `check_settings` to check its settings; ValueError if they cannot be used."""
    for part in (recogniser, *recogniser.get_params(deep=True).values()):
        if hasattr(part, "check_settings") and not isinstance(part, type):
            part.check_settings()
