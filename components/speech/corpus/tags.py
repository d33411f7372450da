"""Tags in transcripts, which are not said: <unk>, [noise], {laugh}, !SIL, (uh), -cough-, b/, (1)/(one)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from components.speech.corpus.remark_words import ENGLISH, is_filler, is_noise
from components.study.checks import CheckResult

SAME_BRACKETS = str.maketrans("（）［］｛｝＜＞〈〉【】〔〕〖〗｟｠⟨⟩", "()[]{}<>()()()()()()")
SIGN = re.compile(r"[^\w\s.,;?'\"\u2019]")  # no tag is without one
BRACKETED = re.compile(
    r"<(?!\s)[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|(?<!\S)\+\+?[^\s+]+\+\+?(?!\S)|(?<!\S)![A-Z_]+(?!\S)"
)
SPELLED_TWICE = re.compile(r"\(([^()]*)\)\s*/\s*\(([^()]*)\)")  # Korean corpora: as written, as said
READING = re.compile(r"(?<=[\u3005\u4e00-\u9fff])\([\u3041-\u3096\u30a1-\u30fa\u30fc]+\)")  # kana after kanji
SPEAKER_LABEL = re.compile(r"^\s*(?:[A-Z]|speaker[\s_]*\w{1,3}|spk[\s_]*\d+|s\d+)\s*:(?=\s)", re.IGNORECASE)
TIME = re.compile(r"\((?:\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?|\d{0,2}\.\d{1,2}|\.+)\s?s?\)")
NOISE_LETTER = re.compile(r"(?<!\S)[a-z]/(?!\S)")
PARENTHESISED = re.compile(r"\(+\s*%?([^()]*)\)+")
PREFIXED = re.compile(r"(?<!\S)[%#@&=*]+(\w+)\*?(?=$|[\s.,!?])|(?<!\S)\*(\w+)\*")
DASHED = re.compile(
    r"(?<!\S)([-\u2010-\u2015~_=|*/+])\1{0,2}(?=\w)([^-\u2010-\u2015~_=|*/+]*\w)\1{1,3}(?!\S)"
)
UNLIKE = re.compile(r"[\[({<](\w[^\[\](){}<>]*)[\])}>]")
UNCLOSED, UNOPENED = re.compile(r"[\[({<](\w[^\[\](){}<>]*)$"), re.compile(r"^([^\[\](){}<>]*\w)[\])}>]")
UNINTELLIGIBLE = re.compile(
    r"(?<![a-z])(?:unk|unknown|unintelligible|unclear|inaudible|oov|xxx?|spn|garbage)(?![a-z])", re.IGNORECASE
)

Judge = Callable[[str], bool]  # what stands between brackets -> whether it is a remark


def is_english_remark(content: str) -> bool:
    """Whether what stands between brackets names noises, or sounds of hesitation, in English."""
    return is_noise(content, (ENGLISH,)) or is_filler(content)


def without_tags(text: str, is_remark: Judge = is_english_remark) -> tuple[str, list[str]]:
    """A transcript as written -> the same without tags, and these; of a word spelled twice, as it is said.

    is_remark: what is no tag by its form, but by its words, such as (laughs).
    """
    if not SIGN.search(text):
        return text, []
    tags: list[str] = []

    def drop(match: re.Match) -> str:
        tags.append(match[0].strip())
        return " "

    def as_said(match: re.Match) -> str:
        tags.append(match[0].strip())
        return match[2]

    def judge(match: re.Match) -> str:
        return drop(match) if is_remark(next(filter(None, match.groups()), "")) else match[0]

    def judge_noise(match: re.Match) -> str:
        return drop(match) if is_remark(match[2]) and not is_filler(match[2]) else match[0]

    text = SPELLED_TWICE.sub(as_said, text.translate(SAME_BRACKETS))
    for pattern in (READING, BRACKETED, SPEAKER_LABEL, TIME, NOISE_LETTER):
        text = pattern.sub(drop, text)
    for pattern in (PARENTHESISED, PREFIXED, UNLIKE):
        text = pattern.sub(judge, text)
    text = DASHED.sub(judge_noise, text)
    text, found = _without_half_brackets(text, is_remark)
    return text, tags + found


def _without_half_brackets(text: str, is_remark: Judge) -> tuple[str, list[str]]:
    """A text -> the same without remarks that lack one of their brackets, and these."""
    tags = []
    if match := UNCLOSED.search(text):
        words = match[1].split(" ")
        if end := _longest([" ".join(words[:count]) for count in range(len(words), 0, -1)], is_remark):
            tags.append(match[0][0] + end)
            text = f"{text[: match.start()]} {match[1][len(end) :]}"
    if match := UNOPENED.search(text):
        words = match[1].split(" ")
        if begin := _longest([" ".join(words[start:]) for start in range(len(words))], is_remark):
            tags.append(begin + match[0][-1])
            text = f"{match[1][: len(match[1]) - len(begin)]} {text[match.end() :]}"
    return text, tags


def _longest(phrases: Sequence[str], is_remark: Judge) -> str:
    return next((phrase for phrase in phrases if phrase.strip() and is_remark(phrase)), "")


def parenthesised(text: str) -> list[str]:
    """A text -> what stands between parentheses in it."""
    return [content.strip() for content in PARENTHESISED.findall(text.translate(SAME_BRACKETS))]


def stands_for_words(tags: Sequence[str]) -> bool:
    """Whether any tag of a transcript stands for words that its writer did not understand."""
    return any(UNINTELLIGIBLE.search(tag) for tag in tags)


def tag_check(by_text: Sequence[Sequence[str]]) -> list[CheckResult]:
    """Tags of every transcript -> what was taken out, if anything."""
    counts = Counter(tag for tags in by_text for tag in tags)
    texts = sum(1 for tags in by_text if tags)
    if not texts:
        return []
    shown = tuple(f"{tag} ({count:,})" for tag, count in counts.most_common(8))
    lost = sum(map(stands_for_words, by_text))
    message = f"{texts:,} of {len(by_text):,} transcripts hold tags, which nobody says; these were left out."
    if lost:
        message += f" In {lost:,} of them a tag stands for words, so that more is said than the text has."
    return [CheckResult("tags", "look", message, shown)]
