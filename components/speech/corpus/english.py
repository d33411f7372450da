"""Whether texts without a language are English: by CMUdict, and by words that hardly another language has."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from components.speech.corpus.tags import without_tags
from components.speech.corpus.text import normalise
from components.speech.lexicon import in_cmudict

LIKELY = 0.5  # of the words said, in CMUdict: less is another language
SURE = 0.9  # less may be one whose words CMUdict has as names: half of those of French and Spanish
LEAST_OWN = 0.1  # of the words said, in ENGLISH_ALONE, where the texts are English
WORDS = "the and that with they this have from words what were when your said there which how"
WORDS += " their if other about out many then them would make like him into has look write could"
WORDS += " people first call who its now find did get she his our just because very want know"
NUMBERS = "one two three four five seven eight nine eleven twelve thirteen fourteen fifteen sixteen"
NUMBERS += " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS += " hundred thousand"
COMMANDS = "yes down left right forward backward turn light lights close please next previous window"
COMMANDS += " kitchen house happy cat bird tree blue green yellow white black hello thank good morning"
COMMANDS += " night don't i'm it's"
ENGLISH_ALONE = frozenset(f"{WORDS} {NUMBERS} {COMMANDS}".split())


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Texts -> how often each word is said; those with digits count for nothing."""
    plain = (normalise(without_tags(text)[0]) for text in texts)
    return Counter(word for text in plain for word in text.split() if _is_word(word))


def english_share(words: Counter[str]) -> float:
    """Words and how often each is said -> the share that CMUdict has."""
    known = in_cmudict(words)
    return sum(count for word, count in words.items() if word in known) / words.total()


def own_share(words: Counter[str]) -> float:
    """Words and how often each is said -> the share of those of English alone, as "the", "two" and "left"."""
    return sum(words[word] for word in own_words(words)) / words.total()


def own_words(words: Counter[str]) -> list[str]:
    """Words and how often each is said -> those of English alone, the commonest first."""
    return [word for word, _ in words.most_common() if word in ENGLISH_ALONE]


def _is_word(word: str) -> bool:
    return all(unicodedata.category(character)[0] in "LM" or character == "'" for character in word)
