"""What a CtcRecogniser is asked to do: refused, with the way out, if it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.contract import Clip
from components.errors import unknown
from components.neural.decoding.config import BEAM, FREE, GRAPH, GREEDY
from components.neural.model.build import DECODERS, ENCODERS, FRONT_ENDS
from components.neural.model.cepstra import COEFFICIENTS
from components.neural.model.conformer import WHOLE
from components.neural.tokenizer import PHONEMES, UNITS
from components.neural.training.precision import PRECISIONS

NUMBERS = (
    ("bands", f"a number from {COEFFICIENTS} on", lambda n: n >= COEFFICIENTS),
    ("channels", "an even number from 2 on", lambda n: n >= 2 and n % 2 == 0),
    ("layers", "a number from 1 on", lambda n: n >= 1),
    ("taps", "an odd number", lambda n: n >= 1 and n % 2 == 1),
    ("dropout", "a share below 1", lambda share: 0 <= share < 1),
    ("steps", "a number from 1 on", lambda n: n >= 1),
    ("epochs", "a number above 0", lambda n: n > 0),
    ("batch_seconds", "a number above 0", lambda n: n > 0),
    ("learning_rate", "a number above 0", lambda n: n > 0),
)
DECODINGS = ("auto", GREEDY, BEAM, GRAPH)


def check_settings(recogniser: Any) -> None:
    """Raises ValueError for settings out of range, or that do not go together."""
    if recogniser.front_end not in FRONT_ENDS:
        raise unknown("front_end", recogniser.front_end, FRONT_ENDS)
    if recogniser.encoder not in ENCODERS:
        raise unknown("encoder", recogniser.encoder, ENCODERS)
    _check_numbers(recogniser)
    if recogniser.encoder == "conformer" or recogniser.decoder == "attention":
        _check_heads(recogniser.channels)
    if recogniser.decoder not in DECODERS:
        raise unknown("decoder", recogniser.decoder, DECODERS)
    if recogniser.decoding not in DECODINGS:
        raise unknown("decoding", recogniser.decoding, DECODINGS)
    if recogniser.precision not in PRECISIONS:
        raise unknown("precision", recogniser.precision, PRECISIONS)
    if recogniser.units not in UNITS:
        raise unknown("units", recogniser.units, UNITS)
    if recogniser.units == PHONEMES and recogniser.decoding in FREE:
        raise ValueError(
            f'CtcRecogniser expected a decoding that searches for words, got "{recogniser.decoding}" with '
            'phonemes, which spell no text by themselves; take decoding="graph" or "auto", or '
            'units="characters".'
        )
    if recogniser.grammar and recogniser.decoding in FREE:
        raise ValueError(
            f'CtcRecogniser expected a decoding that searches with the grammar, got "{recogniser.decoding}"; '
            'take decoding="graph" or "auto", or leave out the grammar.'
        )
    if recogniser.steps is not None and recogniser.epochs is not None:
        raise ValueError(
            f"CtcRecogniser expected steps or epochs, got steps={recogniser.steps} and "
            f"epochs={recogniser.epochs}; leave one of them None."
        )


def _check_numbers(recogniser: Any) -> None:
    for name, wanted, fits in NUMBERS:
        value = getattr(recogniser, name)
        if value is not None and not fits(value):
            usual = type(recogniser)().get_params()[name]
            hint = "leave it out" if usual is None else f"{usual} is usual"
            raise ValueError(f"CtcRecogniser expected {wanted} for {name}, got {value}; {hint}.")


def _check_heads(channels: int) -> None:
    if channels % WHOLE:
        raise ValueError(
            f"CtcRecogniser expected channels that are a multiple of {WHOLE} for attention, got {channels}; "
            f"take {max(1, round(channels / WHOLE)) * WHOLE}."
        )


def check_lessons(clips: Sequence[Clip], texts: Sequence[str]) -> None:
    """Raises ValueError for no clips, another number of texts, or a text without characters."""
    if len(clips) != len(texts) or not clips:
        raise ValueError(
            f"CtcRecogniser expected one text for each clip, at least one, got {len(clips)} clips and "
            f"{len(texts)} texts; give it both in the same order."
        )
    for clip, text in zip(clips, texts, strict=True):
        if not text:
            raise ValueError(
                f"CtcRecogniser expected a text for clip {clip.name!r}, got an empty one; "
                "leave out clips in which nothing is said."
            )


def check_some_usable(clips: Sequence[Clip], usable: Sequence[int]) -> None:
    """Raises ValueError if no clip is long enough for its text."""
    if not len(usable):
        raise ValueError(
            f"CtcRecogniser expected clips long enough for their texts, got {len(clips)} that are all "
            "too short; check that texts and clips belong together."
        )
