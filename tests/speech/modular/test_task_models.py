"""Models of further tasks on the features of a recogniser: classes and numbers, few labels, odd ones."""

import numpy as np
import pytest

from components.speech.modular.recipes import mfcc_gmm_hmm
from components.speech.modular.task_models import NumberRegression, WithTaskModels, fit_model
from components.study.task import Task

RNG = np.random.default_rng(0)
VECTORS = [np.full(4, place, np.float32) + RNG.normal(0, 0.1, 4).astype(np.float32) for place in range(8)]


def test_classes_that_are_several_words_and_all_different_are_learned():
    accents = ["United States", "New Zealand", "South Africa"]
    model = fit_model(Task("accent", "class", accents), VECTORS[:3])
    assert model.predict(VECTORS[:3]) == accents


def test_only_labelled_clips_teach_and_a_text_has_no_model():
    labels = ["low", None, None, None, None, None, None, "high"]
    model = fit_model(Task("pitch", "class", labels), VECTORS)
    assert model.predict([VECTORS[0], VECTORS[7]]) == ["low", "high"]
    assert fit_model(Task("phones", "text", ["a b"] * 8), VECTORS) is None


def test_numbers_stay_in_the_range_of_training_and_few_or_equal_ones_are_no_error():
    model = NumberRegression().fit(VECTORS, [10.0 * place for place in range(8)])
    assert model.predict(VECTORS) == pytest.approx([10.0 * place for place in range(8)], abs=8)
    assert model.predict([np.full(4, 1e3, np.float32)]) == [70.0]
    assert NumberRegression().fit(VECTORS[:1], [5.0]).predict(VECTORS[:2]) == [5.0, 5.0]
    assert NumberRegression().fit(VECTORS[:2], [5.0, 7.0]).predict(VECTORS[:1])[0] == pytest.approx(6, abs=1)


def test_without_a_recogniser_it_says_the_way_out():
    with pytest.raises(
        ValueError, match=r"WithTaskModels expected a recogniser to train, got None; give it one"
    ):
        WithTaskModels().fit([], [])
    assert WithTaskModels(mfcc_gmm_hmm()).stateless_stages()[0].stateless
