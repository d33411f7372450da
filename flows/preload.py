"""Importing this imports all that a trial comes by on its way: four seconds a trial if each did so itself.

Meant for the process that trials are forked from, and for nobody else: until all is imported, it looks
whether its parent is still there, and ends if not. Afterwards the fork server sees to that. It ends last,
and removes the folder of its socket, which a parent that was killed leaves in the folder for temporary ones.
"""

import atexit
import gc
import importlib
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.removal import remove

MODULES = (
    "flows.trial",
    "components.neural.training.checkpoint",
    "components.recognisers",
    "components.speech.dataset",
    "components.speech.features.store",
    "components.speech.inspection.lm_ablation",
    "git",
    "joblib",
    "pooch",
    "safetensors.numpy",
    "skops.io",
    "torch._dynamo",  # of which every optimiser makes sure
)
LOOK_SECONDS = 0.5
PARENT = int(os.environ.pop("CROSSOVER_PARENT", os.getppid()))


OWN, FOLDER = os.getpid(), os.environ.pop("CROSSOVER_LEFT_BEHIND", "")


def _clean() -> None:
    """Remove the folder of a parent that is gone; one that is about to end does so itself."""
    if not FOLDER or os.getpid() != OWN:
        return
    until = time.monotonic() + LOOK_SECONDS
    while os.getppid() == PARENT and time.monotonic() < until:
        time.sleep(0.01)
    if os.getppid() != PARENT:
        remove(Path(FOLDER))


def _end_if_orphaned(*_: Any) -> None:
    if os.getppid() != PARENT:
        _clean()
        os._exit(1)


atexit.register(_clean)


gc.disable()  # importing makes no garbage, and looking for it took a fifth of the time
before = signal.signal(signal.SIGALRM, _end_if_orphaned)
signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
for name in MODULES:
    with suppress(ImportError):  # what is not to be had here, such as git, costs a trial time and no more
        importlib.import_module(name)
importlib.import_module("components.study.tracking").preload()
importlib.import_module("components.study.fingerprint").read_sources()
gc.freeze()  # the forked need not look at it either
gc.enable()
signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, before)
