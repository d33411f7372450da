"""Who speaks: names of speakers in one spelling, and what is known of who is who."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from components.speech.corpus.readers.files import AUDIO_ENDINGS
from components.speech.corpus.readers.listing import Listed
from components.study.checks import CheckResult

SPEED_COPY = re.compile(r"^(?:sp|vp)\d\.\d+-|^(?:rev|noise|babble|music)\d*-(?=\w)|[-_]sp\d\.\d+$")
ALTERED = (
    "sp(?:eed)?|vp|vol(?:ume)?|tempo|pitch|perturb(?:ed)?|slow|fast|rev(?:erb(?:ed)?)?|rvb|rir|nois[ey]|babble|music"
    "|aug(?:mented)?|copy"
)
COPY = re.compile(rf"[-_. ](?:(?:{ALTERED})[-_]?x?\d*(?:\.\d+)?x?|x?\d\.\d+x?)$", re.IGNORECASE)
NUMBER = re.compile(r"0*(\d+)(?:\.0$)?")
TOGETHER = "+"
UNKNOWN = frozenset(("unknown", "none", "null", "nan", "n/a", "na", "anonymous", "unk", "-", "?", "<na>"))


def name_speakers(recordings: Sequence[Listed]) -> tuple[list[str], list[CheckResult]]:
    """Recordings -> the speaker of each, "" if unknown, in one spelling; what is worth knowing of them.

    Names that differ in capitals, spaces, leading zeros or the form of their letters only are one speaker,
    and so are those of copies at another speed (Kaldi's sp0.9-) or in noise, where the original is there.
    """
    plain = [plain_speaker(TOGETHER.join(recording.speakers)) for recording in recordings]
    plain = _one_name_each(plain)
    spellings: dict[str, set[str]] = defaultdict(set)
    for name, recording in zip(plain, recordings, strict=True):
        if name:
            spellings[name].add(TOGETHER.join(recording.speakers))
    first = {name: min(written).strip() for name, written in spellings.items() if len(written) == 1}
    names = [first.get(name, name) for name in plain]
    return names, [*_spelling_check(spellings), *_missing_check(names), *_alone_check(names)]


def plain_speaker(name: str) -> str:
    """A speaker's name as written -> without capitals, marks of copies, and spaces around.

    "" for a word that stands for nobody, such as "unknown".
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return "" if plain in UNKNOWN else unicodedata.normalize("NFKC", SPEED_COPY.sub("", plain))


def original_of(name: str) -> str:
    """A recording's name -> that of the original, where it is one that altered copies are given.

    "sp0.9-anna", "anna_1.1x", "anna-reverb.wav" -> "anna", "anna", "anna.wav".
    """
    stem, ending = os.path.splitext(name)
    if ending.lower() not in AUDIO_ENDINGS:
        stem, ending = name, ""
    return COPY.sub("", SPEED_COPY.sub("", stem)) + ending


def _one_name_each(names: Sequence[str]) -> list[str]:
    """Plain names of speakers -> one for all that are one person's: "spk1", "spk_01" and "spk1_reverb"."""
    people = set(names)
    originals = {name: original for name in people if (original := original_of(name)) in people - {name}}
    alike = defaultdict(list)
    for name in sorted(people - originals.keys(), key=lambda name: (len(name), name)):
        alike[_key(name)].append(name)
    first = {name: spellings[0] for spellings in alike.values() for name in spellings}
    return [first[originals.get(name, name)] for name in names]


def _key(name: str) -> str:
    """A plain name -> what spellings of one share: no marks between, no leading zeros, "b, a" as "a b"."""
    if name.count(",") == 1:
        name = " ".join(reversed(name.split(",")))
    joined = re.sub(r"(?<=[^\W\d])[\s_.\-]+(?=\w)|(?<=\w)[\s_.\-]+(?=[^\W\d])", "", name.strip())
    return NUMBER.sub(r"\1", joined) or name


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
