"""A trained network of several tasks in use: transcribe, explain and MLflow give all of its answers."""

import json
import shutil
import sys

import mlflow
import pandas as pd
import pytest
import soundfile

from components.contract import Clip
from components.neural import CtcRecogniser, MultiTask
from components.speech.sound_file import sound_bytes
from components.study.task import Task
from components.study.tracking import Store
from components.subjects.speech import load_recogniser, log_recogniser
from flows import cli
from tests.fsdd import digits, paths_of

PITCH = {"jackson": 110.0, "nicolas": 130.0, "theo": 120.0}


@pytest.fixture(scope="module")
def kept(recordings, _new_store, tmp_path_factory):
    """A store with a run that keeps a network for words, speakers and pitch, and the run's id."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(_new_store, folder / "mlflow.db")
    store = Store(f"sqlite:///{folder}/mlflow.db")
    experiment = store.client.create_experiment("e", artifact_location=(folder / "artifacts").as_uri())
    run = store.client.create_run(experiment).info.run_id
    clips, texts = digits(recordings, [5])
    tasks = {
        "speaker": Task("speaker", "class", [clip.speaker for clip in clips]),
        "pitch": Task("pitch", "number", [PITCH[clip.speaker] for clip in clips]),
    }
    network = CtcRecogniser(channels=32, layers=2, steps=30, decoding="greedy", device="cpu")
    log_recogniser(store, run, MultiTask(network).fit(clips, texts, tasks), clips[0])
    return store, run


@pytest.fixture
def crossover(kept, tmp_path, monkeypatch, capsys):
    """A command and its words behind the run, in an empty folder -> output."""

    def run(command, *words):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", kept[0].address)
        monkeypatch.setattr(sys, "argv", ["crossover", command, kept[1], *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert (ended.value.code, said.err) == (0, "")
        return said.out

    return run


@pytest.fixture(scope="module")
def seven(recordings):
    return next(path for path in paths_of(recordings) if path.stem == "7_theo_0")


@pytest.fixture(scope="module")
def expected(kept, seven):
    """What the network itself answers."""
    clip = Clip("seven", "", *soundfile.read(seven, dtype="float32"))
    model, _ = load_recogniser(*kept)
    return clip, model.predict([clip])[0], {name: one[0] for name, one in model.predict_tasks([clip]).items()}


def test_transcribe_prints_every_answer_behind_the_words(crossover, seven, expected):
    _, text, answers = expected
    fields = crossover("transcribe", seven).rstrip("\n").split("\t")
    assert fields == [str(seven), text, f"speaker={answers['speaker']}", f"pitch={answers['pitch']:.4g}"]
    (line,) = crossover("transcribe", seven, "--format", "json").splitlines()
    assert json.loads(line)["tasks"] == pytest.approx(answers)


def test_explain_says_every_answer(crossover, seven, expected, tmp_path):
    _, _, answers = expected
    lines = crossover("explain", seven).splitlines()
    assert f"speaker: {answers['speaker']}" in lines and f"pitch: {answers['pitch']:.4g}" in lines
    assert (tmp_path / "7_theo_0.png").is_file()


def test_mlflow_s_model_has_a_column_for_every_task(kept, expected):
    clip, text, answers = expected
    store, run = kept
    mlflow.set_tracking_uri(store.address)
    model = mlflow.pyfunc.load_model(f"models:/{store.client.get_run(run).outputs.model_outputs[0].model_id}")
    kinds = {one.name: one.type.name for one in model.metadata.signature.outputs.inputs}
    assert kinds == {"transcript": "string", "speaker": "string", "pitch": "double"}
    (row,) = model.predict(pd.DataFrame({"audio": [sound_bytes(clip, "WAV")]})).to_dict("records")
    assert row.pop("transcript") == text
    assert row == {"speaker": answers["speaker"], "pitch": pytest.approx(answers["pitch"], rel=1e-3)}
