"""What a network's texts owe to the lexicon and to the language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from components.contract import Clip
from components.neural.decoding.config import LEXICON_FREE
from components.neural.decoding.decoder import decode_all
from components.neural.tokenizer import CHARACTERS
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LETTERS, LEXICON


def ablated_texts(recogniser: Any, clips: Sequence[Clip], hypotheses: Sequence[str]) -> dict[str, list[str]]:
    """A trained CtcRecogniser, clips and what it answers -> texts with less lexicon and language model."""
    searches = {LETTERS: None} if recogniser.tokenizer_.units == CHARACTERS else {}
    searches |= {LEXICON: recogniser.search_.without_lm(), LANGUAGE_MODEL: recogniser.search_}
    own = LETTERS if recogniser.decoding_ in LEXICON_FREE else LANGUAGE_MODEL
    decoders = {
        name: replace(recogniser.text_decoder, search=search)
        for name, search in searches.items()
        if name != own
    }
    texts = decode_all(decoders, recogniser.outputs, clips)
    return {name: texts.get(name, list(hypotheses)) for name in searches}
