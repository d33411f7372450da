"""Words with their times and the likeliest sentences -> words with confidences."""

from __future__ import annotations

from collections.abc import Sequence

from components.decoding.n_best import Sentence, confidences
from components.inside.seen import Timed, Word

SENTENCES = 100  # among which the probability is shared out


def sure_words(words: Sequence[Timed], sentences: Sequence[Sentence]) -> list[Word]:
    """Words (what, from, to) and the likeliest sentences, these words first -> words with confidences."""
    return [Word(*word, sure) for word, sure in zip(words, confidences(sentences), strict=True)]
