"""A store that commit d1b5641 made: its models answer as then, its reports have the numbers of then."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from components.contract import Clip
from components.study.saving import load
from components.study.tracking import Store
from components.study.tracking.relocate import relocate

DATA = Path(__file__).parents[2] / "data"
KNOWN = json.loads((DATA / "store-d1b5641.json").read_text())
TRIALS = {
    f"{study}-{trial['recogniser']}-{trial['size']}-{trial['draw']}": trial
    for study, known in KNOWN["studies"].items()
    for trial in known["trials"]
    if trial["status"] == "finished"
}
PYFUNC = """
import json, sys
import mlflow.pyfunc, pandas
mlflow.set_tracking_uri(sys.argv[1])
sounds = [open(path, "rb").read() for path in sys.argv[3:]]
model = mlflow.pyfunc.load_model(f"models:/{sys.argv[2]}")
print(json.dumps(list(model.predict(pandas.DataFrame({"audio": sounds})))))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The store, unpacked where it was not made."""
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(DATA / "store-d1b5641.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    assert relocate(folder / "mlruns") > 0
    return Store(f"sqlite:///{folder}/mlruns/mlflow.db")


def sound(name):
    return DATA / "fsdd" / "recordings" / f"{name}.flac"


@pytest.fixture(scope="module")
def clips():
    torch.set_num_threads(1)
    read = [soundfile.read(sound(name), dtype="float32") for name in KNOWN["clips"]]
    return [
        Clip(name, name.split("_")[1], np.asarray(samples), rate)
        for name, (samples, rate) in zip(KNOWN["clips"], read, strict=True)
    ]


def model_of(store, run_id):
    return store.client.get_run(run_id).outputs.model_outputs[0].model_id


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_every_model_answers_as_it_did(store, clips, trial):
    with store.artifacts(f"models:/{model_of(store, trial['run_id'])}") as folder:
        recogniser = load(folder / "artifacts" / "recogniser")
        assert recogniser.predict(clips) == trial["heard"]


def test_mlflow_alone_serves_a_model_by_the_script_that_lies_beside_it(store):
    trial = next(iter(TRIALS.values()))
    arguments = [store.address, model_of(store, trial["run_id"]), *map(sound, KNOWN["clips"])]
    done = subprocess.run(
        [sys.executable, "-c", PYFUNC, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1]) == trial["heard"]
