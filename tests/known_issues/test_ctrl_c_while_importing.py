"""Ctrl-C in the first seconds of a study left the stack trace of the process that trials are forked from."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SCRIPT = """
import signal, time
from flows.child import forkserver, run_in_child
from operator import add
forkserver()
print("importing", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    print(run_in_child(add, 1, 2, timeout_s=60), flush=True)
"""


def test_the_fork_server_never_hears_ctrl_c():
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout.readline() == "importing\n"
    time.sleep(1)
    os.killpg(parent.pid, signal.SIGINT)  # as a terminal does
    said, complained = parent.communicate(timeout=90)
    assert (said, complained) == ("3\n", "")
