"""What is installed, what is missing, what to do."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from components.cache import cache_folder

PARTS = (
    *("torch", "torchaudio", "scikit-learn", "prefect", "prefect-dask", "mlflow", "lhotse", "kaldifst"),
    *("kaldi-decoder", "espeakng-loader", "jiwer", "soundfile"),
)
TESTED = {"fastapi": ((0, 139), (0, 151)), "sqlalchemy": ((2, 0), (2, 1))}
ROOM_GB = 2


@dataclass(frozen=True)
class Finding:
    """good: True, False, or None for what is fine to lack."""

    what: str
    good: bool | None
    text: str


def findings() -> Iterator[Finding]:
    """Look at everything the commands need, one finding each."""
    yield Finding(
        "Python", sys.version_info >= (3, 11), f"{platform.python_version()}; 3.11 or newer is needed"
    )
    yield from map(_installed, PARTS)
    yield from (_in_range(name, low, high) for name, (low, high) in TESTED.items())
    yield _espeak()
    yield _gpu()
    yield _store()
    yield _cache()
    yield from _unfinished()
    yield _recordings()
    yield _prefect()
    yield _browser()


def _installed(name: str) -> Finding:
    try:
        return Finding(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, "not installed; run `make setup` in the project's folder")


def _in_range(name: str, low: tuple[int, ...], high: tuple[int, ...]) -> Finding:
    installed = _installed(name)
    if not installed.good:
        return installed
    release = installed.text
    good = low <= tuple(map(int, release.split(".")[:2])) < high
    limits = f"{'.'.join(map(str, low))} to below {'.'.join(map(str, high))}"
    return Finding(name, good, f"{release}; Prefect's server is known to work with {limits}")


def _espeak() -> Finding:
    from components.speech import espeak

    try:
        samples, rate = espeak.synthesise("one two three")
        return Finding("eSpeak NG", True, f"speaks ({len(samples) / rate:.1f} s of sound, {rate} Hz)")
    except Exception as error:
        return Finding("eSpeak NG", False, f"{error}; run `make setup`; the built-in corpus needs it")


def _gpu() -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("GPU", True, torch.cuda.get_device_name())
    return Finding("GPU", None, "none; networks train on the processor, which is enough for small studies")


def _store() -> Finding:
    from components.study.tracking import Store

    store = Store()
    try:
        count = len(store.search("tags.kind = 'study'"))
        return Finding("MLflow store", True, f"{store.address}, {count} studies")
    except Exception as error:
        return Finding("MLflow store", False, f"{store.address}: {error}; check MLFLOW_TRACKING_URI")


def _cache() -> Finding:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    used = _bytes(folder) / 1e9
    text = (
        f"{folder}, {used:.1f} GB that may be deleted, {free:.0f} GB free; CROSSOVER_CACHE puts it elsewhere"
    )
    return Finding("cache", free > ROOM_GB, text)


def _unfinished() -> Iterator[Finding]:
    """Checkpoints of trainings that run just now, or that were killed; none is no finding."""
    folders = sorted(cache_folder().glob("prepared/*/training/*"))
    if folders:
        text = (
            f"{len(folders)} ({sum(map(_bytes, folders)) / 1e6:.1f} MB) under way or killed, from which the "
            f"same study goes on; delete what no study needs: {', '.join(map(str, folders))}"
        )
        yield Finding("trainings", None, text)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _recordings() -> Finding:
    folder = os.environ.get("CROSSOVER_DATA")
    if not folder:
        return Finding(
            "recordings", None, "CROSSOVER_DATA is not set; public corpora are downloaded when asked for"
        )
    good = Path(folder).is_dir()
    return Finding("recordings", good, f"CROSSOVER_DATA is {folder}{', which is not a folder' * (not good)}")


def _prefect() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    return Finding(
        "Prefect server", True if url else None, url or "each command starts one of its own on 127.0.0.1"
    )


def _browser() -> Finding:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return Finding("Chromium", bool(path) or None, path or "none; only the tests of the report page want it")
