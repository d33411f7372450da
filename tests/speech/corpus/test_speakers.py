"""Who speaks, in one spelling."""

import pytest

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers.listing import Listed
from components.speech.corpus.speakers import name_speakers, plain_speaker


def speakers(*names):
    listed = [Listed(UnreadableSource(""), "x", "a", "", speakers=(name,) if name else ()) for name in names]
    named, checks = name_speakers(listed)
    return named, [check.name for check in checks]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        *(
            ("Ann ", "ann"),
            ("JOSE\u0301", "josé"),
            ("sp0.9-ann", "ann"),
            ("rev1-ann", "ann"),
            ("ann_sp1.1", "ann"),
        ),
        ("unknown", ""),
        ("NaN", ""),
        ("?", ""),
        ("a\u00a0b", "a b"),
    ],
)
def test_a_speaker_in_plain_spelling(name, plain):
    assert plain_speaker(name) == plain


def test_spellings_of_one_speaker_are_one():
    assert speakers("Ann", "ann", "Bob") == (["ann", "ann", "Bob"], ["speaker-spellings"])
    assert speakers("Ann", "", "Ann") == (["Ann", "", "Ann"], ["speakers-missing"])


def test_a_speaker_for_every_recording_is_told():
    assert speakers(*map(str, range(20)))[1] == ["speakers-alone"]
    assert speakers(*map(str, range(19)))[1] == []
