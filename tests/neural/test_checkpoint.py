"""A training that is killed goes on where it was, to the same weights; short ones write nothing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from components.neural import CtcRecogniser
from components.neural.training import checkpoint
from components.neural.training.checkpoint import kept_training
from tests.neural.test_recogniser import digits

ROOT = Path(__file__).parents[2]
SMALL = {"channels": 32, "layers": 1, "steps": 100, "batch_seconds": 4.0, "device": "cpu"}
JOINED = 73  # a step at which the dev clips are learned from
TRAINING = """
    import sys
    from pathlib import Path

    import torch

    from components.neural import CtcRecogniser
    from components.neural.training.checkpoint import kept_training
    from tests.neural.test_checkpoint import SMALL
    from tests.neural.test_recogniser import digits

    torch.set_num_threads(1)
    clips, texts = digits(Path(sys.argv[1]), [5, 6])
    with kept_training(Path(sys.argv[2]), save_every_s=0.0):
        CtcRecogniser(**SMALL).fit(clips, texts)
"""


def train_until_killed(recordings, folder, step):
    """Train in a process of its own, kept after every step, and kill it at a step or soon after."""
    words = [sys.executable, "-c", textwrap.dedent(TRAINING), str(recordings), str(folder)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)})
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until and step_kept(folder) < step:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def step_kept(folder):
    kept = [torch.load(path, weights_only=True) for path in folder.glob("*.pt")]
    return kept[0]["state"]["standing"]["step"] if kept else -1


def taught(recordings, takes=(5, 6), **settings):
    return CtcRecogniser(**{**SMALL, **settings}).fit(*digits(recordings, takes))


def same(one, other):
    return all(np.array_equal(one.weights_[name], other.weights_[name]) for name in other.weights_)


@pytest.mark.slow
def test_killed_when_the_dev_clips_had_joined_it_learns_the_same_to_the_bit(recordings, tmp_path):
    folder, whole = tmp_path / "kept", taught(recordings)
    train_until_killed(recordings, folder, JOINED)
    assert JOINED <= step_kept(folder) < SMALL["steps"]
    with kept_training(folder) as keeping:
        again = taught(recordings)
    assert keeping.seconds_before > 0
    assert same(again, whole)
    assert again.history_ == whole.history_
    assert not folder.exists()


class Stopped(Exception):
    """Stands for whatever ends a training."""


@pytest.fixture
def broken_off(recordings, tmp_path, monkeypatch):
    """A folder with the checkpoint of a training that got to step 20."""

    def stop(told):
        if told["step"] == 20:
            raise Stopped

    monkeypatch.setattr(checkpoint, "TELL_EVERY_S", 0.0)
    with pytest.raises(Stopped), kept_training(tmp_path / "kept", stop, save_every_s=0.0):
        taught(recordings)
    return tmp_path / "kept"


def test_a_training_broken_off_by_an_error_keeps_its_file_and_goes_on(recordings, broken_off):
    assert step_kept(broken_off) == 19  # saved after it was told
    steps = []
    with kept_training(broken_off, lambda told: steps.append(told["step"])):
        again = taught(recordings)
    assert steps == list(range(20, 101))
    assert same(again, taught(recordings))


@pytest.mark.parametrize("settings", [{"seed": 1}, {"learning_rate": 5e-3}, {"augmentation": ("noise",)}])
def test_another_training_does_not_go_on_from_it(recordings, broken_off, settings):
    with kept_training(broken_off) as keeping:
        other = taught(recordings, steps=40, **settings)
    assert keeping.seconds_before == 0
    assert same(other, taught(recordings, steps=40, **settings))


def test_other_clips_do_not_go_on_from_it(recordings, broken_off):
    with kept_training(broken_off) as keeping:
        taught(recordings, (7, 8))
    assert keeping.seconds_before == 0


class Trap:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("sprung",)


def test_a_file_that_is_no_checkpoint_is_passed_over_and_runs_no_code(recordings, broken_off, monkeypatch):
    monkeypatch.chdir(broken_off.parent)
    (path,) = broken_off.glob("*.pt")
    whole = path.read_bytes()
    torch.save(Trap(), path)
    trap, first_steps = path.read_bytes(), []
    torch.save({"another": 1}, path)
    other = path.read_bytes()

    def stop(told):
        first_steps.append(told["step"])
        raise Stopped

    for content in (trap, other, b"", b"no zip", whole[: len(whole) // 2], whole):
        path.write_bytes(content)
        with pytest.raises(Stopped), kept_training(broken_off, stop):
            taught(recordings)
    assert first_steps == [1, 1, 1, 1, 1, 20]
    assert not (broken_off.parent / "sprung").exists()


def test_a_short_training_writes_nothing(recordings, tmp_path):
    with pytest.raises(Stopped), kept_training(tmp_path / "kept"):
        taught(recordings, steps=2)
        raise Stopped
    assert not (tmp_path / "kept").exists()


def test_what_is_told_counts_the_steps_and_the_seconds_down(recordings, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "TELL_EVERY_S", 0.0)
    told = []
    with kept_training(tmp_path / "kept", told.append):
        learned = taught(recordings)
    assert [one["step"] for one in told] == list(range(1, 101))
    assert all(one["step"] <= one["steps"] <= 100 for one in told)
    assert told[-1]["seconds_left"] == 0 < told[20]["seconds_left"] < 600
    assert told[-1]["dev_wer"] == [note["dev_wer"] for note in learned.history_ if "dev_wer" in note][-1]
    assert told[95]["loss"] == learned.history_[-2]["loss"] < told[0]["loss"]  # a sixteenth of the steps
