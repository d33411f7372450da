"""Who speaks, in one spelling."""

from hashlib import sha256
from time import perf_counter

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


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        *(("anna\u200b", "anna"), ('"Anna"', "anna"), ("M&uuml;ller", "müller"), ("[unknown]", "")),
        *(("ＡＮＮＡ", "anna"), ("anna.wav", "anna"), ("Unknown Speaker", ""), ("&nbsp;", "")),
    ],
)
def test_what_programs_leave_around_a_name(name, plain):
    assert plain_speaker(name) == plain


@pytest.mark.parametrize(
    "forms",
    [
        ("Müller", "mueller", "MULLER", "mu\u0308ller"),
        ("José", "Jose"),
        ("Muller, Anna", "Anna Müller", "anna  mueller"),
        ("O'Brien", "OBrien", "O’Brien", "o brien"),
        ("ＡＮＮＡ", "anna", "Anna "),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soeren"),
        ("Anna‐Maria", "anna-maria", "Anna Maria"),
        ("Алёна", "Алена"),
    ],
)
def test_a_name_in_several_spellings(forms):
    named, checks = speakers(*forms, "Bob")
    assert len(set(named)) == 2 and checks == ["speaker-spellings"]


@pytest.mark.parametrize(
    "names", [("Hà", "Hạ", "Ha"), ("mueller", "muller"), ("राम", "रमा"), ("さか", "さが")]
)
def test_names_that_may_be_several_peoples(names):
    assert speakers(*names) == (list(names), [])


def test_sessions_are_told_whether_taken_together_or_not():
    sessions = [f"{who}_{number}" for who in ("Anna", "Ben", "Carl") for number in (1, 2)]
    assert speakers(*sessions) == (["anna"] * 2 + ["ben"] * 2 + ["carl"] * 2, ["speaker-sessions"])
    assert speakers(*sessions[:4]) == (sessions[:4], ["speaker-sessions"])


def test_a_pattern_says_who_is_who():
    sessions = [Listed(UnreadableSource(""), "x", "a", "", speakers=(f"Anna_{number}",)) for number in (1, 2)]
    assert name_speakers(sessions, "(.+)_") == (["Anna", "Anna"], [])
    assert name_speakers(sessions, "(.+)") == (["Anna_1", "Anna_2"], [])
    with pytest.raises(ValueError, match="which 'Anna_1' does not"):
        name_speakers(sessions, "(.+)-")


def test_names_that_name_nobody_or_several_people():
    assert speakers("unknown_1", "unknown-2020-01-01", "-1", "Ann") == (
        ["", "", "", "Ann"],
        ["speakers-missing"],
    )
    for names in (("Ann; Bob", "Bob"), ("Ann & Bob", "Bob and Carl"), ("Ann|Bob", "Ann")):
        named, checks = speakers(*names)
        assert named == list(names) and checks == ["speakers-together"]
    assert speakers("Ann and Bob", "Carl")[1] == []


def test_times_and_devices_are_no_speakers():
    listed = [Listed(UnreadableSource(""), "x", "a", "", speakers=(f"2020-01-0{day}",)) for day in (1, 2)]
    (check,) = name_speakers(listed)[1]
    assert (check.name, check.verdict) == ("speaker-sessions", "stop")


def test_many_speakers_take_time_in_proportion():
    hashes = [sha256(str(number).encode()).hexdigest() for number in range(20_000)]
    started = perf_counter()
    assert speakers(*hashes) == (hashes, ["speakers-alone"])
    assert perf_counter() - started < 20  # a second or two; in pairs, minutes
