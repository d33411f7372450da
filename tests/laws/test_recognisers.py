"""The laws of recognisers, on every one of the catalogue and on every named option of theirs."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from components.clip_checks import check_clips
from components.contract import (
    ChecksSettings,
    Clip,
    CountsAugmentation,
    GivesLogProbabilities,
    HasHistory,
    Inspectable,
    LmAblation,
    RecordsChoices,
    SharesStages,
    Wrapper,
)
from components.laws import laws, recogniser_laws
from components.laws.examples import LONG, RATE, labelled
from components.parts import pipeline_steps, stateless_stages, unwrapped
from components.recognisers import RECOGNISERS
from components.speech.inspection.inspect import inspect_recogniser
from components.speech.inspection.lm_ablation import predict_ablated
from components.study.check_settings import check_settings
from tests.laws.parts import NAMES, QUICKEST, VARIANTS, made, quick, size_of


@pytest.fixture(scope="module", params=[*NAMES, *VARIANTS])
def training(request):
    """Name, the trained recogniser or the error that came, and the clips and texts it was given."""
    torch.set_num_threads(1)
    clips, texts = labelled()
    try:
        return request.param, made(request.param).fit(clips, texts), clips, texts
    except Exception as error:
        return request.param, error, clips, texts


@pytest.fixture
def trained(training):
    """Name, recogniser, its clips and texts; what rests on a training that failed is skipped."""
    name, recogniser, *_ = training
    if isinstance(recogniser, Exception):
        pytest.skip(f"{name} could not be trained ({recogniser}), which this rests on")
    return training


def test_it_learns_the_tones(training):
    name, recogniser, clips, texts = training
    if isinstance(recogniser, Exception):
        raise recogniser
    if name in VARIANTS:
        return  # trained for a few steps only
    recogniser_laws.learns_tones(recogniser, clips, texts)


def test_it_names_what_it_learned_with_a_trailing_underscore(trained):
    recogniser_laws.names_what_it_learned(*trained[1:])


def test_a_lone_clip_gets_the_answer_that_it_gets_in_a_crowd(trained):
    recogniser_laws.minds_no_neighbours(*trained[1:])


def test_log_probabilities_are_the_same_beside_a_much_longer_clip(trained):
    _, recogniser, clips, _ = trained
    if isinstance(unwrapped(recogniser), GivesLogProbabilities):
        recogniser_laws.gives_close_log_probabilities(unwrapped(recogniser), clips[:4], LONG)


def test_answers_are_plain_text_in_order(trained):
    recogniser_laws.answers_in_plain_text(*trained[1:])


def test_answering_changes_neither_clips_nor_recogniser(trained):
    _, recogniser, clips, _ = trained
    recogniser_laws.changes_nothing_by_answering(recogniser, clips)


def arrays(part, path=""):
    """Every array that a part learned, by its path."""
    if isinstance(part, np.ndarray) and part.dtype.kind in "fiub":
        return {path: part}
    if isinstance(part, dict):
        inside = part.items()
    elif isinstance(part, list | tuple):
        inside = enumerate(part)
    else:
        inside = part.__getstate__().items() if hasattr(part, "get_params") else ()
    return {key: array for name, item in inside for key, array in arrays(item, f"{path}.{name}").items()}


def test_the_same_seed_learns_the_same_and_a_second_fit_forgets_the_first(trained):
    name, recogniser, clips, texts = trained
    again = quick(clone(recogniser), QUICKEST).fit(clips[:12], ["yes", "no", "stop"] * 4)
    quick(again, size_of(name)).fit(clips, texts)
    assert again.predict(clips) == recogniser.predict(clips), name
    before, after = arrays(recogniser), arrays(again)
    assert before.keys() == after.keys()
    assert [key for key in before if not np.array_equal(before[key], after[key])] == []


def test_a_saved_recogniser_answers_the_same(trained):
    recogniser_laws.saves(*trained[1:])


def test_an_unusable_clip_is_named_with_what_was_expected(trained):
    recogniser_laws.names_unusable_clips(*trained[1:])


def test_learning_changes_neither_clips_nor_texts(trained):
    *_, clips, texts = trained
    fresh, words = labelled()
    for clip, other in zip(clips, fresh, strict=True):
        np.testing.assert_array_equal(clip.samples, other.samples)
    assert texts == words


def test_stages_that_it_shares_are_stateless(trained):
    _, recogniser, *_ = trained
    named = recogniser.stateless_stages if isinstance(recogniser, SharesStages) else list
    assert callable(named)
    assert all(getattr(stage, "stateless", False) for stage in stateless_stages(recogniser))


def test_a_wrapper_answers_as_what_it_wraps(trained):
    _, recogniser, clips, _ = trained
    if isinstance(recogniser, Wrapper):
        assert recogniser.predict(clips) == unwrapped(recogniser).predict(clips)


def test_what_is_seen_inside_begins_with_the_answer(trained):
    _, recogniser, clips, _ = trained
    inner = unwrapped(recogniser)
    framed = isinstance(inner, Pipeline) and hasattr(inner[-1], "decode")
    if isinstance(inner, Inspectable) or framed:
        seen = inspect_recogniser(recogniser, clips[0])
        assert seen.transcript == recogniser.predict(clips[:1])[0]


def test_with_less_language_it_answers_each_clip_too_and_with_all_of_it_as_ever(trained):
    _, recogniser, clips, _ = trained
    answers = recogniser.predict(clips[:6])
    ablated = predict_ablated(recogniser, clips[:6], answers)
    inner = unwrapped(recogniser)
    if isinstance(inner[-1] if isinstance(inner, Pipeline) else inner, LmAblation):
        assert answers in ablated.values()
        assert all(len(texts) == 6 for texts in ablated.values())


def test_its_history_is_plain(trained):
    _, recogniser, *_ = trained
    if isinstance(unwrapped(recogniser), HasHistory):
        recogniser_laws.history_is_plain(unwrapped(recogniser))


def test_what_it_chose_is_among_what_it_was_compared_with(trained):
    _, recogniser, *_ = trained
    inner = unwrapped(recogniser)
    for part in [inner, *(step for _, step in pipeline_steps(inner))]:
        if isinstance(part, RecordsChoices):
            recogniser_laws.records_choices(part)


def test_how_often_it_took_altered_clips_is_counted(trained):
    name, recogniser, *_ = trained
    if isinstance(recogniser, CountsAugmentation):
        recogniser_laws.counts_passes(recogniser)
        assert recogniser.augmented_passes == 0 or not name.endswith(":plain")


@pytest.mark.parametrize("name", RECOGNISERS)
def test_the_usual_settings_pass_and_a_check_changes_nothing(name):
    recogniser = made(name)
    before = laws.state(recogniser)
    check_settings(recogniser)
    assert laws.state(recogniser) == before
    for part in recogniser.get_params(deep=True).values():
        assert not isinstance(part, ChecksSettings) or part.check_settings() is None


def test_samples_whose_squares_would_be_infinite_are_finite():
    clip = Clip("loud clip", "ann", np.full(4000, 1e30, np.float32), RATE)
    check_clips("a part", [clip])
