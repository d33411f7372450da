"""How sure words are: votes of made-up sentences, and temperatures learned from made-up clips."""

import math

import numpy as np
import pytest
import skops.io

from components.speech.decoding.confidence import (
    HIGHEST_CONFIDENCE,
    ConfidenceCalibrator,
    correct_words,
    sentence_votes,
)
from components.speech.decoding.n_best import Sentence


def test_a_word_is_as_sure_as_the_sentences_that_have_it_in_its_place():
    half = [Sentence(("a", "b"), 3.0), Sentence(("a", "c"), 3.0)]
    assert sentence_votes(half, math.inf).posteriors() == pytest.approx([1, 0.5])
    longer = [Sentence(("a", "b"), 0.0), Sentence(("c", "a", "b"), math.log(3)), Sentence(("b",), math.inf)]
    assert sentence_votes(longer, math.inf).posteriors() == pytest.approx([1, 1])
    assert sentence_votes([Sentence((), math.inf)], 16.0).posteriors().tolist() == []


def test_what_was_not_found_votes_against_every_word_at_the_edge_of_the_search():
    alone = sentence_votes([Sentence(("a", "b"), 5.0)], beam=math.log(3))
    assert alone.posteriors() == pytest.approx([0.75, 0.75])


def test_heat_makes_words_less_sure_and_leaves_their_order():
    votes = sentence_votes([Sentence(("a", "b"), 0.0), Sentence(("a", "c"), 2.0)], 9.0)
    cool, hot = votes.posteriors(1.0), votes.posteriors(4.0)
    assert (hot < cool).all() and cool[0] > cool[1] and hot[0] > hot[1]


def test_nothing_is_surer_than_999_in_a_thousand():
    votes = sentence_votes([Sentence(("a",), 0.0)], math.inf)
    assert ConfidenceCalibrator().fit([], []).confidences(votes) == [HIGHEST_CONFIDENCE]


def test_words_heard_are_right_where_they_were_said():
    assert correct_words("one two three", ("one", "three")).tolist() == [True, True]
    assert correct_words("", ("one",)).tolist() == [False]


def clips(temperature, count, rng):
    """Answers of one word with one rival, right as often as they say at that temperature."""
    gaps = rng.exponential(8.0, count)
    right = rng.random(count) < 1 / (1 + np.exp(-gaps / temperature))
    votes = [sentence_votes([Sentence(("a",), 0.0), Sentence(("b",), gap)], math.inf) for gap in gaps]
    return votes, ["a" if is_right else "b" for is_right in right]


@pytest.mark.parametrize("temperature", [1.0, 3.0, 10.0])
def test_many_clips_find_the_temperature_at_which_words_are_right_as_often_as_they_say(temperature):
    learned = ConfidenceCalibrator(3.0).fit(*clips(temperature, 4000, np.random.default_rng(0)))
    assert learned.temperature_ == pytest.approx(temperature, rel=0.15)
    votes, texts = clips(temperature, 4000, np.random.default_rng(1))
    sure = np.array([learned.confidences(one)[0] for one in votes])
    near = (sure > 0.65) & (sure < 0.75)
    assert np.mean([text == "a" for text, one in zip(texts, near, strict=True) if one]) == pytest.approx(
        0.7, abs=0.06
    )


def test_few_clips_hardly_leave_what_is_usual_and_none_keep_it():
    assert ConfidenceCalibrator(3.0).fit([], []).temperature_ == 3.0
    few = ConfidenceCalibrator(3.0).fit(*clips(10.0, 5, np.random.default_rng(0)))
    assert 2.5 < few.temperature_ < 5.0


def test_clips_without_an_answer_teach_nothing():
    silent = sentence_votes([Sentence((), math.inf)], 16.0)
    assert ConfidenceCalibrator(3.0).fit([silent], ["a"]).temperature_ == 3.0


def test_saved_it_is_as_sure():
    learned = ConfidenceCalibrator(3.0).fit(*clips(5.0, 50, np.random.default_rng(0)))
    kept = skops.io.dumps(learned)
    again = skops.io.loads(kept, trusted=skops.io.get_untrusted_types(data=kept))
    assert again.temperature_ == learned.temperature_
