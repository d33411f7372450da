"""Recordings that are not where a manifest says."""

import pytest

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.moved_files import find_moved
from components.speech.corpus.readers.paths import audio_segment


@pytest.fixture
def found(tmp_path):
    """Files below a folder and paths as written -> the file of each, "" for none, and names of checks."""

    def _found(files, paths):
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        listed = [Listed(audio_segment(path, tmp_path, 0.5, 1.0), "one", path, "m.csv") for path in paths]
        listing = find_moved(Listing(listed))
        sources = [one.source for one in listing.recordings]
        assert all(one.start == 0.5 and one.seconds == 1.0 for one in sources)
        files = [
            one.path.removeprefix(f"{tmp_path}/") if isinstance(one, AudioFile) else "" for one in sources
        ]
        return (
            files,
            [check.name for check in listing.checks],
            [getattr(one, "reason", "") for one in sources],
        )

    return _found


@pytest.mark.parametrize(
    "paths",
    [
        ["/home/ann/wavs/a.wav", "/home/ann/wavs/b.wav"],
        ["C:\\Users\\ann\\wavs\\a.wav", "C:\\Users\\ann\\wavs\\b.wav"],
        ["file:///home/ann/wavs/a.wav", "file:///home/ann/wavs/b.wav"],
        ["a.wav", "b.wav"],
        ["a", "b"],
        ["WAVS/A.WAV", "WAVS/B.WAV"],
        ["wavs/a.mp3", "wavs/b.mp3"],
        ["clips/a.mp3", "clips/b.mp3"],
    ],
)
def test_what_has_one_place_is_found_and_told(found, paths):
    assert found(["wavs/a.wav", "wavs/b.wav", "m.csv"], paths)[:2] == (
        ["wavs/a.wav", "wavs/b.wav"],
        ["paths"],
    )


def test_a_folder_in_the_path_tells_two_files_of_one_name_apart(found):
    files, _, _ = found(["x/a.wav", "y/a.wav"], ["/old/x/a.wav", "/old/y/a.wav"])
    assert files == ["x/a.wav", "y/a.wav"]


def test_what_may_be_two_files_is_not_taken_and_both_are_named(found):
    files, checks, reasons = found(["x/a.wav", "y/a.wav"], ["a.wav"])
    assert files == [""] and not checks
    assert reasons[0].endswith("/a.wav; of the same name there is x/a.wav and y/a.wav")


def test_two_paths_never_lead_to_one_file(found):
    assert found(["wavs/a.wav"], ["old/a.wav", "new/a.wav"])[0] == ["", ""]


def test_where_some_are_in_their_place_the_others_are_missing(found):
    files, checks, reasons = found(["a.wav", "old/b.wav"], ["a.wav", "b.wav"])
    assert (
        files == ["a.wav", ""] and not checks and reasons[1].endswith("; of the same name there is old/b.wav")
    )


def test_by_the_name_alone_all_have_to_be_found(found):
    assert found(["wavs/a.wav"], ["a.wav", "b.wav"])[0] == ["", ""]
    assert found(["wavs/a.wav"], ["/old/wavs/a.wav", "/old/wavs/b.wav"])[0] == ["wavs/a.wav", ""]


def test_what_lies_above_the_manifest_is_told_and_not_read(tmp_path):
    (tmp_path / "wavs").mkdir()
    (tmp_path / "wavs" / "a.wav").touch()
    (tmp_path / "lists").mkdir()
    source = audio_segment("/old/wavs/a.wav", tmp_path / "lists")
    (listed,) = find_moved(Listing([Listed(source, "one", "a", "m.csv")])).recordings
    assert listed.source.reason == (
        "no such file: /old/wavs/a.wav; there is "
        f"{tmp_path / 'wavs' / 'a.wav'}: put the manifest into {tmp_path}"
    )


def test_names_of_web_addresses_are_understood(tmp_path):
    (tmp_path / "d e_1.wav").touch()
    assert audio_segment("d%20e%5F1.wav", tmp_path).path == str(tmp_path / "d e_1.wav")


def test_a_link_that_leads_nowhere_is_told(tmp_path):
    (tmp_path / "a.wav").symlink_to("/nowhere/a.wav")
    reason = audio_segment("a.wav", tmp_path).reason
    assert reason.endswith("; it is a link to /nowhere/a.wav, which is not there")
