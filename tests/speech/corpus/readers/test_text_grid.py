"""Praat's TextGrids."""

import numpy as np
import pytest
from praatio import textgrid
from praatio.data_classes.interval_tier import IntervalTier
from praatio.data_classes.point_tier import PointTier

from components.speech.corpus.readers import text_grid

END = 0.4


def grid(path, tiers, form="long_textgrid", encoding="utf-8"):
    """Write {tier: [(begin, end, text)]} as a TextGrid."""
    made = textgrid.Textgrid(0, END)
    for name, intervals in tiers.items():
        made.addTier(IntervalTier(name, intervals, 0, END))
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path), form, includeBlankSpaces=True)
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    return path


def found(path):
    return [(r.path, r.text, r.speakers) for r in text_grid.read(path).recordings]


@pytest.mark.parametrize("form", ["long_textgrid", "short_textgrid"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_intervals_are_recordings_in_every_form_and_encoding(put, tmp_path, spoken, form, encoding):
    put("a.wav")
    path = grid(tmp_path / "a.TextGrid", {"utterances": [(0.1, 0.2, 'fünf "5"'), (0.25, 0.4, "two")]}, form)
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path.write_bytes(mark + path.read_text(encoding="utf-8").encode(encoding))
    assert text_grid.matches(tmp_path)
    listing = text_grid.read(tmp_path)
    assert found(tmp_path) == [("a.wav@0.1-0.2", 'fünf "5"', ()), ("a.wav@0.25-0.4", "two", ())]
    np.testing.assert_array_equal(listing.recordings[0].source.read(20)[0], spoken()[800:1600])
    assert listing.recordings[0].where == f"{path}, tier 'utterances' at 0.1 s"
    assert listing.reading["not read"] == "2 intervals without words"


def test_utterances_come_before_words_and_phones_are_not_read(put, tmp_path):
    put("a.wav")
    words, phones = [(0, 0.2, "one"), (0.2, 0.4, "two")], [(0, 0.2, "W"), (0.2, 0.4, "T")]
    grid(tmp_path / "a.TextGrid", {"phones": phones, "words": words, "Sentence": [(0, 0.4, "one two")]})
    assert found(tmp_path) == [("a.wav@0-0.4", "one two", ())]
    grid(tmp_path / "a.TextGrid", {"phones": phones, "words": [(0, 0.2, "sil"), (0.2, 0.4, "two")]})
    assert found(tmp_path) == [("a.wav@0.2-0.4", "two", ())]
    (check,) = text_grid.read(tmp_path).checks
    assert (check.name, check.verdict) == ("cut-into-words", "look")


def test_a_tier_a_speaker(put, tmp_path):
    put("a.wav")
    grid(tmp_path / "a.TextGrid", {"Ada": [(0, 0.2, "one")], "Ben": [(0.1, 0.4, "two")]})
    assert found(tmp_path) == [("a.wav@0-0.2-Ada", "one", ("Ada",)), ("a.wav@0.1-0.4-Ben", "two", ("Ben",))]
    grid(
        tmp_path / "a.TextGrid",
        {
            "Ada - words": [(0, 0.2, "one")],
            "Ada - phones": [(0, 0.2, "W")],
            "Ben - words": [(0.2, 0.4, "two")],
        },
    )
    assert found(tmp_path) == [("a.wav@0-0.2-Ada", "one", ("Ada",)), ("a.wav@0.2-0.4-Ben", "two", ("Ben",))]


def test_the_only_tier_is_read_and_folders_are_speakers_and_parts(put, tmp_path):
    for part, who in (("train", "ada"), ("train", "ben"), ("test", "cleo")):
        put(f"{part}/{who}/a.flac")
        grid(tmp_path / part / who / "a.TextGrid", {"mine": [(0, 0.4, "one")]})
    recordings = text_grid.read(tmp_path).recordings
    assert [(r.speakers, r.part) for r in recordings] == [
        (("cleo",), "test"),
        (("ada",), "train"),
        (("ben",), "train"),
    ]


def test_only_tiers_whose_names_differ_are_speakers(put, tmp_path):
    for name, tier in (("a", "Ada"), ("b", "Ben"), ("c", "Ada")):
        put(f"{name}.wav")
        grid(tmp_path / f"{name}.TextGrid", {tier: [(0, 0.4, "one")]})
    assert [recording.speakers for recording in text_grid.read(tmp_path).recordings] == [
        ("Ada",),
        ("Ben",),
        ("Ada",),
    ]


@pytest.mark.parametrize(
    ("tiers", "got"),
    [
        ({"phones": [(0, 0.4, "W")]}, "'phones'"),
        ({"said": [(0, 0.2, "eins")], "English": [(0, 0.2, "one")]}, "'said', 'English'"),
        ({"text": [(0, 0.2, "eins")], "sentence": [(0, 0.2, "one")]}, "'text', 'sentence'"),
    ],
)
def test_tiers_of_which_none_can_be_chosen_are_named(put, tmp_path, tiers, got):
    put("a.wav")
    grid(tmp_path / "a.TextGrid", tiers)
    with pytest.raises(
        ValueError, match=rf"a\.TextGrid: expected one interval tier called .* got {got}; rename"
    ):
        text_grid.read(tmp_path)


def test_points_are_no_intervals(put, tmp_path):
    put("a.wav")
    made = textgrid.Textgrid(0, END)
    made.addTier(PointTier("words", [(0.1, "one")], 0, END))
    made.save(str(tmp_path / "a.TextGrid"), "long_textgrid", includeBlankSpaces=True)
    with pytest.raises(ValueError, match="got none; rename"):
        text_grid.read(tmp_path)


@pytest.mark.parametrize("kept", [40, 0.6, 0.97])
@pytest.mark.parametrize("form", ["long_textgrid", "short_textgrid"])
def test_a_broken_text_grid_is_named(put, tmp_path, kept, form):
    put("a.wav")
    path = grid(tmp_path / "a.TextGrid", {"words": [(i / 10, (i + 1) / 10, "one") for i in range(4)]}, form)
    content = path.read_bytes()
    path.write_bytes(content[: kept if kept > 1 else int(kept * len(content))])
    with pytest.raises(ValueError, match=r"a\.TextGrid: expected a whole TextGrid, .* in Praat"):
        text_grid.read(tmp_path)


def test_a_text_grid_that_ends_after_an_interval_is_named(put, tmp_path):
    put("a.wav")
    path = grid(tmp_path / "a.TextGrid", {"words": [(0, 0.2, "one"), (0.2, 0.4, "two")]})
    path.write_text(path.read_text().partition("intervals [2]")[0])
    with pytest.raises(ValueError, match="it says 2 intervals and points, and has 1"):
        text_grid.read(tmp_path)


def test_intervals_that_overlap_by_a_rounding_error_are_read(put, tmp_path):
    put("a.wav")
    path = grid(tmp_path / "a.TextGrid", {"words": [(0, 0.3, "one"), (0.3, 0.4, "two")]})
    path.write_text(path.read_text().replace("xmax = 0.3 ", "xmax = 0.30000000000000004 "))
    assert found(tmp_path) == [("a.wav@0-0.3", "one", ()), ("a.wav@0.3-0.4", "two", ())]


def test_missing_audio_is_set_aside_and_a_folder_without_text_grids_refused(tmp_path):
    assert not text_grid.matches(tmp_path)
    with pytest.raises(ValueError, match="has no TextGrids; expected Praat"):
        text_grid.read(tmp_path)
    grid(tmp_path / "a.TextGrid", {"words": [(0, 0.4, "one")]})
    with pytest.raises(ValueError, match=r"no such file: .*a\.wav"):
        text_grid.read(tmp_path).recordings[0].source.read(20)
