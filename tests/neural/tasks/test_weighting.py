"""Losses of several heads -> gradients: equal weights, learned ones, surgery; each against its formula."""

import sys

import numpy as np
import pytest
import torch

from components.laws.examples import labelled
from components.neural import CtcRecogniser, MultiTask
from components.neural.model.weighting import UNCERTAINTY, weighting
from components.neural.tasks.heads import TaskHeads
from components.study.task import Task
from tests.neural.toy import network, run, tones, training, two_heads

CLIPS, TEXTS = labelled()
SPEAKER = {"speaker": Task("speaker", "class", [clip.speaker for clip in CLIPS])}
SMALL = {"channels": 48, "layers": 2, "steps": 30, "batch_seconds": 8.0, "device": "cpu"}


class Two(torch.nn.Module):
    """Two shared weights and one of each head."""

    def __init__(self):
        super().__init__()
        self.shared = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
        self.heads = torch.nn.ParameterDict({"one": torch.tensor(1.0), "two": torch.tensor(1.0)})

    def losses(self):
        """Gradients of the shared weights: (3, 1) and (-1, 1), which oppose each other."""
        one = self.heads["one"] * (3 * self.shared[0] + self.shared[1])
        return {"one": one, "two": self.heads["two"] * (self.shared[1] - self.shared[0])}


def gradients(name, share=1.0):
    made = Two()
    weighting(name, made.heads).backward(made.losses(), made, share)
    return made.shared.grad, {name: float(weight.grad) for name, weight in made.heads.items()}


def test_equal_weights_follow_the_sum_of_the_losses():
    shared, heads = gradients("equal", 0.5)
    assert shared.tolist() == [1.0, 1.0] and heads == {"one": 2.5, "two": 0.5}


def test_surgery_takes_the_opposing_part_from_each_and_leaves_heads_their_own():
    pytest.importorskip("torchjd", reason="needs TorchJD: pip install 'crossover[surgery]'")
    one, two = np.array([3.0, 1.0]), np.array([-1.0, 1.0])
    expected = (one - (one @ two) / (two @ two) * two) + (two - (two @ one) / (one @ one) * one)
    shared, heads = gradients("surgery")
    np.testing.assert_allclose(shared, expected, rtol=1e-6)
    assert heads == {"one": 5.0, "two": 1.0}
    half, _ = gradients("surgery", 0.5)
    np.testing.assert_allclose(half, expected / 2, rtol=1e-6)


def test_uncertainty_weighs_by_a_learned_variance_and_an_absent_task_changes_no_weight():
    module, losses = weighting(UNCERTAINTY, ["one", "two"]), {"one": torch.tensor(4.0, requires_grad=True)}
    with torch.no_grad():
        module.log_variances["one"].fill_(1.0)
    total = module.total(losses, module)
    assert total.item() == pytest.approx(4 * np.exp(-1) + 0.5)
    total.backward()
    assert float(module.log_variances["one"].grad) == pytest.approx(-4 * np.exp(-1) + 0.5)
    assert module.log_variances["two"].grad is None


@pytest.mark.parametrize("name", ["uncertainty", "surgery"])
def test_a_network_learns_with_it_and_keeps_nothing_of_it(name):
    if name == "surgery":
        pytest.importorskip("torchjd", reason="needs TorchJD: pip install 'crossover[surgery]'")
    model = MultiTask(CtcRecogniser(**SMALL), task_weights=name).fit(CLIPS, TEXTS, SPEAKER)
    plain = MultiTask(CtcRecogniser(**SMALL)).fit(CLIPS, TEXTS, SPEAKER)
    assert model.recogniser_.weights_.keys() == plain.recogniser_.weights_.keys()
    pairs = zip(model.recogniser_.weights_.values(), plain.recogniser_.weights_.values(), strict=True)
    assert any(not np.array_equal(*pair) for pair in pairs)
    assert len(model.predict_tasks(CLIPS)["speaker"]) == len(model.predict(CLIPS)) == 24


def test_uncertainty_gives_the_larger_loss_the_smaller_weight():
    made = network({"ctc": two_heads()["ctc"]})
    heads = TaskHeads(SPEAKER, task_weights="uncertainty")
    trained = run(training(made, heads.put_on(made, tones(made)), steps=60))
    variances = {name: float(s) for name, s in trained.weighting.log_variances.items()}
    assert variances["ctc"] > variances["task_0"]


def test_surgery_without_its_package_is_refused_before_the_first_fit(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchjd", None)
    with pytest.raises(ValueError, match=r"expected the package TorchJD, got none; install it with pip inst"):
        MultiTask(CtcRecogniser(**SMALL), task_weights="surgery").check_settings()
