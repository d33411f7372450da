"""NIST's STM."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers import stm

TALK = """;; a comment
talk 1 Ada_Lovelace 0.00 0.20 <o,f0,female> one
talk 1 inter_segment_gap 0.20 0.25 <o,,unknown> ignore_time_segment_in_scoring
talk 1 Ada_Lovelace 0.25 0.40 <o,f0,female> Two <unk> three
talk 1 Alan 0.10 0.20 four
"""


def test_segments_are_recordings_of_files_beside_or_in_sph(put, tmp_path, spoken):
    put("train/sph/talk.sph")
    (tmp_path / "train" / "stm").mkdir()
    (tmp_path / "train" / "stm" / "talk.stm").write_text(TALK)
    assert stm.matches(tmp_path)
    listing = stm.read(tmp_path)
    assert [(r.path, r.text, r.speakers, r.part) for r in listing.recordings] == [
        ("talk@0-0.2", "one", ("Ada_Lovelace",), ""),
        ("talk@0.25-0.4", "Two <unk> three", ("Ada_Lovelace",), ""),
        ("talk@0.1-0.2", "four", ("Alan",), ""),
    ]
    assert listing.recordings[1].where.endswith("talk.stm, line 4")
    assert listing.reading["not read"] == "1 segment marked IGNORE_TIME_SEGMENT_IN_SCORING"
    samples, rate = listing.recordings[1].source.read(20)
    assert rate == 8000
    np.testing.assert_array_equal(samples, spoken()[2000:3200])


def test_one_stm_and_parts_by_folders_or_names(put, tmp_path):
    for part, name in (("train", "a"), ("dev", "b")):
        put(f"{part}/{name}.wav")
        (tmp_path / part / f"{name}.stm").write_text(f"{name} 1 ada 0 0.2 <x> one\n")
    assert [r.part for r in stm.read(tmp_path).recordings] == ["dev", "train"]
    alone = tmp_path / "train" / "a.stm"
    assert stm.matches(alone)
    (recording,) = stm.read(alone).recordings
    assert recording.source == AudioFile(str(tmp_path / "train" / "a.wav"), 0.0, 0.2)
    assert recording.part == ""


def test_tedlium_has_parts_above_its_folders_of_stm_and_sph(put, tmp_path):
    for part, talk in (("train", "Ada_2010"), ("test", "Ben_2011")):
        put(f"legacy/{part}/sph/{talk}.sph")
        (tmp_path / "legacy" / part / "stm").mkdir()
        line = f"{talk} 1 {talk} 0.00 0.30 <o,f0,male> one\n"
        (tmp_path / "legacy" / part / "stm" / f"{talk}.stm").write_text(line)
    recordings = stm.read(tmp_path).recordings
    assert [(r.speakers, r.part) for r in recordings] == [(("Ben_2011",), "test"), (("Ada_2010",), "train")]
    assert all(len(recording.source.read(20)[0]) == 2400 for recording in recordings)


@pytest.mark.parametrize(
    ("line", "got"),
    [("talk 1 ada 0.5 0.2 <x> one", "begin before end"), ("talk ada 0 one", "expected file channel speaker")],
)
def test_a_broken_line_is_named(put, tmp_path, line, got):
    put("talk.wav")
    (tmp_path / "talk.stm").write_text(f";; fine\n{line}\n")
    with pytest.raises(ValueError, match=rf"talk\.stm, line 2: .*{got}"):
        stm.read(tmp_path)


def test_missing_audio_is_set_aside_and_a_folder_without_stm_refused(tmp_path):
    assert not stm.matches(tmp_path)
    with pytest.raises(ValueError, match=r"has no \.stm; expected STM"):
        stm.read(tmp_path)
    (tmp_path / "talk.stm").write_text("talk 1 ada 0 0.2 <x> one\n")
    with pytest.raises(ValueError, match=r"no such file: .*talk\.wav"):
        stm.read(tmp_path).recordings[0].source.read(20)


@pytest.mark.parametrize(
    ("written", "asked"),
    [("11", [{}, {}]), ("AB", [{"channel": 0}, {"channel": 1}]), ("3", [{"channel": 2}])],
)
def test_a_channel_is_asked_for_where_a_file_has_several(tmp_path, monkeypatch, written, asked):
    monkeypatch.setattr(stm, "AudioFile", lambda path, begin, seconds, **only: only)
    lines = [f"call {channel} ada {begin} 9 <x> one\n" for begin, channel in enumerate(written)]
    (tmp_path / "call.stm").write_text("".join(lines))
    assert [recording.source for recording in stm.read(tmp_path).recordings] == asked


@pytest.mark.skipif("channel" not in AudioFile.__dataclass_fields__, reason="AudioFile has no channel yet")
def test_two_speakers_on_two_channels_are_told_apart(tmp_path, spoken):
    one, two = spoken(1)[:2000], spoken(2, "lucas")[:2000]
    soundfile.write(tmp_path / "call.wav", np.stack([one, two], axis=1), 8000, subtype="PCM_16")
    (tmp_path / "call.stm").write_text("call A ada 0 0.25 <x> one\ncall B ben 0 0.25 <x> two\n")
    first, second = stm.read(tmp_path).recordings
    assert (first.path, second.path) == ("call@0-0.25-a-ada", "call@0-0.25-b-ben")
    np.testing.assert_array_equal(first.source.read(20)[0], one)
    np.testing.assert_array_equal(second.source.read(20)[0], two)
