"""An exported network of several tasks has an output for each, which says what the recogniser answers."""

import json

import numpy as np
import onnxruntime
import pytest

from components.laws.examples import labelled
from components.neural import CtcRecogniser, MultiTask, SoftSharing
from components.neural.export import export_onnx
from components.neural.tasks.size import SAME_EACH
from components.speech.decoding.greedy import collapse
from components.study.task import Task

CLIPS, TEXTS = labelled()
SMALL = {"channels": 48, "layers": 2, "steps": 40, "batch_seconds": 8.0, "device": "cpu"}
TASKS = {
    "speaker": Task("speaker", "class", [clip.speaker for clip in CLIPS]),
    "length": Task("length", "number", [float(len(text)) for text in TEXTS]),
    "symbols": Task("symbols", "text", [" ".join(text) for text in TEXTS]),
}


@pytest.mark.parametrize(
    "learner",
    [MultiTask(CtcRecogniser(**SMALL), text_layer=1), SoftSharing(CtcRecogniser(**SMALL), SAME_EACH)],
    ids=["hard sharing, a middle layer", "soft sharing"],
)
def test_every_task_has_an_output_by_its_name(learner, tmp_path):
    model = learner.fit(CLIPS, TEXTS, TASKS)
    export_onnx(model, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    outputs = ["log_probabilities", "task.speaker", "task.length", "task.symbols"]
    assert [one.name for one in session.get_outputs()] == outputs
    about = json.loads(session.get_modelmeta().custom_metadata_map["tasks"])
    assert {name: task["kind"] for name, task in about.items()} == {
        "speaker": "class",
        "length": "number",
        "symbols": "text",
    }
    for clip in CLIPS[:4]:
        words, speaker, length, symbols = session.run(None, {"waveform": clip.samples})
        answers = {name: answer for name, (answer,) in model.predict_tasks([clip]).items()}
        np.testing.assert_allclose(words, model.recogniser_.log_probabilities([clip])[0], atol=1e-4)
        assert about["speaker"]["classes"][speaker.argmax()] == answers["speaker"]
        assert np.exp(speaker).sum() == pytest.approx(1, abs=1e-5)
        assert float(length[0]) == pytest.approx(answers["length"], abs=1e-3)
        path = collapse(symbols.argmax(1))
        assert " ".join(about["symbols"]["alphabet"][token - 1] for token in path) == answers["symbols"]
