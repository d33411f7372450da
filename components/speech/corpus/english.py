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
LEAST_OWN = 0.1  # of the words said, in ENGLISH_ALONE
WORDS = "the and you that with they this have from had words but what were when your can said"
WORDS += " there which how their if will other about out many then them these would make like him"
WORDS += " into time has look write see could people my than first water been call who its now find"
WORDS += " long did get may part she her his our just because very want know"
NUMBERS = "one two three four five seven eight nine eleven twelve thirteen fourteen fifteen sixteen"
NUMBERS += " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS += " hundred thousand"
COMMANDS = "yes down left right forward backward turn light lights open close please volume next"
COMMANDS += " previous door window kitchen school house happy dog cat bird tree red blue green yellow"
COMMANDS += " white black hello thank good morning night don't i'm it's"
ENGLISH_ALONE = frozenset(f"{WORDS} {NUMBERS} {COMMANDS}".split())


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Texts -> how often each word is said; those with digits count for nothing."""
    plain = (normalise(without_tags(text)[0]) for text in texts)
    return Counter(word for text in plain for word in text.split() if _is_word(word))


def english_share(words: Counter[str]) -> float:
    """Words and how often each is said -> the share that CMUdict has."""
    known = in_cmudict(words)
    return sum(count for word, count in words.items() if word in known) / words.total()


def has_own_words(words: Counter[str]) -> bool:
    """Words and how often each is said -> whether some are of English alone, as "the", "two" and "left"."""
    return sum(words[word] for word in words.keys() & ENGLISH_ALONE) >= LEAST_OWN * words.total()


def _is_word(word: str) -> bool:
    return all(unicodedata.category(character)[0] in "LM" or character == "'" for character in word)
