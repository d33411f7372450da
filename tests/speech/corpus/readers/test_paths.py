"""A path as a manifest writes it -> the file that is meant."""

import unicodedata

import pytest

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers.paths import audio_segment, resolve_path


@pytest.fixture
def folder(tmp_path):
    for name in ("a.wav", "sub/b.wav", "clips/c.wav", unicodedata.normalize("NFD", "é.wav"), "d e.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "file"),
    [
        *(("a.wav", "a.wav"), ("sub\\b.wav", "sub/b.wav"), ("c.wav", "clips/c.wav"), ('"a.wav"', "a.wav")),
        ("é.wav", unicodedata.normalize("NFD", "é.wav")),
        ("./sub/b.wav", "sub/b.wav"),
    ],
)
def test_spellings_are_understood(folder, path, file):
    assert resolve_path(path, folder) == folder / file


def test_file_addresses_are_understood(folder):
    assert resolve_path(f"file://{folder}/d%20e.wav", folder) == folder / "d e.wav"


@pytest.mark.parametrize("path", ["", ".", "sub", "x" * 5000, "a\0.wav", "file://[x", "~/a.wav"])
def test_no_path_is_ever_an_error(folder, path):
    source = audio_segment(path, folder)
    assert resolve_path(path, folder) is None and isinstance(source, UnreadableSource)
    assert source.reason.startswith("no such file: ")


def test_what_is_missing_is_told_with_what_is_near(folder):
    reasons = [audio_segment(path, folder).reason for path in ("A.WAV", "a", "s3://bucket/a.wav")]
    assert reasons == [
        f"no such file: {folder / 'A.WAV'}; there is 'a.wav'",
        f"no such file: {folder / 'a'}; there is 'a.wav'",
        "an address, not a file: s3://bucket/a.wav; download it first",
    ]


def test_a_recording_in_the_place_of_its_path_is_shown_in_short(folder):
    reason = audio_segment("UklGR" * 1000, folder).reason
    assert reason == f"no such file: {('UklGR' * 8)!r} and so on, of 5,000 characters"
