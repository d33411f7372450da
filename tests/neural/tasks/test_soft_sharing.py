"""Soft sharing: encoders that are pulled towards each other, by a penalty that is chosen inside the clips."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from components.laws.examples import labelled
from components.neural import CtcRecogniser, SoftSharing
from components.neural.tasks import soft_sharing
from components.neural.tasks.heads import TaskHeads
from components.neural.tasks.size import SAME_EACH
from components.neural.tasks.soft_sharing import ChoosePenalty, PulledTogether
from components.neural.training import checkpoint
from components.neural.training.checkpoint import checkpointing
from components.study.saving import load, save
from components.study.task import Task
from tests.neural.toy import network, run, tones, training, two_heads

CLIPS, TEXTS = labelled()
SMALL = {"channels": 48, "layers": 2, "steps": 60, "batch_seconds": 8.0, "device": "cpu"}
TASKS = {
    "speaker": Task("speaker", "class", [clip.speaker for clip in CLIPS]),
    "symbols": Task("symbols", "text", [" ".join(text) for text in TEXTS]),
}


@pytest.fixture(scope="module")
def trained():
    return SoftSharing(CtcRecogniser(**SMALL), SAME_EACH).fit(CLIPS, TEXTS, TASKS)


def test_it_answers_and_every_task_has_an_encoder_of_its_own(trained, tmp_path):
    answers = trained.predict_tasks(CLIPS)
    assert answers.keys() == TASKS.keys() and trained.labels_ == {"speaker": 24, "symbols": 24}
    right = [text == answer for text, answer in zip(TEXTS, trained.predict(CLIPS), strict=True)]
    assert np.mean(right) > 0.8
    words = trained.recogniser_.weights_["encoder.stem.weight"]
    for head in trained.heads_.values():
        own = head["encoder.stem.weight"]
        assert own.shape == words.shape and not np.array_equal(own, words)
    alone = [trained.predict_tasks([clip])["speaker"][0] for clip in CLIPS[:3]]
    assert alone == answers["speaker"][:3]
    assert not trained.recogniser_._network.encoder._forward_pre_hooks
    save(trained, tmp_path)
    assert load(tmp_path).predict_tasks(CLIPS) == answers


def test_the_same_seed_learns_the_same(trained):
    assert clone(trained).fit(CLIPS, TEXTS, TASKS).predict_tasks(CLIPS) == trained.predict_tasks(CLIPS)


def test_all_networks_together_learn_at_most_as_many_weights_as_one():
    model = SoftSharing(CtcRecogniser(**{**SMALL, "channels": 96, "steps": 2})).fit(CLIPS, TEXTS, TASKS)
    assert model.channels_ < 96


def distance(penalty):
    made = network({"ctc": two_heads()["ctc"]})
    heads = TaskHeads({"speaker": TASKS["speaker"]}, own_encoders=True)
    data = heads.put_on(made, tones(made))
    made.weighting = PulledTogether(penalty)
    pulled = run(training(made, data, steps=30))
    pairs = zip(pulled.encoder.parameters(), pulled.heads["task_0"].encoder.parameters(), strict=True)
    return sum(float((one - other).detach().square().sum()) for one, other in pairs)


def test_a_larger_penalty_keeps_encoders_closer():
    free, pulled = distance(0.0), distance(1.0)
    assert 0 < pulled < 0.2 * free


def test_the_penalty_is_the_one_with_the_least_loss_on_dev_clips(monkeypatch):
    made = network({"ctc": two_heads()["ctc"]})
    heads = TaskHeads({"speaker": TASKS["speaker"]}, own_encoders=True)
    data = heads.put_on(made, tones(made, dev=4))
    losses = {0.0001: 3.0, 0.001: 1.0, 0.01: 2.0}
    monkeypatch.setattr(
        soft_sharing, "dev_losses", lambda network, data: np.array([losses[penalty(network)]] * 4)
    )
    start, begun = ChoosePenalty(), training(made, data, steps=6)
    chosen = start(made, {}, data, begun.schedule, np.random.default_rng(0))
    assert penalty(chosen.network) == 0.001 and start.choice.chosen == "0.001"
    assert start.choice.compared == {"0.0001": 3.0, "0.001": 1.0, "0.01": 2.0}
    assert chosen.progress.joining is not None  # it goes on, and does not begin anew


def penalty(made):
    return round(float(made.weighting.penalty), 6)


def test_without_dev_clips_nothing_is_compared(trained):
    assert trained.choices_ == []
    assert torch.is_tensor(PulledTogether(0.1).penalty)


class Stopped(Exception):
    """Stands for whatever ends a training."""


def test_broken_off_while_penalties_are_compared_it_goes_on_to_the_same_weights(tmp_path, monkeypatch):
    clips, texts = labelled(51)
    tasks = {"speaker": Task("speaker", "class", [clip.speaker for clip in clips])}
    small = SoftSharing(CtcRecogniser(**{**SMALL, "channels": 16, "steps": 12}))
    reports = []

    def stop(report):
        reports.append(report["step"])
        if len(reports) == 15:  # of the second of three penalties
            raise Stopped

    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    with pytest.raises(Stopped), checkpointing(tmp_path / "kept", stop, save_every_s=0.0):
        clone(small).fit(clips, texts, tasks)
    assert reports.count(1) == 2 and len(list((tmp_path / "kept").glob("*.pt"))) == 2
    with checkpointing(tmp_path / "kept") as kept:
        again = clone(small).fit(clips, texts, tasks)
    whole = clone(small).fit(clips, texts, tasks)
    assert kept.seconds_before > 0 and again.choices_ == whole.choices_
    for own, other in (
        (again.recogniser_.weights_, whole.recogniser_.weights_),
        (again.heads_["speaker"], whole.heads_["speaker"]),
    ):
        assert all(np.array_equal(own[name], other[name]) for name in other)
