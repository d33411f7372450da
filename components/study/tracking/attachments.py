"""Files for the reader of a report, an example each <-> artifacts of a study's run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from components.study.tracking.migrate import ATTACHMENTS_BEFORE
from components.study.tracking.store import Store

ATTACHMENTS = "attachments"
NAMES = "names.json"
MOST_BYTES = 600_000  # a page that carries them as base64 stays below a megabyte


def log_attachments(store: Store, study_run: str, files: Mapping[str, bytes]) -> None:
    """Example -> bytes, most interesting first -> artifacts, as many as fit, in place of earlier ones."""
    kept, room = {}, MOST_BYTES
    for name, content in files.items():
        if len(content) <= room:
            kept[name], room = content, room - len(content)
    with tempfile.TemporaryDirectory() as folder:
        for place, content in enumerate(kept.values()):
            Path(folder, f"{place:02}.bin").write_bytes(content)
        Path(folder, NAMES).write_text(json.dumps(list(kept)), encoding="utf-8")
        store.client.log_artifacts(study_run, folder, ATTACHMENTS)


def read_attachments(store: Store, study_run: str) -> dict[str, bytes]:
    """Id of a study's run -> example -> its file; none if none was kept."""
    kept = {item.path for item in store.client.list_artifacts(study_run)}
    place = next((name for name in (ATTACHMENTS, ATTACHMENTS_BEFORE) if name in kept), None)
    if place is None:
        return {}
    with store.artifacts(f"{store.client.get_run(study_run).info.artifact_uri}/{place}") as folder:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        files = sorted(path for path in folder.iterdir() if path.name != NAMES)
        return {name: path.read_bytes() for name, path in zip(names, files, strict=False)}
