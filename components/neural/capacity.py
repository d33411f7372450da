"""How large a network is for how much speech, and what bounded its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.contract import Clip
from components.neural.model.conformer import CHANNEL_MULTIPLE
from components.neural.training.schedule import Schedule
from components.study.choices import Choice

POWER = 0.25  # of the hours


def grown_channels(channels: int, hours: float) -> int:
    """Channels up to an hour of speech, and hours -> channels for these, growing with the fourth root.

    A multiple of what attention needs. With channels, the numbers to learn grow as their square, as the root
    of the speech.
    """
    if hours <= 1:
        return channels
    return CHANNEL_MULTIPLE * round(channels * hours**POWER / CHANNEL_MULTIPLE)


def hours_of(clips: Sequence[Clip]) -> float:
    """How many hours the clips last."""
    return sum(clip.seconds for clip in clips) / 3600


def capacity_choices(settings: Any, schedule: Schedule) -> list[Choice]:
    """A CtcRecogniser and its schedule -> the channels for so much speech, and what bounded the steps."""
    grown = Choice("channels", str(settings.channels_), "hours of labelled speech")
    return [*([grown] if settings.grows else []), *schedule.limits]
