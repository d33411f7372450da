"""The texts of spoken-commands: a small grammar of about 90 words, utterances of 1 to 8 words."""

from __future__ import annotations

import numpy as np

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SLOTS: dict[str, tuple[str, ...]] = {
    "digit": DIGITS,
    "hour": (*DIGITS[1:], "ten", "eleven", "twelve"),
    "minute": ("fifteen", "thirty", "forty five", "ten", "twenty"),
    "amount": (*DIGITS[2:], "ten", "fifteen", "twenty", "thirty", "forty"),
    "unit": ("minutes", "seconds", "hours"),
    "day": ("today", "tomorrow", "tonight"),
    "name": ("anna", "ben", "carlos", "diana", "emma", "frank", "grace", "henry", "irene", "jack"),
    "device": ("light", "heating", "radio", "camera", "kettle", "fan", "oven", "heater"),
    "cover": ("door", "window", "curtain", "gate"),
    "room": ("kitchen", "bedroom", "office", "garage", "garden", "hall"),
    "media": ("music", "news", "weather", "radio"),
    "word": ("yes", "no", "stop", "start", "cancel", "repeat", "help", "louder"),
    "call": ("call", "message", "remind"),
    "swing": ("open", "close", "lock"),
    "state": ("on", "off"),
    "clock": ("alarm", "timer"),
    "play": ("play", "read", "stop"),
}
PATTERNS = (
    "{word}",
    "{digits}",
    "{digits}",
    "dial {digits}",
    "{call} {name}",
    "{call} {name} {day}",
    "{call} {name} at {hour} {minute}",
    "set the alarm for {hour} {minute} {day}",
    "set the timer for {amount} {unit}",
    "cancel the {clock}",
    "turn {state} the {device}",
    "turn the {device} {state}",
    "turn {state} the {device} in the {room}",
    "{swing} the {cover}",
    "{swing} the {cover} in the {room}",
    "{play} the {media}",
    "{play} the {media} in the {room}",
)
MAX_DIGITS = 7


def utterance(rng: np.random.Generator) -> str:
    """One command, drawn evenly from the patterns and then from each slot's words."""
    return " ".join(_fill(piece, rng) for piece in str(rng.choice(PATTERNS)).split())


def _fill(piece: str, rng: np.random.Generator) -> str:
    slot = piece.strip("{}")
    if piece == "{digits}":
        return " ".join(rng.choice(DIGITS, size=rng.integers(1, MAX_DIGITS + 1)))
    return str(rng.choice(SLOTS[slot])) if piece.startswith("{") else piece


def vocabulary() -> list[str]:
    """Every word of the grammar, in alphabetical order."""
    fixed = " ".join(PATTERNS).split()
    words = {word for phrases in SLOTS.values() for phrase in phrases for word in phrase.split()}
    return sorted(words | {word for word in fixed if not word.startswith("{")})
