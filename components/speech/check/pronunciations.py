"""Where pronunciations come from, and which words share one."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache

from components.speech.corpus import Corpus
from components.speech.lexicon import NO_LANGUAGE, Lexicon, pronounce, pronounced_by
from components.study.checks import CheckResult, percent

SOURCES = {
    "cmudict": "CMUdict",
    "espeak": "eSpeak NG's rules",
    "graphemes": "the letters of the words",
}
SHARED_WARNS = 0.02  # share of the words said that sound like another word


def pronunciation_facts(corpus: Corpus) -> dict[str, str]:
    """A corpus -> the source of its pronunciations, in words."""
    return {"pronunciations": SOURCES[_source(corpus)]}


def pronunciation_checks(corpus: Corpus) -> list[CheckResult]:
    """What is worth knowing of the pronunciations."""
    return [*_spelled_check(corpus), *_shared_check(corpus)]


def _source(corpus: Corpus) -> str:
    return pronounced_by(_words(corpus), corpus.language)


def _words(corpus: Corpus) -> tuple[str, ...]:
    return tuple(sorted({word for text in corpus.texts for word in text.split()}))


def _spelled_check(corpus: Corpus) -> list[CheckResult]:
    if corpus.language == NO_LANGUAGE or _source(corpus) != "graphemes":
        return []
    return [
        CheckResult(
            "language-misread",
            "look",
            f"eSpeak NG's voice for {corpus.language} cannot read these words, it only names their letters; "
            "they are taken letter by letter. If the language is another one, name it with --language.",
        )
    ]


@lru_cache(maxsize=2)
def _lexicon(words: tuple[str, ...], language: str) -> Lexicon:
    return pronounce(words, language)


def _shared_check(corpus: Corpus) -> list[CheckResult]:
    """A result if many words said sound, by their pronunciations, exactly like another word."""
    said = Counter(word for text in corpus.texts for word in text.split())
    groups = defaultdict(list)
    for word, variants in _lexicon(_words(corpus), corpus.language).items():
        groups[variants[0]].append(word)
    shared = [sorted(words, key=lambda word: -said[word]) for words in groups.values() if len(words) > 1]
    share = sum(said[word] for words in shared for word in words[1:]) / max(said.total(), 1)
    if share < SHARED_WARNS:
        return []
    shared.sort(key=lambda words: -sum(said[word] for word in words[1:]))
    message = (
        f"{percent(share)} of the words said are pronounced exactly like a commoner word, as far as the "
        "pronunciations tell: recognisers that use them can only guess which is meant."
    )
    return [
        CheckResult("same-pronunciation", "look", message, tuple(" = ".join(words) for words in shared[:5]))
    ]
