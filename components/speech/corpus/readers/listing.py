"""A listing: recordings as a manifest or a folder lists them, with nothing of it interpreted yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.speech.corpus.manifest import AudioSource
from components.study.checks import CheckResult


@dataclass(frozen=True)
class Listed:
    """One recording, or a segment of one, as it is listed.

    Attributes
    ----------
    source
        Where its samples are.
    text
        The transcript as written there.
    path
        As written there, with the segment where there is one: its name, if it has no better one.
    where
        Where it is listed, for messages: "my.csv, line 3".
    name
        Its id, if it is given one.
    speakers
        Who speaks, as written there; empty if nobody is named.
    part
        "train", "dev", "test", or "" where none is named.
    language
        As written there; "" where none is named.
    tags
        Further facts, as in Clip.
    labels
        What other columns or files say of it, by name: perhaps a task, never in a clip.
    """

    source: AudioSource
    text: str
    path: str
    where: str
    name: str = ""
    speakers: tuple[str, ...] = ()
    part: str = ""
    language: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """What a reader makes of a file or folder.

    Attributes
    ----------
    recordings
        In the order in which they are listed.
    reading
        What was read as what, for the look at the data: {"columns read": "path, text", ...}.
    checks
        What is worth knowing of the way it was read.
    """

    recordings: Sequence[Listed]
    reading: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[CheckResult] = ()
