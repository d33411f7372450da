"""What would fail tonight: what is installed, what answers, what is full or gone, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from components.cache import cache_folder
from components.study.study import Study
from components.subjects import subject_of
from flows.complaint import complaint
from flows.server import BUSY_S, healthy
from flows.time_zone import zone_of

ROOM_GB = 2  # below which a study may fill the disk in a night


@dataclass(frozen=True)
class Finding:
    """good: True, False, or None for what is fine to lack."""

    what: str
    good: bool | None
    text: str


def findings(study: Study | None = None) -> Iterator[Finding]:
    """Look at everything that the commands need, one finding each.

    study: the one that is to run; its store, its corpus and its workers are looked at as well.
    """
    yield Finding(
        "Python", sys.version_info >= (3, 11), f"{platform.python_version()}; 3.11 or newer is needed"
    )
    yield from map(_installed, map(Requirement, _requirements()))
    yield _espeak()
    yield _gpu(study)
    yield from _store(study)
    yield _cache()
    yield _temporary()
    yield from _unfinished()
    yield _recordings()
    yield from _corpus(study)
    yield _prefect()
    yield from _dask(study)
    yield _zone()
    yield _browser()


def _requirements() -> list[str]:
    """What this project is installed with, extras aside."""
    return [one for one in importlib.metadata.requires("crossover") or [] if "extra ==" not in one]


def _installed(wanted: Requirement) -> Finding:
    try:
        release = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(wanted.name, False, "not installed; run `make setup` in the project's folder")
    if wanted.specifier.contains(release, prereleases=True):
        return Finding(wanted.name, True, release)
    text = f"{release}; known to work with {wanted.specifier}: run `make setup`"
    return Finding(wanted.name, False, text)


def _espeak() -> Finding:
    from components.speech import espeak

    try:
        samples, rate = espeak.synthesise("one two three")
        return Finding("eSpeak NG", True, f"speaks ({len(samples) / rate:.1f} s of sound, {rate} Hz)")
    except Exception as error:
        return Finding("eSpeak NG", False, f"{error}; run `make setup`; the built-in corpus needs it")


def _gpu(study: Study | None) -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("GPU", True, torch.cuda.get_device_name())
    if study is not None and study.device == "cuda":
        return Finding("GPU", False, "none that PyTorch can use, and the study asks for one; --device auto")
    return Finding("GPU", None, "none; networks train on the processor, which is enough for small studies")


def _store(study: Study | None) -> Iterator[Finding]:
    from components.study.tracking import Store, open_store, waiting
    from components.study.tracking.store import CURVES

    store = Store(study.tracking if study else "")
    try:
        open_store(store.address)
        count = len(store.search("tags.kind = 'study'"))
        store.experiment(CURVES)
        yield Finding("MLflow store", True, f"{store.shown}, {count} studies")
    except Exception as error:
        message = complaint(error) or f"{type(error).__name__}: {error}"
        yield Finding("MLflow store", False, f"{message} (--tracking, MLFLOW_TRACKING_URI)")
    if store.folder is not None:
        yield _disk("store's disk", store.folder, "give it room, or name another store with --tracking")
    if results := waiting():
        where = f"{len(results)} that a store did not take, in {results[0].parent}"
        yield Finding("results", None, f"{where}; the same compare delivers them")


def _cache() -> Finding:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    way_out = f"{_bytes(folder) / 1e9:.1f} GB of it may be deleted; CROSSOVER_CACHE puts it elsewhere"
    return _disk("cache", folder, way_out)


def _temporary() -> Finding:
    return _disk("temporary files", Path(tempfile.gettempdir()), "TMPDIR puts them elsewhere")


def _disk(what: str, folder: Path, way_out: str) -> Finding:
    """Whether a folder can be written to and has room."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
    except OSError as error:
        return Finding(what, False, f"{folder}, which cannot be written to ({error.strerror}); {way_out}")
    free = shutil.disk_usage(folder).free / 1e9
    return Finding(what, free > ROOM_GB, f"{folder}, {free:.1f} GB free; {way_out}")


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


def _corpus(study: Study | None) -> Iterator[Finding]:
    """Whether the study's data can be read now, looked at as a compare does."""
    if study is None:
        return
    from components.study.checks import refuse_stops

    try:
        subject = subject_of(study)
        dataset = subject.read(study, None)
        refuse_stops(subject.check(study, dataset), study.accept, dataset.name)
        yield Finding("corpus", True, f"{dataset.name}, {len(dataset.ids)} {subject.nouns.examples}")
    except Exception as error:
        yield Finding("corpus", False, f"{study.about}: {complaint(error) or error}")


def _prefect() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Finding("Prefect server", None, "each command starts one of its own on 127.0.0.1")
    if healthy(url, BUSY_S):
        return Finding("Prefect server", True, url)
    text = f"{url}, which does not answer; start it, or unset PREFECT_API_URL and one is started for you"
    return Finding("Prefect server", False, text)


def _dask(study: Study | None) -> Iterator[Finding]:
    if study is None or not study.dask:
        return
    from flows.dask_workers import warm

    try:
        yield Finding("Dask workers", True, f"{warm(study.dask)} at {study.dask}")
    except Exception as error:
        yield Finding("Dask workers", False, str(error))


def _zone() -> Finding:
    try:
        return Finding("time zone", True, f"{zone_of()}, in which --cron counts hours")
    except ValueError as error:
        return Finding("time zone", False, str(error))


def _browser() -> Finding:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return Finding("Chromium", bool(path) or None, path or "none; only the tests of the report page want it")
