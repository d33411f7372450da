"""The GMM-HMM, trained on synthetic frames and on next to none."""

import numpy as np
import pytest

from components.speech.acoustic.flat_start import equal_alignment
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.units import (
    frequent_words,
    number_states,
    parent_states,
    phone_of,
    spell_in_units,
)
from tests.speech.acoustic.synthetic import LEXICON, make_frames


def fit(model, transcripts):
    return model.fit(
        [make_frames(words, seed) for seed, words in enumerate(transcripts)], transcripts, LEXICON
    )


def test_realignment_finds_where_phones_and_silence_are():
    model = fit(GmmHmm(), [["ba"], ["ab"], ["ba", "ab"]] * 5)
    frames = make_frames(["ba"], seed=77)
    (states,) = model.align([frames], [model.alignment_graph(["ba"])])
    unit_of = {state: phone_of(unit) for unit, own in model.states_.items() for state in own}
    assert [unit_of[state] for state in states] == ["sil"] * 4 + ["B"] * 9 + ["A"] * 9 + ["sil"] * 4


def test_the_likelier_pronunciation_is_taken():
    model = fit(GmmHmm(), [["a"], ["ba"], ["ab"]] * 5)
    assert model.stay_[model.states_["A"]].max() > model.stay_[model.states_["AH"]].max() - 1e-9
    (states,) = model.align([make_frames(["a"], 9)], [model.alignment_graph(["a"])])
    assert not set(states) & set(model.states_["AH"])


def test_a_state_s_self_loop_follows_how_long_it_lasts():
    short, long = ([["ba"]] * 12 for _ in range(2))
    brief = GmmHmm().fit([make_frames(w, i, 4) for i, w in enumerate(short)], short, LEXICON)
    slow = GmmHmm().fit([make_frames(w, i, 20) for i, w in enumerate(long)], long, LEXICON)
    assert slow.stay_[slow.states_["B"]].mean() > brief.stay_[brief.states_["B"]].mean()


def test_frequent_words_of_a_small_vocabulary_have_units_of_their_own():
    model = fit(GmmHmm(least_times=5), [["ba"]] * 6 + [["ab"]] * 2)
    assert model.spellings_["ba"] == [("B@ba.0", "A@ba.1")] and model.spellings_["ab"] == [("A", "B")]
    shared = fit(GmmHmm(least_times=5, own_vocabulary=1), [["ba"]] * 6 + [["ab"]] * 2)
    assert shared.spellings_["ba"] == [("B", "A")]


@pytest.mark.parametrize(
    "transcripts",
    [[["ba"]], [["ba"], ["ab"]], [["ba"]] * 30, [["ba"], []], [[], ["a"]]],
    ids=["one clip", "a clip a word", "one word", "a silent clip", "silence first"],
)
def test_hardly_anything_to_learn_from_still_gives_finite_scores(transcripts):
    model = fit(GmmHmm(), transcripts)
    assert np.isfinite(model.log_likelihoods(make_frames(["ba", "ab"], 5))).all()
    assert (model.stay_ < 0).all() and np.isfinite(model.stay_).all()


def test_frames_that_are_all_the_same_still_give_finite_scores():
    clips = [np.zeros((40, 2), np.float32)] * 4
    model = GmmHmm().fit(clips, [["ba"]] * 4, LEXICON)
    assert np.isfinite(model.log_likelihoods(clips[0])).all()


def test_clips_shorter_than_their_states_are_counted_and_left_out():
    clips = [make_frames(["ba"], seed) for seed in range(4)] + [make_frames(["ba"])[:5]]
    model = GmmHmm().fit(clips, [["ba"]] * 5, LEXICON)
    assert model.skipped_ == 1
    alone = GmmHmm().fit(clips[:4], [["ba"]] * 4, LEXICON)
    np.testing.assert_array_equal(model.mixtures_.means_, alone.mixtures_.means_)


def test_a_word_only_in_clips_too_short_still_has_states():
    clips = [make_frames(["ba"], seed) for seed in range(4)] + [make_frames(["ab"])[:5]]
    model = GmmHmm().fit(clips, [["ba"]] * 4 + [["ab"]], LEXICON)
    assert set(model.spellings_) == set(LEXICON)
    assert np.isfinite(model.log_likelihoods(clips[0])).all()


def test_when_every_clip_is_too_short_it_says_so():
    with pytest.raises(ValueError) as error:
        GmmHmm().fit([make_frames(["ba"])[:5]] * 2, [["ba"]] * 2, LEXICON)
    assert str(error.value) == (
        "GmmHmm cannot learn from these clips: expected at least one as long as its states, got 2, all with "
        "fewer frames than states; give it longer clips or lower states_per_unit."
    )


def test_training_twice_gives_the_same_model():
    transcripts = [["ba"], ["ab"], ["ba", "a"]] * 8
    one, other = fit(GmmHmm(), transcripts), fit(GmmHmm(), transcripts)
    np.testing.assert_array_equal(one.mixtures_.means_, other.mixtures_.means_)
    np.testing.assert_array_equal(one.stay_, other.stay_)


def test_the_flat_start_gives_soft_edges_to_silence_and_the_rest_equal_shares():
    level = np.array([0, 0, 9, 9, 9, 9, 9, 9, 0.0])
    assert equal_alignment(level, np.array([5, 6, 7]), 0).tolist() == [0, 0, 5, 5, 6, 6, 7, 7, 0]
    assert equal_alignment(level[:4], np.array([5, 6, 7]), 0).tolist() == [5, 5, 6, 7]
    assert equal_alignment(level, np.array([], dtype=int), 0).tolist() == [0] * 9


def test_own_units_share_their_phone_as_parent():
    assert frequent_words([["a", "ba"], ["a"]], 2) == ["a"]
    states = number_states(spell_in_units({"ba": [("B", "A")], "a": [("A",)]}, ["ba"]), 2)
    assert states == {"sil": [0], "B@ba.0": [1, 2], "A@ba.1": [3, 4], "A": [5, 6]}
    assert parent_states(states).tolist() == [0, 1, 2, 3, 4, 3, 4]
