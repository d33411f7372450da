"""Trials imported for seconds what the process that they are forked from should have had imported.

First because a corpus prepared in several processes had started that process without any of it; then because
what a trial comes by late (the optimiser, the store, the model's file format) was not on its list.
"""

import csv
import json
import os
import subprocess
import sys

import pytest

from tests.commands import PATIENCE, ROOT
from tests.fsdd import paths_of

LOOK = """
import json, operator, sys
from components.speech.corpus.workers import imap
from flows.child import run_in_child

def look():
    import mlflow.utils.requirements_utils as requirements
    from components.study import fingerprint
    return {
        "modules": sorted(set(sys.modules) & {"flows.trial", "torch._dynamo"}),
        "packages": len(requirements._MODULES_TO_PACKAGES),
        "sources": fingerprint._read.cache_info().currsize,
    }

def imported_by(*trial):
    from flows.trial import run_trial
    before = set(sys.modules)
    run_trial(*trial)
    return sorted(set(sys.modules) - before)
"""
AFTER_A_CORPUS = """
if __name__ == "__main__":
    list(imap(operator.neg, [1, 2], workers=2))
    seen = run_in_child(look, timeout_s=60)
    from flows.prepare import prepare
    from components.speech.study import SpeechStudy as Study
    asked = {"recognisers": ["mel-ctc"], "sizes": [4], "draws": 1, "settings": {"mel-ctc": {"steps": 2}}}
    ready = prepare(Study(corpus="some.csv", split="clips", **asked))
    trial = (ready.study, ready.plan.trials[0], ready.run_id, ready.store)
    print(json.dumps(seen | {"late": run_in_child(imported_by, *trial, timeout_s=60)}))
"""
WITHOUT_GIT = """
if __name__ == "__main__":
    print(json.dumps(run_in_child(look, timeout_s=60)))
"""


def output_of(script, folder, **variables):
    """A script, run in a folder in a process of its own -> the JSON that it prints."""
    (folder / "script.py").write_text(LOOK + script)
    ended = subprocess.run(
        [sys.executable, folder / "script.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CROSSOVER_CACHE": str(folder / "cache")} | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def seen(tmp_path_factory, recordings, store_in):
    """What the process that trials are forked from has, after a corpus was prepared in several."""
    folder = store_in(tmp_path_factory.mktemp("seen")).folder.parent
    with (folder / "some.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("path", "text", "speaker"))
        for path in paths_of(recordings, "[01]_*_[05]"):
            rows.writerow((path, {"0": "zero", "1": "one"}[path.name[0]], path.name.split("_")[1]))
    return output_of(AFTER_A_CORPUS, folder)


def test_a_trial_after_a_corpus_was_prepared_finds_its_imports_done(seen):
    assert "flows.trial" in seen["modules"]


def test_a_trial_imports_next_to_nothing(seen):
    assert len(seen["late"]) < 50, seen["late"]


def test_mlflow_has_read_what_the_packages_hold_before_a_trial_begins(seen):
    """It took a third of the time that a trial takes beside training and decoding."""
    assert seen["packages"] > 100


def test_the_sources_that_a_trial_hashes_are_read_before_it_begins(seen):
    assert seen["sources"] > 100


def test_one_module_that_is_not_to_be_had_leaves_the_others_imported(tmp_path):
    """GitPython refuses to be imported on a machine without git."""
    assert "torch._dynamo" in output_of(WITHOUT_GIT, tmp_path, PATH=str(tmp_path))["modules"]
