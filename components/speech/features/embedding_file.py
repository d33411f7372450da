"""The two networks of Google's speech embedding, read from openWakeWord's wheel or a folder, and checked."""

from __future__ import annotations

import hashlib
import importlib.util
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

MEL, EMBEDDING = "melspectrogram.onnx", "embedding_model.onnx"
SHA256 = {
    MEL: "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
    EMBEDDING: "ba754db3cd768a524c655ea90655ee5e6055a43b8dfd29366a11e93716ae9e51",
}
IN_WHEEL = "openwakeword/resources/models"
GET_IT = "run pip download --no-deps openwakeword==0.4.0 and give weights=PATH of that file"


def embedding_files(path: str) -> list[Path]:
    """A path as a user gives it -> the files that are read; ValueError where there is none."""
    place = Path(path)
    if not path or not place.exists():
        raise _refused("the wheel of openwakeword 0.4.0", f"nothing in {path}" if path else "none", GET_IT)
    return [place / name for name in SHA256] if place.is_dir() else [place]


def read_networks(path: str) -> dict[str, bytes]:
    """A wheel, or a folder with the two files -> {name: content}.

    Raises ValueError where one is absent or another one, or where onnxruntime, which runs them, is missing.
    """
    if importlib.util.find_spec("onnxruntime") is None:
        way_out = "install crossover[pretrained], or leave these recognisers out"
        raise _refused("the package onnxruntime", "none", way_out)
    networks = _read(path)
    for name, content in networks.items():
        if hashlib.sha256(content).hexdigest() != SHA256[name]:
            raise _refused(f"the {name} of openwakeword 0.4.0 in {path}", "another file", GET_IT)
    return networks


def _read(path: str) -> dict[str, bytes]:
    files = embedding_files(path)
    try:
        if len(files) > 1:
            return {file.name: file.read_bytes() for file in files}
        with zipfile.ZipFile(files[0]) as wheel:
            return {name: wheel.read(f"{IN_WHEEL}/{name}") for name in SHA256}
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise _refused(f"{MEL} and {EMBEDDING} in {path}", _reason(error), GET_IT) from error


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error).strip("'\"")


@lru_cache(maxsize=4)
def session(network: bytes) -> Any:
    """What an .onnx file holds -> onnxruntime's session, on one thread."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return InferenceSession(network, options, providers=["CPUExecutionProvider"])


def _refused(expected: str, got: str, way_out: str) -> ValueError:
    return ValueError(f"SpeechEmbedding expected {expected}, got {got}; {way_out}.")
