"""Where networks train."""

from __future__ import annotations

import os
from pathlib import Path

from components.study.study import Study

GPU_FILES = ("/dev/nvidiactl", "/dev/dxg")  # without one of them Linux has no CUDA


def device(study: Study) -> str:
    """Study -> "cuda" or "cpu". Raises ValueError if CUDA is asked for and not there."""
    if study.device == "cuda" and not _has_cuda():
        raise ValueError("device 'cuda' expected a CUDA GPU, got none; use --device cpu or auto.")
    return "cuda" if study.device != "cpu" and _has_cuda() else "cpu"


def _has_cuda() -> bool:
    import torch  # seconds, which a study that has nothing to train need not spend

    return torch.cuda.is_available()


def has_gpu() -> bool:
    """Whether CUDA may be there: a look at the machine that needs no import; True where in doubt."""
    return os.name != "posix" or any(map(os.path.exists, GPU_FILES)) or not Path("/proc").is_dir()
