"""Copies of a recording are found however they were altered, and two takes of a word are no copies."""

import numpy as np
import pytest

from components.speech.check.near_duplicates import (
    NEAREST,
    candidates,
    correlation,
    near_duplicate_checks,
    near_pairs,
)
from components.speech.corpus.audio_file import resample
from components.speech.corpus.sound_facts import measure, measure_all
from tests.speech.check.altered import all_clips, alterations, measured

RATE = 8000


def pairs_of(clips, texts, sides):
    near = near_pairs(measured(clips).prints, texts, sides, [clip.samples for clip in clips], RATE)
    return {tuple(clips[row].name for row in pair) for pair in near.pairs.tolist()}


@pytest.fixture(scope="module")
def takes(recordings):
    return all_clips(recordings)


def test_no_two_takes_of_few_recordings_are_copies(takes):
    clips, _ = takes
    assert pairs_of(clips, [clip.name for clip in clips], [""] * len(clips)) == set()


def test_altered_copies_of_half_the_recordings_are_found(takes):
    clips, texts = takes
    rng, found = np.random.default_rng(0), {}
    copied = range(0, len(clips), 4)
    altered = [alterations(clips[row].samples, RATE, rng) for row in copied]
    for kind in altered[0]:
        sounds = measure_all(*zip(*(kinds[kind] for kinds in altered), strict=True))
        copies = [resample(*kinds[kind], RATE) for kinds in altered]
        near = near_pairs(
            np.concatenate([measured(clips).prints, sounds.prints]),
            [*texts, *(texts[row] for row in copied)],
            ["train"] * len(clips) + ["test"] * len(copies),
            [*(clip.samples for clip in clips), *copies],
            RATE,
        )
        expected = {(row, len(clips) + place) for place, row in enumerate(copied)}
        pairs = set(map(tuple, near.pairs.tolist()))
        assert pairs <= expected, kind  # no false alarm
        found[kind] = len(pairs) / len(expected)
    assert min(found[kind] for kind in ("softer", "offset", "polarity", "resampled", "opus")) == 1.0, found
    assert min(found[kind] for kind in ("mp3", "noise")) >= 0.9, found
    assert min(found[kind] for kind in ("cut", "padded")) >= 0.8, found


def test_no_two_takes_of_all_fsdd_are_copies(all_recordings):
    clips, _ = all_clips(all_recordings)
    assert len(clips) == 3000
    assert pairs_of(clips, [clip.name for clip in clips], [""] * len(clips)) == set()  # 4,498,500 pairs


def test_only_pairs_across_the_split_or_of_two_texts_matter(takes):
    clip, other = takes[0][0], takes[0][90]
    prints = np.stack([measured([c]).prints[0] for c in (clip, clip, clip, other)])
    texts = ["one", "one", "two", "one"]
    assert candidates(prints, texts, ["train", "train", "train", "test"]).tolist() == [[0, 2], [1, 2]]
    assert candidates(prints, texts, ["train", "test", "", "test"]).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_sides_may_be_names_of_folds(takes):
    clips, texts = takes
    twice, texts = [*clips[:2], *clips[:2]], [*texts[:2], *texts[:2]]
    assert pairs_of(twice, texts, ["a", "a", "b", ""]) == {(clips[0].name, clips[0].name)}


def test_each_clip_proposes_its_nearest_across_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    base = rng.normal(size=(1, 128))
    prints = base + 0.1 * rng.normal(size=(40, 128))
    prints /= np.linalg.norm(prints, axis=1, keepdims=True)
    texts = [str(row) for row in range(40)]
    whole = candidates(prints, texts, [""] * 40)
    monkeypatch.setattr("components.speech.check.near_duplicates.ROWS", 7)
    monkeypatch.setattr("components.speech.check.near_duplicates.COLUMNS", 5)
    assert candidates(prints, texts, [""] * 40).tolist() == whole.tolist()
    cosines = np.triu(prints @ prints.T, 1)[0]
    assert {row for first, row in whole.tolist() if first == 0} == set(np.argsort(-cosines)[:NEAREST])


def test_the_correlation_of_a_copy_is_one_and_of_silence_none(takes):
    samples = takes[0][0].samples
    late = np.concatenate([np.zeros(333, np.float32), -0.1 * samples])
    assert correlation(samples, late, RATE) == pytest.approx(1.0, abs=0.03)
    assert correlation(samples, np.zeros(900, np.float32), RATE) == 0.0


def near(*pairs):
    from components.speech.check.near_duplicates import NearPairs

    return NearPairs(np.array(pairs), np.linspace(1, 0.9, len(pairs)))


def test_copies_across_the_split_stop_a_study_when_they_move_its_answer():
    names, sides = [f"c{row}" for row in range(110)], ["train"] * 10 + ["test"] * 100
    texts = ["one"] * 110
    (look,) = near_duplicate_checks(near((0, 50), (1, 51)), names, texts, sides)
    assert (look.name, look.verdict) == ("same-sound", "look")
    (stop,) = near_duplicate_checks(near((0, 50), (1, 51), (1, 52)), names, texts, sides)
    assert stop.verdict == "stop" and stop.message.startswith("3 of 100 test clips (3 %) are nearly the same")
    assert stop.examples == ("c0 and c50", "c1 and c51", "c1 and c52")


def test_copies_with_two_texts_are_a_slip_of_the_list():
    (result,) = near_duplicate_checks(near((0, 1)), ["a", "b"], ["one", "two"], ["train", "train"])
    assert (result.name, result.verdict) == ("same-sound-two-texts", "look")
    assert result.examples == ("a ('one') and b ('two')",)
    assert near_duplicate_checks(near((0, 1)), ["a", "b"], ["one", "one"], ["train", "train"]) == []


def test_prints_of_a_recording_and_its_copy_at_another_rate_are_alike(takes):
    samples = takes[0][0].samples
    prints = measure_all([samples, resample(samples, 8000, 22050)], [8000, 22050]).prints.astype(np.float32)
    assert float(prints[0] @ prints[1]) > 0.99
    assert measure(samples, 8000).dtype == np.float32
