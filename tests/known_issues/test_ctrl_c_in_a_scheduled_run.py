"""Ctrl-C under `crossover serve`, just while a run began or ended, showed that run's stack trace."""

import os
import subprocess
import sys

from tests.commands import ROOT

SCRIPT = """
import multiprocessing, os, signal, time
import flows.cli

def run(begun):
    begun.set()
    time.sleep(1)

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")  # as Prefect starts a run
    begun = spawn.Event()
    process = spawn.Process(target=run, args=(begun,))
    process.start()
    begun.wait(60)
    os.kill(process.pid, signal.SIGINT)
    process.join(60)
    print(process.exitcode, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_a_run_leaves_ctrl_c_to_the_process_that_started_it(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    ended = subprocess.run(
        [sys.executable, tmp_path / "script.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.stdout, ended.stderr) == ("0 True\n", "")
