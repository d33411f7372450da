"""The hidden Markov recipes on clips that break other ones: too short, silent, all alike, or next to none."""

from dataclasses import replace

import numpy as np
import pytest

from components.contract import Clip
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_tied_gmm_hmm
from tests.fsdd import DIGITS, paths_of, read

TESTED = {"recipe": mfcc_gmm_hmm}


@pytest.fixture(autouse=True, params=[mfcc_gmm_hmm, mfcc_tied_gmm_hmm], ids=["phones", "phones in context"])
def recipe(request, monkeypatch):
    monkeypatch.setitem(TESTED, "recipe", request.param)


@pytest.fixture(scope="module")
def clips_of(recordings):
    """Digit -> six of its clips, one of each speaker."""
    return {text: read(paths_of(recordings, f"{digit}_*_5"))[0] for digit, text in enumerate(DIGITS)}


def trained(words):
    """Word -> clips: the recipe trained on them, and the clips."""
    clips = [clip for own in words.values() for clip in own]
    texts = [word for word, own in words.items() for _ in own]
    return TESTED["recipe"]().fit(clips, texts), clips


def scores(recogniser, clip):
    frames = [clip]
    for _, stage in recogniser.steps[:-1]:
        frames = stage.transform(frames)
    return recogniser[-1].acoustic_.log_likelihoods(frames[0])


def assert_sound(recogniser, clips):
    """Every number is finite: scores, mixtures and transitions; every answer is a known word or none."""
    acoustic = recogniser[-1].acoustic_
    mixtures = acoustic.mixtures_
    for numbers in (mixtures.means_, mixtures.variances_, mixtures.weights_, acoustic.stay_):
        assert np.isfinite(numbers).all()
    assert (mixtures.variances_ > 0).all() and (acoustic.stay_ < 0).all()
    assert all(np.isfinite(scores(recogniser, clip)).all() for clip in clips)
    answers = recogniser.predict(clips)
    assert set(answers) <= {"", *recogniser[-1].lexicon_}
    return answers


def flat(name, level=0.0, seconds=0.5, seed=0):
    noise = level * np.random.default_rng(seed).standard_normal(int(8000 * seconds))
    return Clip(name, "", noise.astype(np.float32), 8000)


def test_a_hundred_clips_where_a_peer_s_covariances_degenerate(recordings):
    drawn = read(np.random.default_rng(1).permutation(paths_of(recordings))[:100])
    words = {text: [] for text in DIGITS}
    for clip, text in zip(*drawn, strict=True):
        words[text].append(replace(clip, speaker=""))
    recogniser, clips = trained(words)
    answers = assert_sound(recogniser, clips)
    texts = [word for word, own in words.items() for _ in own]
    assert np.mean([answer == word for answer, word in zip(answers, texts, strict=True)]) > 0.9


def test_one_clip_a_word(clips_of):
    recogniser, clips = trained({word: own[:1] for word, own in clips_of.items()})
    assert assert_sound(recogniser, clips) == DIGITS


def test_one_word_in_all(clips_of):
    recogniser, clips = trained({"seven": clips_of["seven"]})
    assert assert_sound(recogniser, clips) == ["seven"] * 6


def test_one_clip_in_all(clips_of):
    recogniser, clips = trained({"six": clips_of["six"][:1]})
    assert assert_sound(recogniser, clips) == ["six"]


def test_a_word_whose_clips_are_all_too_short_for_its_states(clips_of):
    cut = [replace(clip, samples=clip.samples[:640]) for clip in clips_of["seven"]]  # 6 frames, 15 states
    recogniser, clips = trained({**{word: clips_of[word] for word in ("one", "two", "six")}, "seven": cut})
    answers = assert_sound(recogniser, [*clips, *clips_of["seven"]])
    assert recogniser[-1].acoustic_.skipped_ == 6
    assert answers[:18] == ["one"] * 6 + ["two"] * 6 + ["six"] * 6


def test_when_every_clip_is_too_short_the_way_out_is_named(clips_of):
    with pytest.raises(ValueError) as error:
        trained({"seven": [replace(clip, samples=clip.samples[:640]) for clip in clips_of["seven"]]})
    assert str(error.value) == (
        "GmmHmm cannot learn from these clips: expected at least one as long as its states, got 6, all with "
        "fewer frames than states; give it longer clips or lower states_per_unit."
    )


@pytest.mark.parametrize("level", [0.0, 1e-6, 1e-3], ids=["digital zeros", "under 16 bits", "low noise"])
def test_a_word_that_is_silence_among_words(clips_of, level):
    silent = [flat(f"silence {seed}", level, 0.5, seed) for seed in range(6)]
    recogniser, clips = trained({"one": clips_of["one"], "two": clips_of["two"], "nine": silent})
    answers = assert_sound(recogniser, [*clips, *clips_of["six"]])
    assert answers[:12] == ["one"] * 6 + ["two"] * 6


@pytest.mark.parametrize("level", [0.0, 1e-6, 1e-3], ids=["digital zeros", "under 16 bits", "low noise"])
def test_nothing_but_silence(clips_of, level):
    silent = [flat(f"silence {seed}", level, 0.5, seed) for seed in range(6)]
    recogniser, clips = trained({"one": silent[:3], "two": silent[3:]})
    assert_sound(recogniser, [*clips, *clips_of["six"]])


def test_a_recogniser_of_speech_takes_silence(clips_of):
    recogniser, _ = trained(clips_of)
    assert_sound(
        recogniser, [flat("zeros"), flat("noise", 1e-4), flat("loud", 0.5), flat("frame", 0.0, 0.025)]
    )


def test_identical_clips(clips_of):
    twins = {word: [clips_of[word][0], replace(clips_of[word][0], name="again")] for word in ("one", "two")}
    recogniser, clips = trained(twins)
    assert assert_sound(recogniser, clips) == ["one", "one", "two", "two"]
    many = {word: [replace(clips_of[word][0], name=f"take {take}") for take in range(40)] for word in twins}
    recogniser, clips = trained(many)  # enough for mixtures, of frames that are all there forty times
    assert assert_sound(recogniser, clips) == ["one"] * 40 + ["two"] * 40


def test_a_clip_that_is_one_value_throughout(clips_of):
    square = [replace(flat(f"flat {take}"), samples=np.full(4000, 0.5, np.float32)) for take in range(4)]
    recogniser, clips = trained({"one": clips_of["one"], "two": square})
    assert assert_sound(recogniser, clips)[:6] == ["one"] * 6


def test_dimensions_that_never_change(clips_of):
    words = {word: clips_of[word] for word in ("one", "two", "six")}
    clips = [clip for own in words.values() for clip in own]
    texts = [word for word, own in words.items() for _ in own]
    recogniser = TESTED["recipe"]()
    frames = recogniser[:-1].fit_transform(clips)
    for rows in frames:
        rows[:, [3, 20]] = 7.0
    words_alone = recogniser[-1].fit(frames, texts)
    assert np.isfinite(words_alone.acoustic_.log_likelihoods(frames[0])).all()
    assert words_alone.predict(frames) == texts


def test_another_level_than_in_training_gives_finite_scores(clips_of):
    recogniser, clips = trained(clips_of)
    loud = [replace(clip, samples=np.clip(clip.samples * 1e3, -1, 1)) for clip in clips[::10]]
    soft = [replace(clip, samples=clip.samples * np.float32(1e-4)) for clip in clips[::10]]
    assert_sound(recogniser, loud + soft)
