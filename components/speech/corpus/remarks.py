"""Remarks in transcripts, known by their words, or by where they stand: (rire), （笑）, (smiekli)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from components.speech.corpus.remark_words import ENGLISH, NOISES, is_filler, is_noise
from components.speech.corpus.scripts import split_characters
from components.speech.corpus.tags import PARENTHESISED, SAME_BRACKETS, parenthesised, without_tags
from components.speech.corpus.text import normalise
from components.study.checks import CheckResult

RECURS = 3  # different texts that a remark of unknown words is beside


def without_remarks(
    texts: Sequence[str], language: str
) -> tuple[list[str], list[CheckResult], list[list[str]]]:
    """Transcripts -> the same without tags and remarks; what is in parentheses still; the tags of each.

    A remark is what names noises in English or the corpus's language; in another one, or what stands in
    parentheses beside several different texts, if none of its words is said anywhere else.
    """
    said = cache(lambda: _said(texts))  # read when it is first asked for: few corpora have parentheses
    recurring = cache(lambda: _recurring(texts, said()))

    def is_remark(content: str) -> bool:
        if is_noise(content, (ENGLISH, language)) or is_filler(content):
            return True
        phrase = _plain(content)
        if not phrase:
            return False
        return phrase in recurring() or (is_noise(content, NOISES) and said().isdisjoint(phrase.split()))

    pairs = [without_tags(text, is_remark) for text in texts]
    plain, tags = [text for text, _ in pairs], [own for _, own in pairs]
    return plain, _kept_check(plain), tags


def _said(texts: Sequence[str]) -> set[str]:
    """Words, and characters of scripts without spaces, that stand outside of parentheses and tags."""
    outside = (without_tags(PARENTHESISED.sub(" ", text.translate(SAME_BRACKETS)))[0] for text in texts)
    return {word for text in outside for word in _plain(text).split()}


def _recurring(texts: Sequence[str], said: set[str]) -> set[str]:
    """What stands in parentheses beside several different texts, of words that are said nowhere else."""
    beside: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for content in parenthesised(text):
            phrase = _plain(content)
            if any(letter.isalpha() for letter in phrase) and said.isdisjoint(phrase.split()):
                beside[phrase].add(_plain(PARENTHESISED.sub(" ", text.translate(SAME_BRACKETS))))
    return {phrase for phrase, rests in beside.items() if len(rests) >= RECURS}


def _plain(text: str) -> str:
    return split_characters(normalise(text))


def _kept_check(texts: Sequence[str]) -> list[CheckResult]:
    """A result if words in parentheses were kept."""
    kept = Counter(f"({content})" for text in texts for content in parenthesised(text) if normalise(content))
    if not kept:
        return []
    holding = sum(1 for text in texts if any(map(normalise, parenthesised(text))))
    message = (
        f"{holding:,} of {len(texts):,} transcripts hold words in parentheses, which were kept as words that "
        "are said. Take out those that nobody says."
    )
    return [CheckResult("parentheses", "look", message, tuple(phrase for phrase, _ in kept.most_common(5)))]
