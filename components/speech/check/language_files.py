"""Words that are said, and that the user's grammar or language model lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from components.speech.corpus import Corpus
from components.speech.corpus.letters import in_letters_of
from components.speech.decoding.arpa_model import read_arpa
from components.speech.decoding.build_lm import is_closed
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.jsgf_rules import words_in
from components.speech.nouns import NOUNS_OF
from components.study.checks import CheckResult, percent
from components.study.kept_file import file_name, file_text

STOPS = 0.5  # share of the words said


def language_file_checks(corpus: Corpus, grammar: str, lm: str) -> list[CheckResult]:
    """A corpus, the text of a grammar, an ARPA file as kept in a study -> a result for words that they lack.

    A grammar without a public rule, whose rules are classes of words, lacks none.
    """
    grammar = in_letters_of(grammar, corpus.language)
    if grammar and is_closed(grammar):
        words = set(words_in(read_rules(grammar)))
        return _lacking_check(corpus, words, "The grammar", "can never be recognised")
    if lm:
        words = read_arpa(in_letters_of(file_text(lm), corpus.language))[0][""].keys()
        return _lacking_check(corpus, words, file_name(lm), "are as likely as its unknown word")
    return []


def _lacking_check(corpus: Corpus, words: Collection[str], what: str, so: str) -> list[CheckResult]:
    counts = Counter(word for text in corpus.texts for word in text.split())
    missing = sorted(counts.keys() - set(words), key=lambda word: (-counts[word], word))
    if not missing:
        return []
    share = sum(counts[word] for word in missing) / counts.total()
    units = NOUNS_OF[corpus.unit].units
    message = (
        f"{what} lacks {len(missing):,} of the {units} of this corpus, {percent(share)} of those said; these "
        f"{so}. If it should have them, write them as in the texts."
    )
    verdict = "stop" if share >= STOPS else "look"
    return [CheckResult("not-in-language-file", verdict, message, tuple(missing[:5]))]
