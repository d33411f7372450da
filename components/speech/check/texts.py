"""What is said: how many words and texts, and in which scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from components.speech.corpus import Corpus
from components.speech.corpus.transcripts import scripts_of
from components.speech.nouns import NOUNS_OF
from components.study.checks import CheckResult, percent

COMMONEST_WARNS = 0.5  # share of the recordings with one text
CYRILLIC, ARABIC, DEVANAGARI = ("Cyrillic",), ("Arabic",), ("Devanagari",)
WRITTEN_IN = {  # a language of eSpeak NG -> scripts of its letters; not listed: Latin, or several
    **dict.fromkeys(("ru", "uk", "bg", "mk", "ba", "cv", "kk", "ky", "nog"), CYRILLIC),
    **dict.fromkeys(("ar", "fa", "ur", "sd", "ug"), ARABIC),
    **dict.fromkeys(("hi", "mr", "ne", "kok"), DEVANAGARI),
    **{"cmn": ("Japanese or Chinese",), "yue": ("Japanese or Chinese",), "ja": ("Japanese or Chinese",)},
    **{"ko": ("Hangul",), "he": ("Hebrew",), "el": ("Greek",), "grc": ("Greek",), "ka": ("Georgian",)},
    **{"hy": ("Armenian",), "hyw": ("Armenian",), "th": ("Thai",), "my": ("Myanmar",), "am": ("Ethiopic",)},
    **{"ti": ("Ethiopic",), "bn": ("Bengali",), "as": ("Bengali",), "bpy": ("Bengali",), "ta": ("Tamil",)},
    **{"te": ("Telugu",), "kn": ("Kannada",), "ml": ("Malayalam",), "gu": ("Gujarati",), "pa": ("Gurmukhi",)},
    **{"or": ("Oriya",), "si": ("Sinhala",), "chr": ("Cherokee",)},
    **dict.fromkeys(
        ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "da", "fi", "tr", "vi"), ("Latin",)
    ),
}


def text_facts(corpus: Corpus) -> dict[str, str]:
    """A corpus -> what is said in it, in words."""
    units = Counter(unit for text in corpus.texts for unit in text.split())
    names = NOUNS_OF[corpus.unit].units
    different = len(set(corpus.texts))
    return {
        "texts": f"{units.total():,} {names} said, {len(units):,} different; {different:,} different texts"
    }


def commonest_text_check(corpus: Corpus) -> list[CheckResult]:
    """A result if one text is that of most recordings: whoever always answers so is often right."""
    ((text, count),) = Counter(corpus.texts).most_common(1)
    share = count / len(corpus.texts)
    if share <= COMMONEST_WARNS:
        return []
    message = (
        f"{count:,} of {len(corpus.texts):,} recordings have the text {text!r}, so that whoever always "
        f"answers it is right in {percent(share)}"
    )
    if share < 1:
        return [CheckResult("commonest-text", "look", f"{message}: errors of other texts weigh little.")]
    return [CheckResult("commonest-text", "stop", f"{message}. Give recordings of other texts, too.")]


def vocabulary(texts: Iterable[str]) -> set[str]:
    """Texts -> their words."""
    return {word for text in texts for word in text.split()}


def script_checks(corpus: Corpus) -> list[CheckResult]:
    """A result if words are in another script than most, and one if a voice reads other scripts."""
    scripts = scripts_of(corpus.texts)
    if not scripts:
        return []
    return [*_mixed_check(corpus, scripts), *_other_script_check(corpus, scripts)]


def _mixed_check(corpus: Corpus, scripts: Counter[str]) -> list[CheckResult]:
    if len(scripts) < 2:
        return []
    ((most, _),) = scripts.most_common(1)
    foreign = [word for word in sorted(vocabulary(corpus.texts)) if scripts_of([word]).keys() - {most}]
    foreign.sort(key=lambda word: -len(scripts_of([word])))  # those that mix two are mistakes, first
    shown = ", ".join(f"{name} ({count:,} letters)" for name, count in scripts.most_common())
    message = (
        f"The texts are in several scripts: {shown}. Letters that look alike in two of them make two words "
        "of one."
    )
    return [CheckResult("scripts", "look", message, tuple(foreign[:5]))]


def _other_script_check(corpus: Corpus, scripts: Counter[str]) -> list[CheckResult]:
    """A result if few letters are of a script in which the corpus's language is written."""
    known = WRITTEN_IN.get(corpus.language.split("-")[0])
    if not known or sum(scripts[name] for name in known) >= sum(scripts.values()) / 2:
        return []
    message = (
        f"The language is {corpus.language}, and {scripts.most_common(1)[0][0]} letters are not what it is "
        "written "
        "in: its voice reads them by other rules, if at all. If the language is another one, name it with "
        "--language; none reads letter by letter."
    )
    return [CheckResult("script-of-language", "look", message)]
