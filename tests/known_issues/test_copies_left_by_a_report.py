"""A report read each trial's table through a copy that it left in the folder for passing files, for good."""

import tempfile

from components.study.tracking import log_attachments, read_attachments, read_study
from components.subjects import check_study
from components.subjects.speech import load_recogniser
from flows.prepare import prepare
from flows.trial import run_trial


def test_what_reads_a_study_leaves_no_copies_behind(store, recordings, tmp_path, monkeypatch):
    asked = {"recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "tracking": store.address}
    ready = prepare(check_study({"corpus": "fsdd", "data": str(recordings), **asked}))
    ended = run_trial(ready.study, ready.plan.trials[0], ready.run_id, ready.store)
    log_attachments(store, ready.run_id, {"one": b"fLaC"})
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    (trial,) = read_study(store).finished
    assert len(trial.scores) == trial.metrics["total"]
    assert load_recogniser(store, ended.run_id)[1] == 8000
    assert list(read_attachments(store, ready.run_id)) == ["one"]
    assert list(passing.iterdir()) == []
