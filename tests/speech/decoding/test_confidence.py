"""Word confidences: votes of synthetic n-best lists, and temperatures estimated from them."""

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


def test_a_word_s_posterior_is_that_of_the_sentences_with_it_in_its_place():
    half = [Sentence(("a", "b"), 3.0), Sentence(("a", "c"), 3.0)]
    assert sentence_votes(half, math.inf).posteriors() == pytest.approx([1, 0.5])
    longer = [Sentence(("a", "b"), 0.0), Sentence(("c", "a", "b"), math.log(3)), Sentence(("b",), math.inf)]
    assert sentence_votes(longer, math.inf).posteriors() == pytest.approx([1, 1])
    assert sentence_votes([Sentence((), math.inf)], 16.0).posteriors().tolist() == []


def test_sentences_beyond_the_beam_vote_against_every_word():
    alone = sentence_votes([Sentence(("a", "b"), 5.0)], beam=math.log(3))
    assert alone.posteriors() == pytest.approx([0.75, 0.75])


def test_a_higher_temperature_lowers_posteriors_and_keeps_their_order():
    votes = sentence_votes([Sentence(("a", "b"), 0.0), Sentence(("a", "c"), 2.0)], 9.0)
    cool, hot = votes.posteriors(1.0), votes.posteriors(4.0)
    assert (hot < cool).all() and cool[0] > cool[1] and hot[0] > hot[1]


def test_no_confidence_exceeds_999_in_a_thousand():
    votes = sentence_votes([Sentence(("a",), 0.0)], math.inf)
    assert ConfidenceCalibrator().fit([], []).confidences(votes) == [HIGHEST_CONFIDENCE]


def test_words_are_correct_where_the_reference_has_them():
    assert correct_words("one two three", ("one", "three")).tolist() == [True, True]
    assert correct_words("", ("one",)).tolist() == [False]


def clips(temperature, count, rng):
    """Answers of one word with one alternative, correct as often as their posterior at that temperature."""
    gaps = rng.exponential(8.0, count)
    right = rng.random(count) < 1 / (1 + np.exp(-gaps / temperature))
    votes = [sentence_votes([Sentence(("a",), 0.0), Sentence(("b",), gap)], math.inf) for gap in gaps]
    return votes, ["a" if is_right else "b" for is_right in right]


@pytest.mark.parametrize("temperature", [1.0, 3.0, 10.0])
def test_many_clips_give_the_temperature_at_which_confidences_are_calibrated(temperature):
    learned = ConfidenceCalibrator(3.0).fit(*clips(temperature, 4000, np.random.default_rng(0)))
    assert learned.temperature_ == pytest.approx(temperature, rel=0.15)
    votes, texts = clips(temperature, 4000, np.random.default_rng(1))
    confidences = np.array([learned.confidences(one)[0] for one in votes])
    chosen = (confidences > 0.65) & (confidences < 0.75)
    assert np.mean([text == "a" for text, one in zip(texts, chosen, strict=True) if one]) == pytest.approx(
        0.7, abs=0.06
    )


def test_few_clips_hardly_move_the_temperature_and_none_keep_it():
    assert ConfidenceCalibrator(3.0).fit([], []).temperature_ == 3.0
    few = ConfidenceCalibrator(3.0).fit(*clips(10.0, 5, np.random.default_rng(0)))
    assert 2.5 < few.temperature_ < 5.0


def test_clips_without_words_change_nothing():
    silent = sentence_votes([Sentence((), math.inf)], 16.0)
    assert ConfidenceCalibrator(3.0).fit([silent], ["a"]).temperature_ == 3.0


def test_saved_and_loaded_it_is_the_same():
    learned = ConfidenceCalibrator(3.0).fit(*clips(5.0, 50, np.random.default_rng(0)))
    dumped = skops.io.dumps(learned)
    again = skops.io.loads(dumped, trusted=skops.io.get_untrusted_types(data=dumped))
    assert again.temperature_ == learned.temperature_
