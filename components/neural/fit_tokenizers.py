"""Settings of a CtcRecogniser and the training texts -> the tokenizer of each CTC head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from components.neural.check_settings import further_units
from components.neural.model.network import CTC, FURTHER_CTC
from components.neural.tokenizer import MOST_IN_PARTS, PHONEMES, WORD_PARTS, Tokenizer
from components.neural.training.dev_split import MIN_CLIPS
from components.speech.decoding.build_lm import build_lm
from components.speech.lexicon import GRAPHEMES, pronounced_by
from components.speech.lexicon_file import known_words


def fit_tokenizers(settings: Any, texts: Sequence[str]) -> dict[str, Tokenizer]:
    """A CtcRecogniser's settings and texts -> {CTC head: its tokenizer}.

    Further heads are left out whose units the words cannot have: phonemes where no source pronounces them,
    parts of words where these are too many for all to have some or, with dev clips, most are said once.
    """
    possible = [units for units in further_units(settings) if _may_be_units(units, settings, texts)]
    all_units = (settings.units, *possible)
    further = _further_words(settings, texts, is_pronounced=PHONEMES in all_units)
    return {
        head: Tokenizer(units, settings.language, settings.lexicon).fit(texts, further)
        for head, units in zip((CTC, *FURTHER_CTC), all_units, strict=False)
    }


def _may_be_units(units: str, settings: Any, texts: Sequence[str]) -> bool:
    counts = Counter(word for text in texts for word in text.split())
    if units == PHONEMES:
        known = known_words(settings.lexicon, settings.language)
        in_language = bool(settings.lexicon) or pronounced_by(counts, settings.language) != GRAPHEMES
        return in_language if known is None else counts.keys() <= known
    if units == WORD_PARTS:
        is_rare = len(texts) >= MIN_CLIPS and median(counts.values()) < 2
        return len(counts) <= MOST_IN_PARTS and not is_rare
    return True


def _further_words(settings: Any, texts: Sequence[str], is_pronounced: bool) -> Sequence[str]:
    """The words that may be recognised besides those of the texts."""
    if not (settings.grammar or settings.lm_text or settings.lm):
        return ()
    only = known_words(settings.lexicon, settings.language) if is_pronounced else None
    files = {"lm_text": settings.lm_text, "lm": settings.lm, "most_words": settings.lm_vocabulary}
    return build_lm(texts, settings.grammar, settings.lm_order, **files, only=only).vocabulary_
