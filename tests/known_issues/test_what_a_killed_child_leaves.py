"""A trial killed at its time-out, or with its parent, left half-written copies of its model behind.

The parent, killed, left the folder of its fork server's socket (pymp-...), too. A trial that was just writing
when its parent was killed filled the folder that was being removed, which was left then.
"""

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from flows.child import TrialFailed, run_in_child
from tests.commands import PATIENCE


def write_and_wait(mark):
    folder = tempfile.mkdtemp()
    Path(folder, "half").write_text("written")
    Path(mark).write_text(folder)
    time.sleep(60)


def test_after_a_time_out_nothing_is_left(tmp_path):
    mark = tmp_path / "mark"
    run_in_child(len, "", timeout_s=PATIENCE)  # the fork server's imports are no part of a child's time
    with pytest.raises(TrialFailed, match="time-out"):
        run_in_child(write_and_wait, str(mark), timeout_s=5)
    assert not Path(mark.read_text()).exists()


@pytest.fixture
def temporary():
    """A folder for temporary files whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_a_folder_too_long_for_a_socket_is_named_with_the_way_out(tmp_path):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(folder)}
    script = "from flows.child import forkserver; forkserver()"
    ended = subprocess.run([sys.executable, "-c", script], env=surroundings, capture_output=True, text=True)
    said = "OSError: the folder for temporary files expected a path of at most 75 bytes, which a socket "
    said += f"in it can have, got {str(folder)!r}; set TMPDIR to a shorter one."
    assert ended.stderr.splitlines()[-1] == said


def write_for_ever(mark):
    folder = Path(tempfile.mkdtemp())
    Path(mark).write_text(str(folder))
    for number in itertools.count():
        with suppress(FileNotFoundError):  # once it is being removed
            Path(tempfile.mkdtemp(), "half").write_text(f"{number}")


@pytest.mark.parametrize("work", [write_and_wait, write_for_ever])
def test_after_the_parent_was_killed_nothing_is_left(work, tmp_path, temporary):
    mark, script = tmp_path / "mark", tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
        from flows.child import run_in_child
        from tests.known_issues.test_what_a_killed_child_leaves import {work.__name__}
        if __name__ == "__main__":
            run_in_child({work.__name__}, {str(mark)!r}, timeout_s=60)
        """)
    )
    root = str(Path(__file__).parents[2])
    surroundings = {**os.environ, "PYTHONPATH": root, "TMPDIR": str(temporary)}
    parent = subprocess.Popen([sys.executable, script], env=surroundings)
    until = time.monotonic() + PATIENCE
    while not (mark.exists() and mark.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    folder = Path(mark.read_text())
    assert folder.exists() and list(temporary.glob("pymp-*"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while _left(temporary) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _left(temporary)


def test_after_the_parent_was_killed_while_its_fork_server_began_nothing_is_left(temporary):
    """It took whoever it found itself under for its parent, imported for seconds, and left the folder."""
    root = str(Path(__file__).parents[2])
    surroundings = {**os.environ, "PYTHONPATH": root, "TMPDIR": str(temporary)}
    begin = "import os, signal; from flows.child import forkserver; forkserver(); "
    look = "print(os.listdir(os.environ['TMPDIR']), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    parent = subprocess.run([sys.executable, "-c", begin + look], env=surroundings, stdout=subprocess.PIPE)
    assert (parent.returncode, parent.stdout[:7]) == (-signal.SIGKILL, b"['pymp-")
    until = time.monotonic() + PATIENCE
    while _left(temporary) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _left(temporary)


def _left(temporary):
    """What is in the folder for temporary files, but for torch's one cache a user."""
    return [path for path in temporary.iterdir() if not path.name.startswith("torchinductor_")]
