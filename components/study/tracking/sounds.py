"""Clips to listen to <-> lossless sound files among the artifacts of a study's run."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import soundfile

from components.contract import Clip
from components.study.tracking.store import Store

SOUNDS = "sounds"
NAMES = "names.json"
MOST_BYTES = 600_000  # a page that carries them as base64 stays below a megabyte


def sound_bytes(clip: Clip, kind: str = "FLAC") -> bytes:
    """Clip -> the bytes of a sound file of 16 bits a sample: FLAC, which every browser plays, or WAV."""
    file = io.BytesIO()
    soundfile.write(file, clip.samples, clip.rate, format=kind, subtype="PCM_16")
    return file.getvalue()


def log_sounds(store: Store, study_run: str, clips: Sequence[Clip]) -> None:
    """Clips, most wanted first -> FLAC files of a study's run, as many as fit, in place of earlier ones."""
    kept, room = {}, MOST_BYTES
    for clip in clips:
        sound = sound_bytes(clip)
        if len(sound) <= room:
            kept[clip.name], room = sound, room - len(sound)
    with tempfile.TemporaryDirectory() as folder:
        for place, sound in enumerate(kept.values()):
            Path(folder, _file(place)).write_bytes(sound)
        Path(folder, NAMES).write_text(json.dumps(list(kept)), encoding="utf-8")
        store.client.log_artifacts(study_run, folder, SOUNDS)


def read_sounds(store: Store, study_run: str) -> dict[str, bytes]:
    """Id of a study's run -> clip name -> its FLAC file; none if none was kept."""
    if all(item.path != SOUNDS for item in store.client.list_artifacts(study_run)):
        return {}
    with store.artifacts(f"{store.client.get_run(study_run).info.artifact_uri}/{SOUNDS}") as folder:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        return {name: (folder / _file(place)).read_bytes() for place, name in enumerate(names)}


def _file(place: int) -> str:
    return f"{place:02}.flac"
