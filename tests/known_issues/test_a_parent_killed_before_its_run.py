"""After kill -9 of `crossover serve` the process of its run went on and began new trials, under process 1."""

import os
import signal
import subprocess
import sys

import psutil

from tests.commands import ROOT, happens

SCRIPT = """
import multiprocessing, time
from flows.child import end_with_parent

def run():
    end_with_parent()
    time.sleep(60)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=run)  # as Prefect starts a run
    process.start()
    print(process.pid, flush=True)
    process.join()
"""


def test_the_process_of_a_run_ends_with_the_one_that_started_it(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "script.py"], env=surroundings, stdout=subprocess.PIPE
    )
    run = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert happens(lambda: not run.is_running(), 30)
