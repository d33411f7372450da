"""Features that depend on the clip alone, computed once per corpus and found again by every trial.

A folder holds one sub-folder per stage, named as a trial is: by settings, code, data files, libraries. In it
lie parts: one `.npy` of frames on end, read as a memory map, and one `.json` that says which rows are whose.
A part is complete or absent (the `.json` comes last, by one atomic rename), so a killed writer does no harm
and two writers at once only do the same work twice.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from sklearn.base import clone

from components.contract import Clip
from components.mapped import let_go
from components.study import fingerprint

PART_CLIPS = 500
KEPT_AT_ONCE = 50  # streams of a minute or less
_folder: ContextVar[Path | None] = ContextVar("shared_features_folder", default=None)
Place = tuple[Path, int, int]  # a part's .npy, first row, row past the last


def compute_features(
    stages: Sequence[Any],
    clips: Sequence[Clip],
    folder: str | Path,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Clips -> their features by each stage, written under `folder`; what is there already is left alone.

    progress(done, total) is called after each part. Returns how many features (clips x stages) were computed.
    Raises what a stage raises for a clip it cannot use.
    """
    unique = {_row_key(clip): clip for clip in clips}
    waiting = [(stage, _missing(stage, unique, Path(folder))) for stage in stages]
    total = sum(len(missing) for _, missing in waiting)
    done = 0
    for stage, missing in waiting:
        for first in range(0, len(missing), PART_CLIPS):
            some = missing[first : first + PART_CLIPS]
            _write_part(_stage_folder(stage, Path(folder)), some, _shareable(stage, some))
            let_go(some)
            done += len(some)
            if progress is not None:
                progress(done, total)
    return total


@contextmanager
def shared_features(folder: str | Path) -> Iterator[None]:
    """Inside, stateless stages take what compute_features left in `folder` and compute only the rest."""
    token = _folder.set(Path(folder))
    try:
        yield
    finally:
        _folder.reset(token)


def looked_up(
    stage: Any, clips: Sequence[Clip], compute: Callable[[Sequence[Clip]], list[np.ndarray]]
) -> list[np.ndarray]:
    """Clips -> the stage's outputs, from the shared folder where they are there, else by `compute`."""
    folder = _folder.get()
    if folder is None:
        return compute(clips)
    places = _places(_stage_folder(stage, folder))
    keys = [_row_key(clip) for clip in clips]
    features = {row: _read(*places[key]) for row, key in enumerate(keys) if key in places}
    rest = [row for row in range(len(clips)) if row not in features]
    if rest:
        features.update(zip(rest, compute([clips[row] for row in rest]), strict=True))
    return [features[row] for row in range(len(clips))]


def kept(
    stage: Any, clips: Sequence[Any], compute: Callable[[Sequence[Any]], list[np.ndarray]]
) -> list[np.ndarray]:
    """As of `looked_up`, and what had to be computed is left in the shared folder, for trials to come.

    For what no one knows before its trial; clips may be anything with a digest and a rate.
    """
    if folder := _folder.get():
        missing = _missing(stage, {_row_key(clip): clip for clip in clips}, folder)
        for first in range(0, len(missing), KEPT_AT_ONCE):
            some = missing[first : first + KEPT_AT_ONCE]
            _write_part(_stage_folder(stage, folder), some, compute(some))
    return looked_up(stage, clips, compute)


def stage_key(stage: Any) -> str:
    """Stage -> the name of its sub-folder: class, settings, code and what it imports, files, libraries."""
    parts = [type(stage).__module__, type(stage).__qualname__, fingerprint.settings(stage)]
    made_by = [fingerprint.code_version(stage), fingerprint.library_versions()]
    return f"{type(stage).__name__}-{fingerprint.digest([parts, made_by])}"


def _row_key(clip: Clip) -> str:
    return f"{clip.digest}@{clip.rate}"


def _stage_folder(stage: Any, folder: Path) -> Path:
    return folder / stage_key(stage)


def _untouched(stage: Any) -> Any:
    """The stage with its settings alone, so that nothing it learned gets into the store."""
    return clone(stage)


def _shareable(stage: Any, clips: Sequence[Clip]) -> list[np.ndarray]:
    """What a stage makes of clips; ValueError for clips, which the store cannot hold."""
    features = _untouched(stage).transform(clips)
    if any(isinstance(rows, Clip) for rows in features):
        raise ValueError(
            f"{type(stage).__name__} says stateless = True and was expected to give arrays, got "
            f"{type(features[0]).__name__}; leave that line out."
        )
    return features


def _missing(stage: Any, unique: dict[str, Clip], folder: Path) -> list[Clip]:
    places = _places(_stage_folder(stage, folder))
    return [clip for key, clip in unique.items() if key not in places]


def _write_part(folder: Path, clips: Sequence[Clip], features: Sequence[np.ndarray]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    keys = [_row_key(clip) for clip in clips]
    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    ends = np.cumsum([len(rows) for rows in features]).tolist()
    rows = dict(zip(keys, zip([0, *ends], ends, strict=False), strict=True))
    _write(folder / f"{name}.npy", lambda file: np.save(file, np.concatenate(features)))
    _write(folder / f"{name}.json", lambda file: file.write(json.dumps(rows).encode()))


def _write(path: Path, fill: Callable[[Any], Any]) -> None:
    """All of the file or none of it: written beside its place, then renamed."""
    with NamedTemporaryFile(dir=path.parent, suffix=".unfinished", delete=False) as file:
        fill(file)
    os.replace(file.name, path)


def _places(folder: Path) -> dict[str, Place]:
    """Row key -> where its rows lie, from every complete part in the folder."""
    places: dict[str, Place] = {}
    for index in sorted(folder.glob("*.json")):
        places |= _part_places(index, index.stat().st_mtime_ns)
    return places


@lru_cache(maxsize=512)
def _part_places(index: Path, written: int) -> dict[str, Place]:
    frames = index.with_suffix(".npy")
    return {key: (frames, first, last) for key, (first, last) in json.loads(index.read_text()).items()}


def _read(frames: Path, first: int, last: int) -> np.ndarray:
    return _mapped(frames)[first:last]


@lru_cache(maxsize=512)
def _mapped(frames: Path) -> np.ndarray:
    return np.load(frames, mmap_mode="r")
