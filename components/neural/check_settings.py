"""Settings and training data of a CtcRecogniser: refused, with the way out, where it cannot use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any

from components.contract import Clip
from components.errors import unknown
from components.neural.decoding.config import BEAM, GRAPH, GREEDY, LEXICON_FREE
from components.neural.model import BuildsEncoder
from components.neural.model.build import DECODERS, ENCODERS, FRONT_ENDS, NO_DECODER
from components.neural.model.cepstra import COEFFICIENTS
from components.neural.model.conformer import CHANNEL_MULTIPLE
from components.neural.tokenizer import PHONEMES, UNITS, WITHOUT_TEXT
from components.neural.training.precision import PRECISIONS
from components.speech.augmentation.policy import check_kinds
from components.speech.decoding.build_lm import check_language
from components.speech.lexicon import check_language as check_voice
from components.speech.lexicon_file import check_lexicon

NO_UNITS = "none"
NAMES = {
    "front_end": FRONT_ENDS,
    "encoder": ENCODERS,
    "decoder": DECODERS,
    "decoding": ("auto", GREEDY, BEAM, GRAPH),
    "precision": PRECISIONS,
    "units": UNITS,
}
NUMBERS = (
    ("bands", f"a number from {COEFFICIENTS} on", lambda n: n >= COEFFICIENTS),
    ("channels", "an even number from 2 on", lambda n: n >= 2 and n % 2 == 0),
    ("layers", "a number from 1 on", lambda n: n >= 1),
    ("kernel_size", "an odd number", lambda n: n >= 1 and n % 2 == 1),
    ("dropout", "a share below 1", lambda share: 0 <= share < 1),
    ("steps", "a number from 1 on", lambda n: n >= 1),
    ("epochs", "a number above 0", lambda n: n > 0),
    ("batch_seconds", "a number above 0", lambda n: n > 0),
    ("learning_rate", "a number above 0", lambda n: 0 < n < inf),
    ("weight_decay", "a number from 0 on", lambda n: 0 <= n < inf),
    ("seed", "a number from 0 on", lambda n: n >= 0),
    ("lm_vocabulary", "a number from 0 on", lambda n: n >= 0),
)
DEVICES = r"auto|cpu|(cuda|mps)(:\d+)?"


def check_settings(settings: Any) -> None:
    """A CtcRecogniser -> nothing.

    Raises ValueError, a line for each, for settings that are unknown, out of range, or do not go together.
    """
    checks = (_unknown_names, _numbers_out_of_range, _unusable_texts, _not_together)
    problems = [problem for check in checks for problem in check(settings)]
    if problems:
        raise ValueError("\n".join(problems))


def further_units(settings: Any) -> tuple[str, ...]:
    """A CtcRecogniser -> the units of its CTC heads besides the first."""
    units = () if settings.second_units == NO_UNITS else settings.second_units.split("+")
    return tuple(name for name in dict.fromkeys(units) if name != settings.units)


def _unknown_names(settings: Any) -> Iterator[str]:
    own = settings.get_params(deep=False)
    for name, known in NAMES.items():
        value = own.get(name)
        if name in own and not isinstance(value, BuildsEncoder) and value not in known:
            yield str(unknown(name, value, known))
    for units in (units for units in further_units(settings) if units not in UNITS):
        yield str(unknown("second_units", units, (NO_UNITS, *UNITS)))


def _numbers_out_of_range(settings: Any) -> Iterator[str]:
    defaults = type(settings)().get_params()
    for name, expected, fits in NUMBERS:
        value = getattr(settings, name, None)
        if value is not None and not fits(value):
            hint = "leave it out" if defaults[name] is None else f"{defaults[name]} is usual"
            yield f"{type(settings).__name__} expected {expected} for {name}, got {value}; {hint}."


def _unusable_texts(settings: Any) -> Iterator[str]:
    """Names of augmentation and device, and texts of files, that cannot be used."""
    if not re.fullmatch(DEVICES, settings.device):
        yield f"CtcRecogniser expected auto, cpu or cuda for device, got {settings.device!r}; auto is usual."
    language = (settings.grammar, settings.lm_text, settings.lm)
    for check, values in (
        (check_kinds, (settings.augmentation,)),
        (check_language, language),
        (check_lexicon, (settings.lexicon,)),
        (check_voice, (settings.language if PHONEMES in (settings.units, *further_units(settings)) else "",)),
    ):
        try:
            if any(values):
                check(*values)
        except ValueError as error:
            yield str(error)


def _not_together(settings: Any) -> Iterator[str]:
    uses_attention = settings.encoder == "conformer" or settings.decoder == "attention"
    if uses_attention and settings.channels % CHANNEL_MULTIPLE and settings.channels % 2 == 0:
        nearest = max(1, round(settings.channels / CHANNEL_MULTIPLE)) * CHANNEL_MULTIPLE
        yield (
            f"CtcRecogniser expected channels that are a multiple of {CHANNEL_MULTIPLE} for attention, got "
            f"{settings.channels}; take {nearest}."
        )
    if settings.units in WITHOUT_TEXT and settings.decoding in LEXICON_FREE:
        yield (
            f'CtcRecogniser expected a decoding that searches for words, got "{settings.decoding}" with '
            f'{settings.units}, which spell no text by themselves; take decoding="graph" or "auto", or '
            'units="characters".'
        )
    if further_units(settings) and settings.decoder != NO_DECODER:
        yield (
            f"CtcRecogniser expected a decoder or second units, got {settings.decoder} and "
            f'{settings.second_units}; take second_units="none" or decoder="none".'
        )
    searched = {"grammar": settings.grammar, "lm_text": settings.lm_text, "lm": settings.lm}
    for name in (name for name, text in searched.items() if text and settings.decoding in LEXICON_FREE):
        yield (
            f'CtcRecogniser expected a decoding that searches with the {name}, got "{settings.decoding}"; '
            f'take decoding="graph" or "auto", or leave out the {name}.'
        )
    if settings.steps is not None and settings.epochs is not None:
        yield (
            f"CtcRecogniser expected steps or epochs, got steps={settings.steps} and "
            f"epochs={settings.epochs}; leave one of them None."
        )


def check_training_data(clips: Sequence[Clip], texts: Sequence[str]) -> None:
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
