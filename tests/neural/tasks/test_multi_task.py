"""One network for several tasks and a network each: their answers, their sizes, what labels change."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from components.laws.examples import labelled
from components.neural import Apart, CtcRecogniser, MultiTask
from components.neural.tasks.size import SAME_EACH
from components.neural.tasks.task_network import TaskNetwork
from components.neural.training import checkpoint
from components.neural.training.checkpoint import checkpointing
from components.study.task import Task

SMALL = {"channels": 48, "layers": 2, "steps": 100, "batch_seconds": 8.0, "device": "cpu"}

CLIPS, TEXTS = labelled()
PHONES = {"one": "W AH N", "two": "T UW", "three": "TH R IY"}
EVERY_OTHER = [None if place % 2 else TEXTS[place][0] for place in range(24)]
TASKS = {
    "speaker": Task("speaker", "class", [clip.speaker for clip in CLIPS]),
    "letter": Task("letter", "class", EVERY_OTHER),
    "pitch": Task("pitch", "number", [{"one": 3.0, "two": 6.0, "three": 12.0}[text] for text in TEXTS]),
    "phones": Task("phones", "text", [PHONES[text] for text in TEXTS]),
}
KINDS = {"speaker": str, "letter": str, "pitch": float, "phones": str}


@pytest.fixture(scope="module", params=[MultiTask, Apart], ids=["together", "apart"])
def trained(request):
    return request.param(CtcRecogniser(**SMALL)).fit(CLIPS, TEXTS, TASKS)


def test_it_answers_the_words_and_every_task_one_answer_a_clip(trained):
    answers = trained.predict_tasks(CLIPS)
    assert answers.keys() == TASKS.keys()
    for name, given in answers.items():
        assert len(given) == 24 and all(type(answer) is KINDS[name] for answer in given)
    assert np.mean([text == answer for text, answer in zip(TEXTS, trained.predict(CLIPS), strict=True)]) > 0.8
    assert np.mean([text[0] == answer for text, answer in zip(TEXTS, answers["letter"], strict=True)]) > 0.8
    errors = np.abs(np.subtract(answers["pitch"], TASKS["pitch"].labels))
    assert errors.mean() < 0.5 * np.abs(np.subtract(TASKS["pitch"].labels, 6.0)).mean()


def test_the_same_seed_learns_the_same(trained):
    again = clone(trained).fit(CLIPS, TEXTS, TASKS)
    assert again.predict_tasks(CLIPS) == trained.predict_tasks(CLIPS)
    assert again.predict(CLIPS) == trained.predict(CLIPS)


def test_without_a_task_it_is_the_recogniser_of_the_words_to_the_bit():
    alone = CtcRecogniser(**SMALL).fit(CLIPS, TEXTS)
    nothing = {"mood": Task("mood", "class", [None] * 24)}
    for model in (
        MultiTask(CtcRecogniser(**SMALL)).fit(CLIPS, TEXTS, nothing),
        Apart(CtcRecogniser(**SMALL)),
    ):
        fitted = model if hasattr(model, "recogniser_") else model.fit(CLIPS, TEXTS)
        assert fitted.predict_tasks(CLIPS) == {}
        for name, weight in alone.weights_.items():
            np.testing.assert_array_equal(weight, fitted.recogniser_.weights_[name])


def test_networks_apart_learn_together_as_many_weights_as_one_for_all_or_are_each_as_large():
    size, task = {**SMALL, "channels": 96, "steps": 2}, {"speaker": TASKS["speaker"]}
    one = MultiTask(CtcRecogniser(**size)).fit(CLIPS, TEXTS, task)
    fewer = Apart(CtcRecogniser(**size)).fit(CLIPS, TEXTS, task)
    assert fewer.channels_ < 96 and 0.7 * weights(one) < weights(fewer) <= weights(one)
    each = Apart(CtcRecogniser(**size), SAME_EACH).fit(CLIPS, TEXTS, task)
    assert each.channels_ == 96 and weights(each) > 1.5 * weights(one)


def weights(model):
    """Weights of matrices and vectors that gradients change: no batch statistics."""
    if isinstance(model, Apart):
        return weights(model.recogniser_) + sum(map(weights, model.networks_.values()))
    if isinstance(model, MultiTask):
        heads = sum(array.size for head in model.heads_.values() for array in head.values())
        return weights(model.recogniser_) + heads
    own = [
        w.size for name, w in model.weights_.items() if "running" not in name and "num_batches" not in name
    ]
    heads = getattr(model, "heads_", {})
    return sum(own) + sum(array.size for head in heads.values() for array in head.values())


def test_phones_are_read_from_a_middle_layer_and_the_layers_above_learn_nothing_of_them():
    phones = {"phones": TASKS["phones"]}
    model = MultiTask(CtcRecogniser(**SMALL), text_layer=1).fit(CLIPS, TEXTS, phones)
    answers = model.predict_tasks(CLIPS)
    right = np.mean([PHONES[text] == answer for text, answer in zip(TEXTS, answers["phones"], strict=True)])
    assert right > 0.7
    above = model.recogniser_._trained_network().encoder.layers[1]
    with torch.no_grad():
        above.weight.zero_()
    assert model.predict_tasks(CLIPS) == answers
    assert not above._forward_hooks and not model.recogniser_._network.encoder.layers[0]._forward_hooks
    with pytest.raises(
        ValueError, match="MultiTask expected a number from 1 to 2 for text_layer, got 3; leave it"
    ):
        MultiTask(CtcRecogniser(**SMALL), text_layer=3).check_settings()


class Killed(Exception):
    pass


def test_killed_and_gone_on_it_learns_the_same_weights(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    expected = MultiTask(CtcRecogniser(**SMALL)).fit(CLIPS, TEXTS, TASKS)

    def kill(progress):
        if progress["step"] >= 60:
            raise Killed

    with pytest.raises(Killed), checkpointing(tmp_path / "kept", kill, save_every_s=0.0):
        clone(expected).fit(CLIPS, TEXTS, TASKS)
    with checkpointing(tmp_path / "kept") as kept:
        again = clone(expected).fit(CLIPS, TEXTS, TASKS)
    assert kept.seconds_before > 0  # it did go on
    for name, head in expected.heads_.items():
        for part, weight in head.items():
            np.testing.assert_array_equal(weight, again.heads_[name][part])


def test_a_task_network_takes_no_pairs_and_no_clip_without_a_label():
    network = TaskNetwork(CtcRecogniser(**SMALL)).fit(CLIPS, TASKS["letter"])
    assert set(network.predict(CLIPS)) <= {"o", "t"}
    with pytest.raises(
        ValueError, match="TaskNetwork expected a label of 'letter' or None for each clip, at least"
    ):
        network.fit(CLIPS, Task("letter", "class", [None] * 24))
