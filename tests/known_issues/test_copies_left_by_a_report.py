"""A report read each trial's table through a copy that it left in the folder for passing files, for good."""

import tempfile

import numpy as np

from components.contract import Clip
from components.study.tracking import load_recogniser, log_sounds, read_sounds, read_study
from flows.compare import prepare
from flows.study import check_study
from flows.trial import run_trial


def test_what_reads_a_study_leaves_no_copies_behind(store, recordings, tmp_path, monkeypatch):
    asked = {"recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "tracking": store.address}
    ready = prepare(check_study({"corpus": "fsdd", "data": str(recordings), **asked}))
    ended = run_trial(ready.study, ready.plan.trials[0], ready.run_id, ready.store)
    log_sounds(store, ready.run_id, [Clip("one", "george", np.zeros(800, np.float32), 8000)])
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    (trial,) = read_study(store).finished
    assert len(trial.utterances) == trial.metrics["words"]
    assert load_recogniser(store, ended.run_id)[1] == 8000
    assert list(read_sounds(store, ready.run_id)) == ["one"]
    assert list(passing.iterdir()) == []
