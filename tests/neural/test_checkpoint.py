"""A training that is killed goes on from its checkpoint, to the same weights; short ones write none."""

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
from components.neural.training.checkpoint import checkpointing
from tests.fsdd import digits

ROOT = Path(__file__).parents[2]
SMALL = {"channels": 32, "layers": 1, "steps": 100, "batch_seconds": 4.0, "device": "cpu"}
JOINED = 73  # a step at which the dev clips have joined
TRAINING = """
    import sys
    from pathlib import Path

    import torch

    from components.neural import CtcRecogniser
    from components.neural.training.checkpoint import checkpointing
    from tests.neural.test_checkpoint import SMALL
    from tests.fsdd import digits

    torch.set_num_threads(1)
    clips, texts = digits(Path(sys.argv[1]), [5, 6])
    with checkpointing(Path(sys.argv[2]), save_every_s=0.0):
        CtcRecogniser(**SMALL).fit(clips, texts)
"""


def train_until_killed(recordings, folder, step):
    """Train in a process of its own, saved after every step, and kill it at a step or soon after."""
    words = [sys.executable, "-c", textwrap.dedent(TRAINING), str(recordings), str(folder)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)})
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until and step_saved(folder) < step:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def step_saved(folder):
    saved = [torch.load(path, weights_only=True) for path in folder.glob("*.pt")]
    return saved[0]["state"]["progress"]["step"] if saved else -1


def trained(recordings, takes=(5, 6), **settings):
    return CtcRecogniser(**{**SMALL, **settings}).fit(*digits(recordings, takes))


def same_weights(first, other):
    return all(np.array_equal(first.weights_[name], other.weights_[name]) for name in other.weights_)


@pytest.mark.slow
def test_killed_when_the_dev_clips_had_joined_it_learns_the_same_to_the_bit(recordings, tmp_path):
    folder, whole = tmp_path / "checkpoints", trained(recordings)
    train_until_killed(recordings, folder, JOINED)
    assert JOINED <= step_saved(folder) < SMALL["steps"]
    with checkpointing(folder) as context:
        again = trained(recordings)
    assert context.seconds_before > 0
    assert same_weights(again, whole)
    assert again.history_ == whole.history_
    assert not folder.exists()


class Stopped(Exception):
    """Stands for whatever ends a training."""


@pytest.fixture
def interrupted(recordings, tmp_path, monkeypatch):
    """A folder with the checkpoint of a training that got to step 20."""

    def stop(report):
        if report["step"] == 20:
            raise Stopped

    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    with pytest.raises(Stopped), checkpointing(tmp_path / "checkpoints", stop, save_every_s=0.0):
        trained(recordings)
    return tmp_path / "checkpoints"


def test_a_training_broken_off_by_an_error_keeps_its_file_and_goes_on(recordings, interrupted):
    assert step_saved(interrupted) == 19  # saved after it was reported
    steps = []
    with checkpointing(interrupted, lambda report: steps.append(report["step"])):
        again = trained(recordings)
    assert steps == list(range(20, 101))
    assert same_weights(again, trained(recordings))


def test_interrupted_after_the_decoding_was_chosen_it_is_chosen_alike_and_all_is_the_same(
    recordings, tmp_path, monkeypatch
):
    def stop(report):
        if report["step"] == JOINED + 5:
            raise Stopped

    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    with pytest.raises(Stopped), checkpointing(tmp_path / "checkpoints", stop, save_every_s=0.0):
        trained(recordings)
    assert step_saved(tmp_path / "checkpoints") == JOINED + 4
    with checkpointing(tmp_path / "checkpoints"):
        again = trained(recordings)
    whole = trained(recordings)
    assert same_weights(again, whole) and again.history_ == whole.history_
    assert again.search_.get_params() == whole.search_.get_params() and again.decoding_ == whole.decoding_
    assert again.confidence_.temperature_ == whole.confidence_.temperature_


@pytest.mark.parametrize("settings", [{"seed": 1}, {"learning_rate": 5e-3}, {"augmentation": ("noise",)}])
def test_another_training_does_not_go_on_from_it(recordings, interrupted, settings):
    with checkpointing(interrupted) as context:
        other = trained(recordings, steps=40, **settings)
    assert context.seconds_before == 0
    assert same_weights(other, trained(recordings, steps=40, **settings))


def test_other_clips_do_not_go_on_from_it(recordings, interrupted):
    with checkpointing(interrupted) as context:
        trained(recordings, (0, 6))
    assert context.seconds_before == 0


class Trap:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("sprung",)


def test_a_file_that_is_no_checkpoint_is_passed_over_and_runs_no_code(recordings, interrupted, monkeypatch):
    monkeypatch.chdir(interrupted.parent)
    (path,) = interrupted.glob("*.pt")
    whole = path.read_bytes()
    torch.save(Trap(), path)
    trap, first_steps = path.read_bytes(), []
    torch.save({"another": 1}, path)
    other = path.read_bytes()

    def stop(report):
        first_steps.append(report["step"])
        raise Stopped

    for content in (trap, other, b"", b"no zip", whole[: len(whole) // 2], whole):
        path.write_bytes(content)
        with pytest.raises(Stopped), checkpointing(interrupted, stop):
            trained(recordings)
    assert first_steps == [1, 1, 1, 1, 1, 20]
    assert not (interrupted.parent / "sprung").exists()


def test_a_short_training_writes_nothing(recordings, tmp_path):
    with pytest.raises(Stopped), checkpointing(tmp_path / "checkpoints"):
        trained(recordings, steps=2)
        raise Stopped
    assert not (tmp_path / "checkpoints").exists()


def test_reports_count_the_steps_and_the_seconds_down(recordings, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    reports = []
    with checkpointing(tmp_path / "checkpoints", reports.append):
        recogniser = trained(recordings)
    assert [report["step"] for report in reports] == list(range(1, 101))
    assert all(report["step"] <= report["steps"] <= 100 for report in reports)
    assert reports[-1]["seconds_left"] == 0 < reports[20]["seconds_left"] < 600
    assert (
        reports[-1]["dev_wer"] == [note["dev_wer"] for note in recogniser.history_ if "dev_wer" in note][-1]
    )
    assert (
        reports[95]["loss"] == recogniser.history_[-2]["loss"] < reports[0]["loss"]
    )  # a sixteenth of the steps
