"""A function in a process of its own: its answer, its errors, its end."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from flows.child import TrialFailed, run_in_child, send_to_parent
from tests.commands import happens

LONG = 600


def add(a, b):
    return a + b


def stop_the_world():
    raise ValueError("clip 'a' is too short; record it again.")


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def run_out_of_memory():
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_in_c(mark):
    program = subprocess.Popen(["sleep", str(LONG)])
    program_of(mark).write_text(str(program.pid))
    Path(mark).write_text(str(os.getpid()))
    time.sleep(LONG)


def program_of(mark):
    """Where the child that sleeps writes the id of the program that it started."""
    return Path(f"{mark}.program")


def threads():
    import torch

    return torch.get_num_threads()


def count_aloud(until):
    for number in range(until):
        send_to_parent({"step": number})
    return "counted"


def count_and_crash():
    send_to_parent("one")
    crash()


def test_messages_of_a_child_arrive_in_order_and_before_its_result():
    messages = []
    assert run_in_child(count_aloud, 5000, timeout_s=60, on_message=messages.append) == "counted"
    assert [message["step"] for message in messages] == list(range(5000))
    assert run_in_child(count_aloud, 3, timeout_s=60) == "counted"  # where no messages are expected


def test_what_a_child_sent_before_it_crashed_arrives():
    messages = []
    with pytest.raises(TrialFailed, match="was killed by SIGSEGV"):
        run_in_child(count_and_crash, timeout_s=60, on_message=messages.append)
    assert messages == ["one"]


def test_outside_a_child_a_message_to_the_parent_is_dropped():
    assert send_to_parent("anything") is None


def test_the_answer_of_a_child_comes_back():
    assert run_in_child(add, 2, 3, timeout_s=60) == 5


def test_a_child_has_one_thread():
    assert run_in_child(threads, timeout_s=60) == 1


def test_an_exception_in_a_child_arrives_with_its_traceback():
    with pytest.raises(TrialFailed, match=r"stop_the_world(.|\n)*clip 'a' is too short; record it again"):
        run_in_child(stop_the_world, timeout_s=60)


def test_a_crash_is_named_and_stays_in_the_child():
    with pytest.raises(TrialFailed, match="the trial's process was killed by SIGSEGV"):
        run_in_child(crash, timeout_s=60)
    assert run_in_child(add, 1, 1, timeout_s=60) == 2


def test_a_child_killed_for_memory_says_what_to_do():
    with pytest.raises(
        TrialFailed, match="killed by SIGKILL; the machine may have run out of memory: use fewer"
    ):
        run_in_child(run_out_of_memory, timeout_s=60)


def chatter():
    while True:
        send_to_parent("still here")
        time.sleep(0.01)


@pytest.fixture(scope="module")
def timed_out(tmp_path_factory):
    """A child that keeps telling and one that sleeps, both until their time-out: errors, the sleeper's id."""
    mark = tmp_path_factory.mktemp("timed_out") / "pid"
    with ThreadPoolExecutor(2) as pool:  # 6 s are time to import, on a busy machine
        children = [pool.submit(run_in_child, chatter, timeout_s=6)]
        children.append(pool.submit(run_in_child, sleep_in_c, str(mark), timeout_s=6))
    return [child.exception() for child in children], int(mark.read_text()), int(program_of(mark).read_text())


def test_a_child_that_keeps_telling_still_meets_its_time_out(timed_out):
    (error, _), *_ = timed_out
    assert type(error) is TrialFailed and "time-out of 0.1 minutes" in str(error)


def test_a_time_out_really_ends_the_child(timed_out):
    (_, error), pid, program = timed_out
    assert type(error) is TrialFailed and "time-out of 0.1 minutes; raise --timeout-minutes" in str(error)
    assert not psutil.pid_exists(pid)
    assert happens(lambda: ended(program), 10)


def ended(pid):
    """Whether a process is gone, reaped or not."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_many_children_at_once_each_get_their_own_answer():
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda i: run_in_child(add, i, i, timeout_s=60), range(12)))
    assert answers == [2 * i for i in range(12)]


@pytest.mark.slow
def test_children_end_when_their_parent_is_killed(tmp_path):
    mark = tmp_path / "pid"
    script = textwrap.dedent(f"""
        from flows.child import run_in_child
        from tests.flows.test_child import sleep_in_c
        if __name__ == "__main__":
            run_in_child(sleep_in_c, {str(mark)!r}, timeout_s=600)
    """)
    path = tmp_path / "parent.py"
    path.write_text(script)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, str(path)], env={**os.environ, "PYTHONPATH": str(root)})
    child = _wait_for(mark)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=10)
    assert ended(child)
    assert happens(lambda: ended(int(program_of(mark).read_text())), 10)


@pytest.mark.slow
def test_the_fork_server_ends_when_its_parent_is_killed_while_it_imports(tmp_path):
    script = (
        "import time; from flows.child import forkserver; forkserver(); print(flush=True); time.sleep(600)"
    )
    root = Path(__file__).parents[2]
    surroundings = {**os.environ, "PYTHONPATH": str(root)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    parent.stdout.readline()
    assert happens(lambda: _fork_servers(parent.pid))  # it may not have begun its own program yet
    (server,) = _fork_servers(parent.pid)
    assert happens(lambda: "/torch/" in Path(f"/proc/{server.pid}/maps").read_text())  # amid its imports
    parent.kill()
    parent.wait()
    _, left = psutil.wait_procs([server], timeout=2)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in left)  # ended, and not yet reaped


def _fork_servers(parent: int) -> list[psutil.Process]:
    children = psutil.Process(parent).children()
    return [one for one in children if "multiprocessing.forkserver" in " ".join(one.cmdline())]


def _wait_for(mark: Path) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if mark.exists() and mark.read_text():
            return int(mark.read_text())
        time.sleep(0.05)
    raise AssertionError("the child never started")
