"""Names of speakers before what they say, such as "George: one", which nobody says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from components.speech.corpus.tags import SPEAKER_LABEL
from components.study.checks import CheckResult

LABEL = re.compile(r"^\s*([^\W\d_][\w .'’-]{0,39}?)\s*(：|:\s?)(?=\s*\w)")
ROLES = (  # words for who speaks in an interview or a play
    "speaker interviewer interviewee moderator host guest agent customer caller operator doctor"
    " patient teacher student narrator man woman male female boy girl child mother father participant"
    " investigator examiner sprecher sprecherin interviewerin befragter befragte moderatorin arzt"
    " ärztin lehrer lehrerin kind mann frau spreker vrouw talare talere puhuja locuteur locutrice"
    " intervieweur enquêteur homme femme médecin élève hablante locutor locutora entrevistador"
    " entrevistadora hombre mujer médico orador falante homem mulher parlante intervistatore uomo"
    " donna mówca lektor mluvčí hovorca govornik govorac konuşmacı beszélő ομιλητής диктор ведущий"
    " ведущая спикер говорящий интервьюер мужчина женщина мовець المتحدث المذيع گوینده वक्ता 说话人"
    " 說話人 主持人 嘉宾 记者 医生 患者 男 女 話者 司会 男性 女性 医師 화자 진행자 남자 여자 남 여"
)
RECURS = 5  # different texts behind a word that is taken for a name
MOST = 0.5  # of the transcripts begin with one: what is said seldom does


def without_labels(texts: Sequence[str], speakers: Sequence[str]) -> tuple[list[str], list[CheckResult]]:
    """Transcripts, and the speaker of each if known -> the same without names before colons; what was done.

    A name is that of a speaker of the corpus, the word for a role, or one of the few words that most texts
    begin with, each before several different ones. Other words before colons stay; those that recur are told.
    """
    found = {index: match for index, text in enumerate(texts) if (match := _label(text))}
    if not found:
        return list(texts), []
    labels = {index: _plain(match[1]) for index, match in found.items()}
    counts = Counter(label for label, _ in _behind(texts, found, labels))
    names = {_plain(name) for name in speakers} - {""} | _recurring(texts, labels, counts)
    removed = {index: match for index, match in found.items() if _is_name(labels[index], names)}
    kept = [texts[index] for index, label in labels.items() if index not in removed and counts[label] > 1]
    plain = [text[removed[index].end() :] if index in removed else text for index, text in enumerate(texts)]
    return plain, [*_removed_check(removed, len(texts)), *_kept_check(kept, len(texts))]


def _label(text: str) -> re.Match | None:
    """What a text begins with before a colon; none where it is a tag."""
    if ":" not in text and "：" not in text:
        return None
    return None if SPEAKER_LABEL.match(text) else LABEL.match(text)


def _is_name(label: str, names: set[str]) -> bool:
    return label in names or re.sub(r"[\s\d.]+$", "", label) in ROLES.split()


def _behind(texts: Sequence[str], found: Mapping[int, re.Match], labels: Mapping[int, str]) -> set[tuple]:
    """Words before colons, each with every different text behind it and a space."""
    apart = [index for index in labels if found[index][2] != ":"]
    return {(labels[index], _plain(texts[index][found[index].end() :])) for index in apart}


def _recurring(texts: Sequence[str], labels: Mapping[int, str], counts: Mapping[str, int]) -> set[str]:
    """Words before colons, and before how many different texts each is -> those that are names."""
    names = {label for label, count in counts.items() if count >= RECURS}
    labelled = sum(label in names for label in labels.values())
    return names if labelled > MOST * sum(1 for text in texts if text.strip()) else set()


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _removed_check(removed: Mapping[int, re.Match], total: int) -> list[CheckResult]:
    if not removed:
        return []
    counts = Counter(match[0].strip() for match in removed.values())
    message = (
        f"{len(removed):,} of {total:,} transcripts begin with a speaker's name and a colon, which nobody "
        "says; these were left out."
    )
    shown = tuple(f"{label} ({count:,})" for label, count in counts.most_common(5))
    return [CheckResult("speaker-labels", "look", message, shown)]


def _kept_check(kept: Sequence[str], total: int) -> list[CheckResult]:
    if not kept:
        return []
    message = (
        f"{len(kept):,} of {total:,} transcripts begin with words before a colon, which were kept as words "
        "that are said. If they are names of speakers, take them out."
    )
    return [CheckResult("colons", "look", message, tuple(dict.fromkeys(kept))[:5])]
