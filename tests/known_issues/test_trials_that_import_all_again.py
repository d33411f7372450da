"""A corpus prepared in several processes started the fork server first, without the imports of trials."""

import subprocess
import sys

from tests.flows.commands import ROOT

SCRIPT = """
import operator, sys
from components.corpus.workers import in_order
from flows.child import run_in_child

if __name__ == "__main__":
    list(in_order(operator.neg, [1, 2], workers=2))
    print(run_in_child(eval, "'flows.trial' in __import__('sys').modules", timeout_s=60))
"""


def test_a_trial_after_a_corpus_was_prepared_finds_its_imports_done(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    ended = subprocess.run(
        [sys.executable, tmp_path / "script.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stdout.strip() == "True", ended.stderr
