"""One speaker under two names is found, and speakers who are two people are not."""

import numpy as np
import pytest

from components.speech.check.similar_speakers import alike, similar_speaker_checks, voice_statistics
from tests.fsdd import SPEAKERS
from tests.speech.check.altered import all_clips, renamed

TEST = {"theo", "lucas"}


@pytest.fixture(scope="module")
def clips_and_texts(all_recordings):
    clips, texts = all_clips(all_recordings, "*_[1-4][0-9]")
    return clips, texts


def sides_of(clips, tested=TEST):
    return ["test" if clip.speaker in tested else "train" for clip in clips]


def checks(clips, texts, sides):
    return similar_speaker_checks(clips, [clip.speaker for clip in clips], texts, sides)


@pytest.mark.parametrize("tested", [{name} for name in SPEAKERS] + [TEST])
def test_the_six_speakers_of_fsdd_are_six(clips_and_texts, tested):
    clips, texts = clips_and_texts
    assert checks(clips, texts, sides_of(clips, tested)) == []


def test_speakers_under_two_names_are_found(clips_and_texts):
    clips, texts = clips_and_texts
    found = []
    for name in SPEAKERS:
        twice = [renamed(c, "other") if c.speaker == name and i % 2 else c for i, c in enumerate(clips)]
        results = checks(twice, texts, sides_of(twice, {"other"}))
        found += [result.examples == (f"{name} and other",) for result in results]
        assert all(result.verdict == "look" and result.name == "similar-speakers" for result in results)
    assert sum(found) >= 4 and all(found)


def test_nothing_is_said_of_speakers_on_one_side_or_with_few_clips(clips_and_texts):
    clips, texts = clips_and_texts
    twice = [renamed(c, "other") if c.speaker == "theo" and i % 2 else c for i, c in enumerate(clips)]
    assert checks(twice, texts, ["train"] * len(clips)) == []
    assert checks(twice, texts, ["train", "train", "test"] * (len(clips) // 3)) == []
    few = [row for name in ("theo", "other", "lucas") for row in rows_of(twice, name)[:11]]
    some = [twice[row] for row in few]
    assert checks(some, [texts[row] for row in few], sides_of(some, {"other"})) == []


def rows_of(clips, name):
    return [row for row, clip in enumerate(clips) if clip.speaker == name]


def test_statistics_are_those_of_the_louder_half(recordings):
    clips, _ = all_clips(recordings, "7_jackson_0")
    quiet = np.random.default_rng(0).normal(0, 1e-4, 3000)
    padded = clips[0].with_samples(np.concatenate([clips[0].samples, quiet]))
    plain, longer = voice_statistics([clips[0]])[0], voice_statistics([padded])[0]
    assert plain.shape == (38,)
    assert np.abs(longer - plain).max() < np.abs(voice_statistics([renamed_noise(padded)])[0] - plain).max()


def renamed_noise(clip):
    return clip.with_samples(np.random.default_rng(1).normal(0, 0.1, len(clip.samples)))


def test_the_most_alike_come_first():
    rng = np.random.default_rng(0)
    voices = {name: rng.normal(0, 9, 38) for name in "abcd"}
    voices |= {"e": voices["a"], "f": voices["b"] + 0.5 * rng.normal(0, 1, 38)}
    speakers = [name for name in voices for _ in range(20)]
    clips = np.array([voices[name] + rng.normal(0, 1, 38) for name in speakers])
    where = {name: {"test" if name in "ef" else "train"} for name in voices}
    found = alike(clips, speakers, where)
    assert (found[0].first, found[0].second) == ("a", "e")
    assert all((pair.first, pair.second) in {("a", "e"), ("b", "f")} for pair in found)
