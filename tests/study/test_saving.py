"""A saved recogniser is data: it runs no code when it is loaded."""

import os

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from components.speech.features.deltas import Deltas
from components.study.saving import FILE, learned_numbers, load, save
from components.study.trust import is_ours


class Stranger(BaseEstimator):
    """A stage from somebody else's project."""

    def __init__(self, gain=1.0):
        self.gain = gain


class Trap:
    """What pickle would run while loading."""

    def __reduce__(self):
        return os.system, ("touch sprung",)


def test_a_pipeline_of_ours_comes_back(tmp_path):
    frames = [np.arange(12, dtype=np.float32).reshape(6, 2)]
    kept = Pipeline([("deltas", Deltas())]).fit(frames)
    save(kept, tmp_path)
    np.testing.assert_array_equal(load(tmp_path).transform(frames)[0], kept.transform(frames)[0])


def test_a_stage_of_your_own_must_be_named_to_be_trusted(tmp_path):
    save(Stranger(2.0), tmp_path)
    name = f"{Stranger.__module__}.Stranger"
    with pytest.raises(ValueError) as error:
        load(tmp_path)
    assert str(error.value) == (
        f"{tmp_path / FILE} expected parts of this project and simple ones of scikit-learn, got {name}; "
        f"if you trust where it came from, name them: --trust {name}, or trusted= in Python."
    )
    assert load(tmp_path, trusted=[name]).gain == 2.0


@pytest.mark.parametrize("payload", [os.system, eval, Trap()], ids=["os.system", "eval", "reduce"])
def test_a_file_that_would_run_something_is_refused(tmp_path, payload, monkeypatch):
    monkeypatch.chdir(tmp_path)
    skops.io.dump(Stranger(payload), tmp_path / FILE)
    with pytest.raises((ValueError, skops.io.exceptions.UntrustedTypesFoundException)):
        load(tmp_path, trusted=[f"{Stranger.__module__}.Stranger"])
    assert not (tmp_path / "sprung").exists()


def test_what_our_modules_import_is_not_ours(tmp_path):
    assert is_ours("components.speech.features.deltas.Deltas")
    assert not is_ours("components.speech.corpus.workers.ProcessPoolExecutor")
    assert not is_ours("components.speech.corpus.workers.os")
    assert not is_ours("components.nowhere.Deltas")


def test_learned_numbers_are_counted_and_settings_are_not():
    scaler = StandardScaler().fit(np.zeros((5, 3)))
    assert learned_numbers(StandardScaler(with_mean=True)) == 0
    assert learned_numbers(Pipeline([("scaler", scaler)])) == learned_numbers(scaler) > 6
