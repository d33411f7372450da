"""Trials imported for seconds what the process that they are forked from should have had imported.

First because a corpus prepared in several processes had started that process without any of it; then because
what a trial comes by late (the optimiser, the store, the model's file format) was not on its list.
"""

import csv
import json
import os
import subprocess
import sys

from tests.commands import ROOT

AFTER_A_CORPUS = """
import operator
from components.speech.corpus.workers import imap
from flows.child import run_in_child

if __name__ == "__main__":
    list(imap(operator.neg, [1, 2], workers=2))
    print(run_in_child(eval, "'flows.trial' in __import__('sys').modules", timeout_s=60))
"""
IN_A_TRIAL = """
import json, sys
from flows.child import run_in_child

def imported_by(*trial):
    from flows.trial import run_trial
    before = set(sys.modules)
    run_trial(*trial)
    return sorted(set(sys.modules) - before)

if __name__ == "__main__":
    from flows.prepare import prepare
    from components.speech.study import SpeechStudy as Study
    asked = {"recognisers": ["mel-ctc"], "sizes": [4], "draws": 1, "settings": {"mel-ctc": {"steps": 2}}}
    ready = prepare(Study(corpus="some.csv", split="clips", **asked))
    trial = (ready.study, ready.plan.trials[0], ready.run_id, ready.store)
    print(json.dumps(run_in_child(imported_by, *trial, timeout_s=60)))
"""


WITHOUT_GIT = """
from flows.child import run_in_child

if __name__ == "__main__":
    print(run_in_child(eval, "'torch._dynamo' in __import__('sys').modules", timeout_s=60))
"""


PACKAGES = """
from flows.child import run_in_child

if __name__ == "__main__":
    known = "__import__('mlflow.utils.requirements_utils', fromlist=[''])._MODULES_TO_PACKAGES"
    print(len(run_in_child(eval, known, timeout_s=60)) > 100)
"""


SOURCES = """
from flows.child import run_in_child

if __name__ == "__main__":
    module = "__import__('components.study.fingerprint', fromlist=[''])"
    known = f"{module}.__dict__['_read'].cache_info().currsize"
    print(run_in_child(eval, known, timeout_s=60) > 100)
"""


def said_by(script, folder, **variables):
    (folder / "script.py").write_text(script)
    ended = subprocess.run(
        [sys.executable, folder / "script.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CROSSOVER_CACHE": str(folder / "cache")} | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_trial_after_a_corpus_was_prepared_finds_its_imports_done(tmp_path):
    assert said_by(AFTER_A_CORPUS, tmp_path) == "True"


def test_a_trial_imports_next_to_nothing(tmp_path, recordings, store):
    with (tmp_path / "some.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("path", "text", "speaker"))
        for path in sorted((recordings / "fsdd" / "recordings").glob("[01]_*_[01].*")):
            rows.writerow((path, {"0": "zero", "1": "one"}[path.name[0]], path.name.split("_")[1]))
    late = json.loads(said_by(IN_A_TRIAL, tmp_path))
    assert len(late) < 50, late


def test_one_module_that_is_not_to_be_had_leaves_the_others_imported(tmp_path):
    """GitPython refuses to be imported on a machine without git."""
    assert said_by(WITHOUT_GIT, tmp_path, PATH=str(tmp_path)) == "True"


def test_mlflow_has_read_what_the_packages_hold_before_a_trial_begins(tmp_path):
    """It took a third of the time that a trial takes beside training and decoding."""
    assert said_by(PACKAGES, tmp_path) == "True"


def test_the_sources_that_a_trial_hashes_are_read_before_it_begins(tmp_path):
    assert said_by(SOURCES, tmp_path) == "True"
