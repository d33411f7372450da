"""Settings of a CtcRecogniser and the training texts -> the tokenizer of each CTC head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.neural.check_settings import NO_UNITS
from components.neural.model.network import CTC, SECOND_CTC
from components.neural.tokenizer import PHONEMES, Tokenizer
from components.speech.decoding.build_lm import build_lm
from components.speech.lexicon_file import known_words


def fit_tokenizers(settings: Any, texts: Sequence[str]) -> dict[str, Tokenizer]:
    """A CtcRecogniser's settings and texts -> {CTC head: its tokenizer}."""
    second = {} if settings.second_units == NO_UNITS else {SECOND_CTC: settings.second_units}
    further = _further_words(settings, texts)
    return {
        head: Tokenizer(units, settings.language, settings.lexicon).fit(texts, further)
        for head, units in ({CTC: settings.units} | second).items()
    }


def _further_words(settings: Any, texts: Sequence[str]) -> Sequence[str]:
    """The words that may be recognised besides those of the texts."""
    if not (settings.grammar or settings.lm_text or settings.lm):
        return ()
    is_pronounced = PHONEMES in (settings.units, settings.second_units)
    only = known_words(settings.lexicon, settings.language) if is_pronounced else None
    files = {"lm_text": settings.lm_text, "lm": settings.lm, "most_words": settings.lm_vocabulary}
    return build_lm(texts, settings.grammar, settings.lm_order, **files, only=only).vocabulary_
