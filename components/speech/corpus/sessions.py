"""Names of speakers with a session, date or number -> the people: "anna_1" and "anna_2" are "anna"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

BETWEEN = r"[\s_.,:;/#@|(\[\-\u2010-\u2015]+"
TIMES = (
    "session sess ses day week month visit take tk round run trial lap block date time part pt tape version"
)
DEVICES = "microphone mic channel chan ch device phone mobile camera cam headset lapel array distant near far"
FILES = "recording record rec utterance utt file clip chunk segment seg sentence prompt video episode"
PARTS = "training train testing test validation valid dev eval"
WORDS = "|".join(f"{TIMES} {DEVICES} {FILES} {PARTS}".split())
SESSION = rf"(?:{WORDS})(?:[\s_.\-#]*(?:\d+|[a-z]))?"
DAY = r"(?:19|20)\d\d[-_./]?(?:0[1-9]|1[0-2])[-_./]?(?:0[1-9]|[12]\d|3[01])"
DAY_FIRST = r"(?:0?[1-9]|[12]\d|3[01])[-_./](?:0?[1-9]|1[0-2])[-_./](?:19|20)\d\d"
HOUR = r"[t_\-\s]?[0-2]\d[-_.:h]?[0-5]\d(?:[-_.:]?[0-5]\d)?z?"
DATE = rf"(?:{DAY}|{DAY_FIRST})(?:{HOUR})?"
SESSIONS = (
    re.compile(rf"^(.*[^\W_]){BETWEEN}{SESSION}$"),
    re.compile(rf"^(.*[^\W_]){BETWEEN}{DATE}(?:{BETWEEN}.*)?$"),
    re.compile(rf"^(?:{SESSION}|{DATE}){BETWEEN}([^\W_].*)$"),
)
NUMBERS = (
    re.compile(rf"^(.*[^\W_]){BETWEEN}[srtvu]?\d+[a-z]?$"),
    re.compile(rf"^\d+{BETWEEN}([^\W_].*)$"),
    re.compile(r"^(.*[^\W\d_]{3})\d+$"),
)
NO_NAME = re.compile(rf"{SESSION}|{DATE}(?:{BETWEEN}\d+)?")
PEOPLE_WORDS = (
    "speaker spk spkr user subject subj participant person reader talker actor client patient student"
    " teacher pupil voice id informant sprecher male female man woman men women boy girl child"
    " children kid adult young old senior elderly native nonnative normal healthy control ctrl"
)
PEOPLE = frozenset(PEOPLE_WORDS.split())  # without a number behind, these are nobody's name
GROUPS_WORDS = (
    "site group grp room class family team school city village region area lab center centre cohort"
    " batch set corpus country house location lang language accent dialect project collection hospital"
    " clinic household"
)
GROUPS = frozenset(GROUPS_WORDS.split())  # with a number behind, neither
SHORT = 2  # letters: the code of a kind or country
MOST_MARKS = 3  # of a name: session, microphone, utterance
COVERED, RECURRING, LEAST_PEOPLE = 0.9, 0.5, 3  # names with numbers, people with several names: shares
MAYBE_SEVERAL = 0.5  # of the names: fewer are not worth a word


def people_of(names: Iterable[str]) -> dict[str, str]:
    """Plain names of speakers -> the person of each that is one of several names of a person.

    A date or a word for a session is no part of anybody's name. A number may be, and is taken for that of a
    session only where nearly all names have one, and the same ones recur beside the names of at least three
    people.
    """
    names = set(names)
    people = {name: _without_session(name) for name in names}
    left = set(people.values())
    if len(left) < 2:
        return {}
    for marks in range(MOST_MARKS, 0, -1):
        cut = {name: _without_numbers(name, marks) for name in left}
        if _are_people(cut):
            people = {name: cut[one] for name, one in people.items()}
            break
    return _several(people)


def maybe_people(names: Iterable[str]) -> dict[str, str]:
    """Plain names of speakers -> as `people_of`, where nobody can tell a person from a kind of people."""
    names = set(names)
    cut = _several({name: without_marks(name) for name in names})
    return cut if len(cut) >= MAYBE_SEVERAL * len(names) else {}


def say_no_name(names: Collection[str]) -> bool:
    """Plain names of speakers -> whether each says when or by what was recorded, and not who."""
    return len(names) > 1 and all(map(NO_NAME.fullmatch, names))


@lru_cache(maxsize=1 << 16)
def _without_session(name: str) -> str:
    """A name -> the same without words for sessions and dates, if what is left may be a person."""
    for _ in range(MOST_MARKS):
        before, name = name, _without(SESSIONS, name)
        if name == before:
            break
    return name


@lru_cache(maxsize=1 << 16)
def _without_numbers(name: str, most: int = 1) -> str:
    for _ in range(most):
        name = _without(NUMBERS, name)
    return name


def without_marks(name: str) -> str:
    """A plain name -> what is left of it without sessions, dates and numbers."""
    return _without_numbers(_without_session(name))


def _without(patterns: Iterable[re.Pattern], name: str) -> str:
    if NO_NAME.fullmatch(name):
        return name
    rests = (match[1] for pattern in patterns if (match := pattern.match(name)))
    return next((rest for rest in rests if not NO_NAME.fullmatch(rest) and not _is_kind(rest)), name)


def _several(people: Mapping[str, str]) -> dict[str, str]:
    """Names and their people -> those whose person has another name, too."""
    counts = Counter(people.values())
    return {name: person for name, person in people.items() if counts[person] > 1}


def _are_people(cut: Mapping[str, str]) -> bool:
    """Names and what is left of each -> whether what was cut off is surely no part of them."""
    people, several = set(cut.values()), set(_several(cut).values())
    numbered = all(map(_is_numbered, people))
    with_number = sum(name != person or person in several for name, person in cut.items())
    return (
        len(people) >= (2 if numbered else LEAST_PEOPLE)
        and (numbered or _restart(cut))
        and with_number >= COVERED * len(cut)
        and len(several) >= RECURRING * len(people)
    )


def _restart(cut: Mapping[str, str]) -> bool:
    """Names and what is left of each -> whether several people have the same numbers, as those of sessions
    are, and not numbers of their own, as those of a list of speakers are: "berlin_248"."""
    numbers = Counter(name.replace(person, "", 1) for name, person in cut.items() if name != person)
    return sum(count for count in numbers.values() if count > 1) >= RECURRING * numbers.total()


def _is_numbered(person: str) -> bool:
    return person[-1].isdigit()


@lru_cache(maxsize=4096)
def _is_kind(rest: str) -> bool:
    """Whether what is left of a name is no person: "female", "de", "german", and "site 3"."""
    word = re.split(BETWEEN, re.sub(rf"{BETWEEN}(?=\d+$)", "", rest))[-1]
    letters = word.rstrip("0123456789")
    if letters in GROUPS:
        return True
    return letters == word and (word in PEOPLE or _is_short(word) or _is_language(word))


def _is_short(word: str) -> bool:
    return word.isascii() and len(word) <= SHORT  # in other scripts names are as short


def _is_language(word: str) -> bool:
    import langcodes

    try:
        return len(langcodes.find(word).to_tag()) == 2  # rarer ones have the names of people
    except LookupError:
        return False
