"""A long training is told of while it runs, and kept on disk, so that a killed one goes on where it was.

A file is complete or absent (one atomic rename), and holds tensors, numbers and text alone: reading it runs
no code. Whoever wants neither does nothing: outside `kept_training` nothing is told and nothing is written.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import torch

SAVE_EVERY_S = 30.0
TELL_EVERY_S = 1.0


@dataclass
class Keeping:
    """Where trainings are kept, if anywhere, and who is told of them.

    seconds_before: how long they took before they were killed, 0 if they were not.
    """

    folder: Path | None = None
    tell: Callable[[dict], None] | None = None
    save_every_s: float = SAVE_EVERY_S
    seconds_before: float = 0.0
    started: float = field(default_factory=time.monotonic)


_keeping: ContextVar[Keeping | None] = ContextVar("kept_training", default=None)


@contextmanager
def kept_training(
    folder: Path, tell: Callable[[dict], None] | None = None, save_every_s: float = SAVE_EVERY_S
) -> Iterator[Keeping]:
    """Inside, a training is kept in the folder every so often, and goes on from there if it was killed.

    tell: called about once a second with step, steps, loss, dev_wer (where clips are kept back), seconds
    since it began or went on, and seconds_left. The folder is removed when all inside has ended well.
    """
    keeping = Keeping(folder, tell, save_every_s)
    token = _keeping.set(keeping)
    try:
        yield keeping
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        _keeping.reset(token)


class Checkpoint:
    """The kept state of one training; key: bytes that name all that it depends on."""

    def __init__(self, key: Callable[[], Iterator[bytes]]) -> None:
        self.keeping = _keeping.get() or Keeping()
        self.began = self.saved = self.told = time.monotonic()
        self.steps = 0
        self.path = None
        if self.keeping.folder is not None:
            name = hashlib.sha256(b"\0".join(key())).hexdigest()[:16]
            self.path = self.keeping.folder / f"{name}.pt"

    def read(self) -> dict | None:
        """The state that was kept, None if there is none that can be read."""
        if self.path is None or not self.path.exists():
            return None
        try:
            kept = torch.load(self.path, map_location="cpu", weights_only=True)
            state, seconds = kept["state"], kept["seconds"]
        except (RuntimeError, EOFError, pickle.UnpicklingError, TypeError, KeyError):
            return None  # it is only a saving of time
        self.keeping.seconds_before = max(self.keeping.seconds_before, seconds)
        return state

    def after_step(self, standing: Callable[[], dict], state: Callable[[], dict]) -> None:
        """Tell how far it is and save all that it needs to go on, if it is time to."""
        if self.path is None and self.keeping.tell is None:
            return
        now = time.monotonic()
        self.steps += 1
        if self.keeping.tell is not None and now - self.told >= TELL_EVERY_S:
            self.told = now
            self.keeping.tell(self._timed(standing(), now - self.began))
        if self.path is not None and now - self.saved >= self.keeping.save_every_s:
            self.saved = now
            self._save(state(), now - self.keeping.started)

    def _timed(self, standing: dict, seconds: float) -> dict:
        """How far it is -> the same with the seconds that it took, and about those still to go."""
        left = (standing["steps"] - standing["step"]) * seconds / self.steps
        return {**standing, "seconds": seconds, "seconds_left": left}

    def _save(self, state: dict, seconds: float) -> None:
        assert self.path is not None
        kept, unfinished = io.BytesIO(), self.path.with_suffix(f".{os.getpid()}")
        torch.save({"state": state, "seconds": self.keeping.seconds_before + seconds}, kept)
        with suppress(OSError):  # a full disk costs the saving of time, and not the training
            self.path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(kept.getbuffer())
            os.replace(unfinished, self.path)
