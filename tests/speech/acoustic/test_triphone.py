"""Triphones: units that should share states, by construction of the frames, do."""

import numpy as np
import pytest

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.state_tying import (
    StateStatistics,
    phone_clusters,
    question_answers,
    tree_leaves,
)
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.acoustic.units import Context, phone_of, spell_in_contexts

LEXICON = {
    "bad": [("B", "A", "D")],
    "dad": [("D", "A", "D")],
    "man": [("M", "A", "N")],
    "nan": [("N", "A", "N")],
}
PLACES = {"B": (9, 0), "D": (9, 3), "M": (-9, 0), "N": (-9, 3)}
DIMS = 4


def make_frames(words, seed, frames_a_phone=9):
    """Frames in which A after M and N is nasal: another sound, by 3 deviations of one dimension."""
    rng = np.random.default_rng([seed, len(words)])
    rows = [[-20.0] * DIMS] * 5
    for word in words:
        for place, phone in enumerate(LEXICON[word][0]):
            nasal = 3.0 * (LEXICON[word][0][0] in "MN")
            centre = [0, -9, nasal, 0] if phone == "A" else [*PLACES[phone], 0, 9 * (place == 0)]
            rows = rows + [centre] * frames_a_phone
    rows = np.array(rows + [[-20.0] * DIMS] * 5, dtype=float)
    return (rows + rng.standard_normal(rows.shape)).astype(np.float32)


def fit(model, transcripts):
    return model.fit(
        [make_frames(words, seed) for seed, words in enumerate(transcripts)], transcripts, LEXICON
    )


TRANSCRIPTS = [["bad", "man"], ["dad", "nan"], ["man", "dad"], ["nan", "bad"]] * 8


@pytest.fixture(scope="module")
def model():
    return fit(TriphoneGmmHmm(GmmHmm(components=2), least_frames=30), TRANSCRIPTS)


def units_of(model, phone):
    return {unit for unit in model.states_ if phone_of(unit) == phone}


def test_a_phone_is_split_where_its_neighbours_change_it_and_nowhere_else(model):
    after = {word: model.spellings_[word][0][1] for word in LEXICON}
    assert after["bad"] == after["dad"] and after["man"] == after["nan"] and after["bad"] != after["man"]
    assert len(units_of(model, "A")) == 2
    assert units_of(model, "B") == {"B"} and units_of(model, "M") == {"M"}


def test_phones_at_the_edges_of_a_word_are_split(model):
    """D first and D last in a word are 9 deviations apart."""
    first, _, last = model.spellings_["dad"][0]
    assert first != last


def test_states_are_numbered_without_gaps_and_have_the_parent_of_their_phone(model):
    used = {state for own in model.states_.values() for state in own}
    assert used == set(range(len(model.stay_))) and len(model.parents_) == len(model.stay_)
    one, other = sorted(units_of(model, "A"))
    assert (model.parents_[model.states_[one]] == model.parents_[model.states_[other]]).all()


def test_triphones_fit_better_than_monophones(model):
    clips, words = [make_frames(["man", "bad"], 99)], ["man", "bad"]
    phones = fit(GmmHmm(components=1, own_vocabulary=0), TRANSCRIPTS)
    one = fit(TriphoneGmmHmm(GmmHmm(components=1), least_frames=30), TRANSCRIPTS)
    scores = []
    for each in (phones, one):
        (path,) = each.align(clips, [each.alignment_graph(words)])
        scores.append(each.log_likelihoods(clips[0])[np.arange(len(path)), path].mean())
    assert scores[1] > scores[0] + 0.1


@pytest.mark.parametrize("setting", [{"least_gain": 1e9}, {"least_frames": 1e9}])
def test_without_frames_or_gain_enough_there_are_phones_alone(setting):
    model = fit(TriphoneGmmHmm(GmmHmm(components=1), **setting), TRANSCRIPTS)
    assert set(model.states_) == {"sil", "A", "B", "D", "M", "N"}
    assert model.spellings_ == LEXICON


@pytest.mark.parametrize(
    "transcripts",
    [[["bad"]], [["bad"]] * 30, [["bad"], []], [[], ["man"]]],
    ids=["one clip", "one word", "a silent clip", "silence first"],
)
def test_hardly_anything_to_learn_from_still_gives_finite_scores(transcripts):
    model = fit(TriphoneGmmHmm(), transcripts)
    assert np.isfinite(model.log_likelihoods(make_frames(["bad", "nan"], 5))).all()
    assert set(model.spellings_) == set(LEXICON)
    assert (model.stay_ < 0).all() and np.isfinite(model.stay_).all()


def test_an_unseen_word_gets_units_by_its_answers(model):
    transcripts = [words for words in TRANSCRIPTS if "nan" not in words]
    model = fit(TriphoneGmmHmm(GmmHmm(components=1), least_frames=30), transcripts)
    assert model.spellings_["nan"][0][1] == model.spellings_["man"][0][1]


def test_training_twice_gives_the_same_model(model):
    again = fit(TriphoneGmmHmm(GmmHmm(components=2), least_frames=30), TRANSCRIPTS)
    np.testing.assert_array_equal(again.mixtures_.means_, model.mixtures_.means_)
    assert again.spellings_ == model.spellings_ and again.states_ == model.states_


def test_a_phone_twice_in_one_context_is_two_units_in_the_spelling():
    spellings, contexts = spell_in_contexts({"aaaa": [("A", "A", "A", "A")]})
    assert spellings["aaaa"] == [("A@aaaa(_A)", "A@aaaa(A_A)", "A@aaaa(A_A)", "A@aaaa(A_)")]
    assert contexts["A@aaaa(A_)"] == Context("A", "", "aaaa")


def test_questions_are_clusters_of_similar_phones():
    sets = phone_clusters(["B", "D", "M"], np.array([[0.0], [1.0], [9.0]]))
    assert sets == [frozenset("B"), frozenset("D"), frozenset("M"), frozenset("BD")]
    assert phone_clusters(["B"], np.zeros((1, 2))) == [frozenset("B")]


def test_a_tree_splits_only_what_differs():
    contexts = [Context(left, "", left) for left in "BDMN"]
    counts = np.array([100.0, 100.0, 100.0, 0.0])
    means = np.array([[0.0], [0.0], [4.0], [0.0]])
    sums = StateStatistics(counts, counts[:, None] * means, counts[:, None] * (means**2 + 1))
    answers = question_answers(contexts, [frozenset("BD"), frozenset("MN")])
    assert tree_leaves(answers, sums, np.ones(1), 50, 10.0).tolist() in ([1, 1, 0, 0], [0, 0, 1, 1])
    assert tree_leaves(answers, sums, np.ones(1), 101, 10.0).tolist() in (
        [1, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 1, 1],
    )
    assert tree_leaves(answers, sums, np.ones(1), 50, 1e9).tolist() == [0, 0, 0, 0]
