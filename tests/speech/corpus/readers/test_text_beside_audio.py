"""A text file for each audio file."""

import pytest

from components.speech.corpus.readers import text_beside_audio


def say(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)


def found(path):
    return [(r.path, r.text, r.speakers, r.part) for r in text_beside_audio.read(path).recordings]


def test_texts_lie_beside_and_speakers_are_folders(put, tmp_path, spoken):
    for who in ("george", "lucas"):
        say(put(f"{who}/one.wav", 1, who).with_suffix(".txt"), " One,\n two \n")
    assert text_beside_audio.matches(tmp_path)
    assert found(tmp_path) == [
        ("george/one.wav", "One, two", ("george",), ""),
        ("lucas/one.wav", "One, two", ("lucas",), ""),
    ]
    assert (text_beside_audio.read(tmp_path).recordings[1].source.read(20)[0] == spoken(1, "lucas")).all()
    assert "outermost folder that differs (2 speakers)" in text_beside_audio.read(tmp_path).reading["speaker"]


def test_sessions_of_a_speaker_are_not_several_speakers(put, tmp_path):
    for path in ("train/anna/s1/a.wav", "train/anna/s2/a.wav", "train/ben/s1/a.wav", "test/cleo/s1/a.wav"):
        say(put(path).with_suffix(".lab"), "one")
    assert found(tmp_path) == [
        ("test/cleo/s1/a.wav", "one", ("cleo",), "test"),
        ("train/anna/s1/a.wav", "one", ("anna",), "train"),
        ("train/anna/s2/a.wav", "one", ("anna",), "train"),
        ("train/ben/s1/a.wav", "one", ("ben",), "train"),
    ]


def test_one_part_alone_is_no_split_and_one_folder_no_speaker(put, tmp_path):
    say(put("train/anna/a.wav").with_suffix(".txt"), "one")
    assert found(tmp_path) == [("train/anna/a.wav", "one", (), "")]


def test_vctk_has_texts_in_folders_of_their_own_and_two_microphones(put, tmp_path):
    for who in ("p225", "p226"):
        for microphone in (1, 2):
            put(f"wav48_silence_trimmed/{who}/{who}_001_mic{microphone}.flac")
        say(tmp_path / "txt" / who / f"{who}_001.txt", "Please call Stella.")
    assert text_beside_audio.matches(tmp_path)
    assert found(tmp_path) == [
        ("wav48_silence_trimmed/p225/p225_001_mic1.flac", "Please call Stella.", ("p225",), ""),
        ("wav48_silence_trimmed/p226/p226_001_mic1.flac", "Please call Stella.", ("p226",), ""),
    ]
    assert text_beside_audio.read(tmp_path).reading["not read"] == "2 recordings by a second microphone"


def test_libritts_has_two_texts_and_the_normalised_one_counts(put, tmp_path):
    put("84/121/84_121_000.wav")
    put("85/121/85_121_000.wav")
    say(tmp_path / "84/121/84_121_000.original.txt", "Mr. 5")
    say(tmp_path / "84/121/84_121_000.normalized.txt", "Mister five")
    assert found(tmp_path)[0] == ("84/121/84_121_000.wav", "Mister five", ("84",), "")
    assert not text_beside_audio.read(tmp_path).checks


def test_thchs_30_has_words_in_the_first_line(put, tmp_path):
    put("data/A11_0.wav")
    say(tmp_path / "data/A11_0.wav.trn", "绿 是 阳春\nlv4 shi4\nl v4\n")
    assert found(tmp_path) == [("data/A11_0.wav", "绿 是 阳春", (), "")]


def test_audio_without_text_is_listed_and_text_without_audio_counted(put, tmp_path):
    say(put("a.wav").with_suffix(".txt"), "one")
    put("b.wav")
    say(tmp_path / "README.txt", "about")
    assert found(tmp_path) == [("a.wav", "one", (), ""), ("b.wav", "", (), "")]
    listing = text_beside_audio.read(tmp_path)
    assert listing.reading["not read"] == "1 text file without audio"
    assert [(check.name, check.verdict, check.examples) for check in listing.checks] == [
        ("texts-without-audio", "look", ("README.txt",))
    ]


def test_utf_16_is_read_and_another_encoding_named(put, tmp_path):
    say(put("a.wav").with_suffix(".txt"), "eins, zwei, fünf", "utf-16")
    assert found(tmp_path) == [("a.wav", "eins, zwei, fünf", (), "")]
    say(tmp_path / "a.txt", "eins\nfünf", "latin-1")
    with pytest.raises(ValueError, match=r"a\.txt, line 2: expected UTF-8, got the byte 0xfc; convert it"):
        text_beside_audio.read(tmp_path)


def test_alignments_are_not_transcripts(put, tmp_path):
    say(put("a.wav").with_suffix(".lab"), "0 2950000 xx^xx-sil+m\n2950000 3650000 xx^sil-m+i\n")
    with pytest.raises(ValueError, match=r"a\.lab, line 1: expected a transcript, got times and a label"):
        text_beside_audio.read(tmp_path)


def test_a_folder_without_texts_or_audio_is_not_this(put, tmp_path):
    assert not text_beside_audio.matches(tmp_path)
    with pytest.raises(ValueError, match="has no audio files; expected a text file"):
        text_beside_audio.read(tmp_path)
    put("a.wav")
    put("b.wav")
    say(tmp_path / "README.txt", "about")
    assert not text_beside_audio.matches(tmp_path)
