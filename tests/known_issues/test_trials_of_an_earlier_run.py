"""Trials of an earlier run of a study stayed under its name in MLflow, with nothing to tell them by."""

import pytest

from components.study.tracking import CURRENT, read_study
from flows.mlflow_page import addresses
from flows.prepare import prepare
from flows.trial import run_trial
from flows.write_report import make_report

ASKED = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "draws": 1, "device": "cpu"}


def tagged(store):
    """Size of each trial -> whether it is marked."""
    runs = store.search("tags.kind = 'trial'")
    return {int(run.data.tags["size"]): run.data.tags.get("superseded_by") for run in runs}


@pytest.mark.usefixtures("no_pictures")
def test_they_are_marked_until_they_are_asked_for_again(trained, tmp_path):
    study, store = trained(tmp_path / "study", ASKED | {"sizes": [8, 12]})
    make_report(store, audio=False)
    assert tagged(store) == {8: None, 12: None}
    fewer = study.model_copy(update={"sizes": [8, 20]})
    prepared = prepare(fewer)
    (missing,) = prepared.missing
    run_trial(fewer, missing, prepared.run_id, store)
    made = make_report(store, prepared.run_id, audio=False)
    assert tagged(store) == {8: None, 12: made.record.run_id, 20: None}
    current = store.search(f"tags.kind = 'trial' and {CURRENT}")
    assert {run.info.run_id for run in current} == {trial.run_id for trial in made.record.trials}
    assert "superseded_by%20IS%20NULL" in addresses(store, "http://127.0.0.1:5000")["Trials and studies"]
    again = prepare(study)
    assert again.missing == ()
    make_report(store, again.run_id, audio=False)
    assert tagged(store) == {8: None, 12: None, 20: read_study(store, again.run_id).run_id}
