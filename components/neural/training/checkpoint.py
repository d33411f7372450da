"""Progress reports of a long training, and checkpoints on disk, from which a killed one goes on.

A file is complete or absent (one atomic rename), and holds tensors, numbers and text alone: reading it runs
no code. Outside `checkpointing` nothing is reported and nothing is written.
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
from typing import Any

import numpy as np
import torch

SAVE_EVERY_S = 30.0
REPORT_EVERY_S = 1.0


@dataclass
class Checkpointing:
    """Where checkpoints of trainings are saved, if anywhere, and who gets the progress reports.

    shared: where weights are kept that other trainings may start from, if anywhere.
    seconds_before: how long they took before they were killed, 0 if they were not.
    """

    folder: Path | None = None
    report: Callable[[dict], None] | None = None
    save_every_s: float = SAVE_EVERY_S
    shared: Path | None = None
    seconds_before: float = 0.0
    started: float = field(default_factory=time.monotonic)


_checkpointing: ContextVar[Checkpointing | None] = ContextVar("checkpointing", default=None)


@contextmanager
def checkpointing(
    folder: Path,
    report: Callable[[dict], None] | None = None,
    save_every_s: float = SAVE_EVERY_S,
    shared: Path | None = None,
) -> Iterator[Checkpointing]:
    """Inside, a training saves checkpoints in the folder, and goes on from them if it was killed.

    report: called about once a second with step, steps, loss, dev_wer (where clips are held out), seconds
    since it began or went on, and seconds_left. The folder is removed when all inside has ended well; what
    `found_or_trained` keeps in `shared` is not.
    """
    context = Checkpointing(folder, report, save_every_s, shared)
    token = _checkpointing.set(context)
    try:
        yield context
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        _checkpointing.reset(token)


def found_or_trained(key: str, train: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Key and a training -> the weights that it gave before, anywhere in the same `shared`, else gives now.

    Two that begin at once only do the same work twice.
    """
    shared = (_checkpointing.get() or Checkpointing()).shared
    path = None if shared is None else shared / f"{key}.pt"
    found = None if path is None else _read(path)
    if found is not None:
        return {name: weight.numpy() for name, weight in found.items()}
    weights = train()
    if path is not None:
        _write(path, {name: torch.from_numpy(weight) for name, weight in weights.items()})
    return weights


class Checkpoint:
    """The checkpoint of one training; key: bytes that name all that it depends on."""

    def __init__(self, key: Callable[[], Iterator[bytes]]) -> None:
        self.context = _checkpointing.get() or Checkpointing()
        self.began = self.saved = self.reported = time.monotonic()
        self.steps = 0
        self.path = None
        if self.context.folder is not None:
            name = hashlib.sha256(b"\0".join(key())).hexdigest()[:16]
            self.path = self.context.folder / f"{name}.pt"

    def read(self) -> dict | None:
        """The state that was saved, None if there is none that can be read."""
        saved = None if self.path is None else _read(self.path)
        if saved is None or saved.keys() != {"state", "seconds"}:
            return None
        self.context.seconds_before = max(self.context.seconds_before, saved["seconds"])
        return saved["state"]

    def after_step(self, progress: Callable[[], dict], state: Callable[[], dict]) -> None:
        """Report progress and save all that it takes to go on, if it is time to."""
        if self.path is None and self.context.report is None:
            return
        now = time.monotonic()
        self.steps += 1
        if self.context.report is not None and now - self.reported >= REPORT_EVERY_S:
            self.reported = now
            self.context.report(self._timed(progress(), now - self.began))
        if self.path is not None and now - self.saved >= self.context.save_every_s:
            self.saved = now
            self._save(state(), now - self.context.started)

    def _timed(self, progress: dict, seconds: float) -> dict:
        """Progress -> the same with the seconds that it took, and about those still to go."""
        left = (progress["steps"] - progress["step"]) * seconds / self.steps
        return {**progress, "seconds": seconds, "seconds_left": left}

    def _save(self, state: dict, seconds: float) -> None:
        assert self.path is not None
        _write(self.path, {"state": state, "seconds": self.context.seconds_before + seconds})


def _read(path: Path) -> dict[str, Any] | None:
    """What `_write` wrote; None where there is nothing, or nothing that can be read: training begins anew."""
    if not path.exists():
        return None
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, LookupError, TypeError, pickle.UnpicklingError):
        return None
    return saved if isinstance(saved, dict) else None


def _write(path: Path, saved: dict[str, Any]) -> None:
    buffer, unfinished = io.BytesIO(), path.with_suffix(f".{os.getpid()}")
    torch.save(saved, buffer)
    with suppress(OSError):  # a full disk costs the file, and not the training
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(buffer.getbuffer())
        os.replace(unfinished, path)
