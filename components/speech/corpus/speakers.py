"""Who speaks: names of speakers in one spelling, and what is known of who is who."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from components.speech.corpus.readers.listing import Listed
from components.speech.corpus.sessions import maybe_people, people_of, say_no_name, without_marks
from components.speech.corpus.speaker_spellings import UNKNOWN, one_name_each, plain_speaker
from components.study.checks import CheckResult
from components.study.nouns import counted

TOGETHER = "+"
PATTERN = "--speaker-pattern"
SEVERAL = re.compile(r"\s*[;&|]\s*|\s+and\s+")  # between people whom one name names


def name_speakers(recordings: Sequence[Listed], pattern: str = "") -> tuple[list[str], list[CheckResult]]:
    """Recordings -> the speaker of each, "" if unknown, in one spelling; what is worth knowing of them.

    Names that differ in capitals, spaces, leading zeros, accents or the form of their letters only are one
    speaker, and so are those of copies at another speed (Kaldi's sp0.9-) or in noise, where the original is
    there, and of the sessions of one person. pattern: a regular expression whose group is the person in a
    name; then sessions are not looked for. Raises ValueError for a name that it does not match.
    """
    written = [person_by(pattern, TOGETHER.join(recording.speakers)) for recording in recordings]
    plain = one_name_each([_plain(name) for name in written])
    spellings: dict[str, set[str]] = defaultdict(set)
    for name, as_written in zip(plain, written, strict=True):
        if name:
            spellings[name].add(as_written)
    people = {} if pattern else people_of(spellings)
    first = {name: min(forms).strip() for name, forms in spellings.items() if len(forms) == 1} | people
    names = [first.get(name, name) for name in plain]
    sessions = [] if pattern else _session_check(spellings, people)
    sessions += _together_check(spellings)
    return names, [*_spelling_check(spellings), *sessions, *_missing_check(names), *_alone_check(names)]


@lru_cache(maxsize=1 << 16)
def _plain(name: str) -> str:
    """A name as written -> plain; "" for nobody's name, also with a number or date: "unknown_3"."""
    plain = plain_speaker(name)
    return "" if without_marks(plain) in UNKNOWN else plain


def person_by(pattern: str, name: str) -> str:
    """A pattern ("" for none) and a speaker's name -> what its group matches; ValueError if it does not."""
    if not pattern or not name:
        return name
    if not (match := re.match(pattern, name)):
        raise ValueError(
            f"speaker_pattern expected a pattern that every speaker's name begins with, got {pattern!r}, "
            f"which {name!r} does not; correct it, as '(.+?)(?:_\\d+)?$' for anna and anna_1."
        )
    return match[1]


def _spelling_check(spellings: dict[str, set[str]]) -> list[CheckResult]:
    several = {name: sorted(written) for name, written in spellings.items() if len(written) > 1}
    if not several:
        return []
    shown = tuple(" = ".join(map(repr, written)) for written in several.values())
    return [
        CheckResult(
            "speaker-spellings",
            "look",
            f"{len(several):,} speakers are written in several ways and were taken for one person each: "
            f"{len(spellings):,} speakers, not {sum(map(len, spellings.values())):,}.",
            shown[:5],
        )
    ]


def _session_check(names: Collection[str], people: Mapping[str, str]) -> list[CheckResult]:
    """Names and those that are one of several names of a person -> what was made of them, or may be."""
    if say_no_name(names):
        message = (
            "The names of speakers say when, or by what, was recorded, and not who speaks: one voice may be "
            "on both sides of a split by speaker. Name the people in a column speaker."
        )
        return [CheckResult("speaker-sessions", "stop", message, tuple(sorted(names))[:3])]
    maybe = people or maybe_people(names)
    if not maybe:
        return []
    count = counted(len(set(maybe.values())), "name", "names")
    message = f"{len(maybe):,} names of speakers are {count} with a session, date or number. "
    if people:
        message += (
            "Each of these was taken for one person, so that no voice is on both sides of a split by "
            f"speaker. If they are different people, take {PATTERN} '(.+)'."
        )
    else:
        message += (
            "If each of these is one person, one voice is on both sides of a split by speaker: take "
            f"{PATTERN} '(.+)_', which takes anna_1 and anna_2 for anna."
        )
    return [CheckResult("speaker-sessions", "look", message, _some_of(maybe))]


def _together_check(names: Collection[str]) -> list[CheckResult]:
    """Stops where names of several people, as "anna; ben", share one of them with another name."""
    parts = {name: SEVERAL.split(name) for name in names}
    counts = Counter(part for one in parts.values() for part in set(one))
    shared = sorted(
        name for name, one in parts.items() if len(one) > 1 and max(counts[part] for part in one) > 1
    )
    if not shared:
        return []
    message = (
        f"{counted(len(shared), 'name is', 'names are')} those of several people, one of whom has another "
        "name, too: one voice may be on both sides of a split by speaker. Leave recordings of several people "
        "out, or cut them into those of one."
    )
    return [CheckResult("speakers-together", "stop", message, tuple(shared[:3]))]


def _some_of(people: Mapping[str, str]) -> tuple[str, ...]:
    """Names and their people -> "anna_1 = anna_2" of a few."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for name, person in sorted(people.items()):
        by_person[person].append(name)
    return tuple(" = ".join(map(repr, names[:3])) for names in by_person.values())[:3]


def _missing_check(names: Sequence[str]) -> list[CheckResult]:
    missing = sum(not name for name in names)
    if not missing:
        return []
    if missing == len(names):
        message = "No speakers are named, so a test on new voices cannot be promised."
    else:
        message = (
            f"{missing:,} of {len(names):,} recordings name no speaker: they may be of anybody, and stay out "
            "of a split by speaker. Name their speakers to use them."
        )
    return [CheckResult("speakers-missing", "look", message)]


def _alone_check(names: Sequence[str]) -> list[CheckResult]:
    named = [name for name in names if name]
    if len(named) < 20 or len(set(named)) < len(named):
        return []
    return [
        CheckResult(
            "speakers-alone",
            "look",
            f"Each of the {len(named):,} recordings has a speaker of its own, as where speakers are not "
            "known: the same people may be on both sides of the split, so a test on new voices cannot be "
            "promised.",
        )
    ]
