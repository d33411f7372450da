"""Where pronunciations come from, and which words share one."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache

from components.speech.corpus import Corpus
from components.speech.lexicon import NO_LANGUAGE, Lexicon, in_cmudict, pronounce, pronounced_by
from components.speech.lexicon_file import can_be_completed, read_lexicon
from components.study.checks import CheckResult, percent
from components.study.kept_file import file_name, file_text

SOURCES = {
    "cmudict": "CMUdict",
    "cmudict+espeak": "CMUdict",
    "espeak": "eSpeak NG's rules",
    "graphemes": "the letters of the words",
}
SHARED_WARNS = 0.02  # share of the words said that sound like another word
FASTEST = 30.0  # phones a second: people say up to 20, and HMMs of three states and 10 ms no more than 33
TOO_FAST_WARNS = 0.02  # share of the recordings
RULES_WARN = (
    0.05  # share of the words said that are pronounced by rules, which get one English name in two wrong
)


def pronunciation_facts(corpus: Corpus, lexicon: str = "") -> dict[str, str]:
    """A corpus, and a lexicon as kept in a study -> the source of its pronunciations, in words."""
    if lexicon:
        count = len(_lacking(corpus, lexicon))
        rest = f"; {count:,} {'word is' if count == 1 else 'words are'} not in it" if count else ""
        return {"pronunciations": f"{file_name(lexicon)}{rest}"}
    source = _source(corpus)
    count = len(_by_rules(corpus)) if source == "cmudict+espeak" else 0
    rules = f"; {count:,} {'word' if count == 1 else 'words'} by eSpeak NG's rules" if count else ""
    return {"pronunciations": f"{SOURCES[source]}{rules}"}


def pronunciation_checks(corpus: Corpus, lexicon: str = "") -> list[CheckResult]:
    """What is worth knowing of the pronunciations; of a lexicon of the user's own, the words it lacks."""
    if lexicon:
        return _lacking_check(corpus, lexicon)
    return [*_spelled_check(corpus), *_rules_check(corpus), *_shared_check(corpus)]


def _lacking(corpus: Corpus, lexicon: str) -> list[str]:
    """The words that a lexicon lacks, those said most often first."""
    counts = _word_counts(corpus)
    missing = counts.keys() - read_lexicon(file_text(lexicon), corpus.language).keys()
    return sorted(missing, key=lambda word: (-counts[word], word))


def _lacking_check(corpus: Corpus, lexicon: str) -> list[CheckResult]:
    words = _lacking(corpus, lexicon)
    if not words:
        return []
    completed = can_be_completed(file_text(lexicon), corpus.language)
    others = (
        "CMUdict or by eSpeak NG's rules" if completed else "nothing, and can only be tested, not trained on"
    )
    message = f"{file_name(lexicon)} lacks {len(words):,} words; they are pronounced by {others}."
    if corpus.unit != "word":
        message += " Texts in this script are taken by the character: it has to pronounce each of these."
    return [CheckResult("not-in-lexicon", "look", message, tuple(words[:5]))]


def _source(corpus: Corpus) -> str:
    return pronounced_by(_words(corpus), corpus.language)


def _words(corpus: Corpus) -> tuple[str, ...]:
    return tuple(sorted(_word_counts(corpus)))


def _word_counts(corpus: Corpus) -> Counter[str]:
    """The words of a corpus -> how often each is said."""
    return Counter(word for text in corpus.texts for word in text.split())


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


def _by_rules(corpus: Corpus) -> list[str]:
    """The words that CMUdict lacks, those said most often first."""
    counts = _word_counts(corpus)
    return sorted(counts.keys() - in_cmudict(counts), key=lambda word: (-counts[word], word))


def _rules_check(corpus: Corpus) -> list[CheckResult]:
    """A result if English words are pronounced by rules; worth a look if they are many of those said."""
    if _source(corpus) != "cmudict+espeak":
        return []
    counts = _word_counts(corpus)
    words, lexicon = _by_rules(corpus), _lexicon(_words(corpus), corpus.language)
    share = sum(counts[word] for word in words) / counts.total()
    message = (
        f"CMUdict lacks {len(words):,} of the words, {percent(share)} of those said; they are pronounced by "
        "eSpeak NG's rules in CMUdict's phones, which are right for most common words and for few foreign "
        "names. A lexicon of your own says how they are said."
    )
    examples = tuple(f"{word} ({' '.join(lexicon[word][0])})" for word in words[:5])
    verdict = "look" if share > RULES_WARN else "fine"
    return [CheckResult("pronounced-by-rules", verdict, message, examples)]


@lru_cache(maxsize=2)
def _lexicon(words: tuple[str, ...], language: str) -> Lexicon:
    return pronounce(words, language)


def _shared_check(corpus: Corpus) -> list[CheckResult]:
    """A result if many words said sound, by their pronunciations, exactly like another word."""
    counts = _word_counts(corpus)
    groups = defaultdict(list)
    for word, variants in _lexicon(_words(corpus), corpus.language).items():
        groups[variants[0]].append(word)
    shared = [sorted(words, key=lambda word: -counts[word]) for words in groups.values() if len(words) > 1]
    share = sum(counts[word] for words in shared for word in words[1:]) / max(counts.total(), 1)
    if share < SHARED_WARNS:
        return []
    shared.sort(key=lambda words: -sum(counts[word] for word in words[1:]))
    message = (
        f"{percent(share)} of the words said are pronounced exactly like a commoner word, as far as the "
        "pronunciations tell: recognisers that use them can only guess which is meant."
    )
    return [
        CheckResult("same-pronunciation", "look", message, tuple(" = ".join(words) for words in shared[:5]))
    ]


def pace_checks(corpus: Corpus) -> list[CheckResult]:
    """A result if recordings are too short for their texts, which then are not what is said in them."""
    lexicon = _lexicon(_words(corpus), corpus.language)
    phones = {word: min(map(len, variants)) for word, variants in lexicon.items()}
    fast = [
        f"{text!r} in {seconds:.2f} s"
        for text, seconds in zip(corpus.texts, corpus.clips.seconds, strict=True)
        if sum(phones[word] for word in text.split()) > FASTEST * seconds
    ]
    if len(fast) <= TOO_FAST_WARNS * len(corpus.texts):
        return []
    message = (
        f"{len(fast):,} of {len(corpus.texts):,} recordings are too short for their texts: more than "
        f"{FASTEST:g} phones a second, faster than anybody speaks. Models of phones, and networks over "
        "letters, learn nothing from them. If texts are names of classes, write what is said; if recordings "
        "are cut off, leave them out."
    )
    return [CheckResult("text-too-long", "look", message, tuple(dict.fromkeys(fast))[:5])]
