"""A folder a word."""

import pytest

from components.speech.corpus.readers import word_folders


def test_a_folder_is_its_word_and_a_name_begins_with_its_speaker(put, tmp_path, spoken):
    for digit, word in ((1, "one"), (2, "two_times")):
        for who in ("george", "lucas"):
            put(f"{word}/{who}_0.wav", digit, who)
    assert word_folders.matches(tmp_path)
    listing = word_folders.read(tmp_path)
    assert [(r.text, r.speakers, r.path, r.part) for r in listing.recordings] == [
        ("one", ("george",), "one/george_0.wav", ""),
        ("one", ("lucas",), "one/lucas_0.wav", ""),
        ("two times", ("george",), "two_times/george_0.wav", ""),
        ("two times", ("lucas",), "two_times/lucas_0.wav", ""),
    ]
    assert (listing.recordings[3].source.read(20)[0] == spoken(2, "lucas")).all()
    assert listing.reading["speaker"] == 'the file\'s name before the first "_" (2 speakers)'
    assert not listing.checks


def test_speech_commands_name_their_speakers_and_parts(recordings):
    listing = word_folders.read(recordings / "speech_commands")
    assert len(listing.recordings) == 40
    by_path = {recording.path: recording for recording in listing.recordings}
    assert by_path["one/00176480_nohash_0.opus"].speakers == ("00176480",)
    assert {part: sum(r.part == part for r in listing.recordings) for part in ("train", "dev", "test")} == {
        "train": 21,
        "dev": 7,
        "test": 12,
    }
    assert "validation_list.txt" in listing.reading["part"]


def test_what_no_list_names_goes_where_its_speaker_is(put, tmp_path):
    for word in ("yes", "no"):
        for who in ("anna", "ben"):
            put(f"{word}/{who}_nohash_0.wav")
    (tmp_path / "testing_list.txt").write_text("yes/anna_nohash_0.wav\n")
    parts = {recording.path: recording.part for recording in word_folders.read(tmp_path).recordings}
    assert parts == {
        "no/anna_nohash_0.wav": "test",
        "no/ben_nohash_0.wav": "train",
        "yes/anna_nohash_0.wav": "test",
        "yes/ben_nohash_0.wav": "train",
    }


def test_folders_of_parts_may_lie_above(put, tmp_path):
    for part in ("train", "validation", "test"):
        put(f"{part}/yes/1.wav")
        put(f"{part}/no/1.wav")
    assert word_folders.matches(tmp_path)
    found = {(recording.text, recording.part) for recording in word_folders.read(tmp_path).recordings}
    assert found == {(word, part) for word in ("yes", "no") for part in ("train", "dev", "test")}


@pytest.mark.parametrize(
    "names",
    [
        ("yes_1", "yes_2", "no_1", "no_2"),  # the word itself
        ("take_1", "take_2", "take_1", "take_2"),  # one name for all
        ("001_a", "002_a", "001_b", "002_b"),  # numbers of takes
        ("ab12_1", "cd34_1", "ef56_1", "gh78_1"),  # a name of its own each
        ("1", "2", "1", "2"),
    ],
)
def test_names_that_are_no_speakers_make_none(put, tmp_path, names):
    for name, word in zip(names, ("yes", "yes", "no", "no"), strict=True):
        put(f"{word}/{name}.wav")
    listing = word_folders.read(tmp_path)
    assert {recording.speakers for recording in listing.recordings} == {()}
    assert listing.reading["speaker"] == "none named"


def test_noise_and_hidden_folders_are_left_out_and_said(put, tmp_path):
    for path in ("yes/1.wav", "no/1.wav", "_background_noise_/hum.wav", ".cache/1.wav"):
        put(path)
    (tmp_path / "README.md").write_text("mine")
    listing = word_folders.read(tmp_path)
    assert [recording.text for recording in listing.recordings] == ["no", "yes"]
    assert listing.reading["not read"] == "_background_noise_ (1 file), 1 file without sound"


def test_folders_named_like_speakers_or_classes_stop_the_study(put, tmp_path):
    for path in ("s01/hello.wav", "s02/hello.wav", "s03/hello.wav"):
        put(path)
    (check,) = word_folders.read(tmp_path).checks
    assert (check.name, check.verdict, check.examples) == ("folders-are-words", "stop", ("s01", "s02", "s03"))
    assert check.message.startswith("3 of 3 folders")


def test_a_file_at_another_depth_is_named(put, tmp_path):
    for path in ("yes/1.wav", "no/1.wav", "no/more/2.wav"):
        put(path)
    with pytest.raises(ValueError, match=r"no/more/2\.wav: expected a folder a word .* another depth"):
        word_folders.read(tmp_path)


def test_an_empty_folder_and_one_word_are_not_words(put, tmp_path):
    assert not word_folders.matches(tmp_path)
    with pytest.raises(ValueError, match="has no audio files; expected a folder a word"):
        word_folders.read(tmp_path)
    put("yes/1.wav")
    assert not word_folders.matches(tmp_path)
