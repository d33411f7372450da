"""Whole words with tied states: as long as they last, shared where they sound alike, whatever the label."""

import numpy as np
import pytest

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.tied_words import TiedWordGmmHmm, word_durations
from components.speech.acoustic.units import SILENCE

SOUNDS = {"x01": "ABA", "x02": "AC", "x03": "CBA"}  # the labels say nothing of them
PLACES = {"A": (9, 0), "B": (-9, 0), "C": (0, 9)}
LEXICON = {word: [("X", "0")] for word in SOUNDS} | {"rare": [("R",)]}
FRAMES_A_SOUND = 10


def make_frames(words, seed):
    rows = [[-20.0, 0, 0]] * 5
    for word in words:
        for sound in SOUNDS[word]:
            rows += [[0.0, *PLACES[sound]]] * FRAMES_A_SOUND
    rows = np.array(rows + [[-20.0, 0, 0]] * 5)
    return (rows + np.random.default_rng(seed).standard_normal(rows.shape)).astype(np.float32)


TRANSCRIPTS = [[word] for word in SOUNDS for _ in range(6)]


@pytest.fixture(scope="module")
def model():
    frames = [make_frames(words, seed) for seed, words in enumerate(TRANSCRIPTS)]
    settings = {"frames_per_state": 5.0, "frames_per_tied_state": 160.0}
    return TiedWordGmmHmm(GmmHmm(components=1), **settings).fit(frames, TRANSCRIPTS, LEXICON)


def states_of(model, word):
    return [state for unit in model.spellings_[word][0] for state in model.states_[unit]]


def test_a_word_has_as_many_states_as_it_lasts_whatever_its_pronunciation_says(model):
    assert {word: len(states_of(model, word)) for word in SOUNDS} == {"x01": 6, "x02": 4, "x03": 6}


def test_states_that_sound_alike_are_one_in_one_word_and_in_several(model):
    sounds = {word: [sound for sound in SOUNDS[word] for _ in range(2)] for word in SOUNDS}
    by_sound = {}
    for word, own in sounds.items():
        for sound, state in zip(own, states_of(model, word), strict=True):
            by_sound.setdefault(sound, set()).add(state)
    assert len(model.stay_) <= 1 + round(480 / 160)
    assert all(len(states) == 1 for states in by_sound.values())
    assert len(set.union(*by_sound.values())) == 3 and model.states_[SILENCE] == [0]


def test_words_are_told_apart_by_their_likelihoods(model):
    for word in SOUNDS:
        frames = make_frames([word], seed=99)
        scores = model.log_likelihoods(frames)
        totals = {}
        for other in SOUNDS:
            graph = model.alignment_graph([other])
            states = model.align([frames], [graph])[0]
            totals[other] = scores[np.arange(len(frames)), states].sum()
        assert max(totals, key=totals.get) == word


def test_words_that_were_never_trained_consist_of_phones(model):
    assert model.spellings_["rare"] == [("R",)] and len(model.states_["R"]) == 3
    seldom = TiedWordGmmHmm(GmmHmm(components=1), least_times=7)
    frames = [make_frames(words, seed) for seed, words in enumerate(TRANSCRIPTS)]
    assert seldom.fit(frames, TRANSCRIPTS, LEXICON).spellings_["x01"] == [("X", "0")]


def test_durations_follow_from_sentences_alone():
    transcripts = [["a", "b"], ["a", "a", "b"], ["b"], ["a"]] * 50
    frames = np.array([sum({"a": 30, "b": 12}[word] for word in words) for words in transcripts], float)
    durations = word_durations(frames, transcripts)
    assert durations["a"] == pytest.approx(30, abs=0.3) and durations["b"] == pytest.approx(12, abs=0.3)


def test_a_word_lasts_at_least_a_frame_and_one_heard_once_little_other_than_the_mean():
    durations = word_durations(np.array([20.0, 20.0, 0.0]), [["a"], ["a"], ["once"]])
    assert durations["once"] >= 1.0
    assert durations["once"] == pytest.approx((40 / 3 + 0) / 2)
