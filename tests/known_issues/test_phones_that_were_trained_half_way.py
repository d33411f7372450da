"""Once the head of the words was chosen, every other CTC head was trained no more, that of a task as well."""

import pytest

from components.laws.examples import labelled
from components.neural import CtcRecogniser, MultiTask
from components.neural.training.trainer import Training
from components.study.task import Task

SMALL = {"channels": 16, "layers": 1, "steps": 6, "batch_seconds": 4.0, "device": "cpu"}


@pytest.fixture
def weights_at_the_end(monkeypatch) -> list[dict[str, float]]:
    """Loss weights of the network of every training that goes to its end."""
    seen, run_to_end = [], Training.run_to_end

    def watched(training):
        seen.append(dict(training.network.loss_weights))
        return run_to_end(training)

    monkeypatch.setattr(Training, "run_to_end", watched)
    return seen


def test_the_heads_of_tasks_are_trained_to_the_end_and_of_those_of_the_words_one(weights_at_the_end):
    clips, texts = labelled()
    letters = {"letters": Task("letters", "text", [" ".join(text) for text in texts])}
    words = CtcRecogniser(**SMALL, second_units="words")
    MultiTask(words, task_weight=0.5).fit(clips, texts, letters)
    (weights,) = weights_at_the_end
    assert weights["task_0"] == 0.5
    assert sorted(weights[head] for head in ("ctc", "second_ctc")) == [0.0, 1.0]
