"""A path as a user gives it -> the files of a network that others trained, and its weights."""

from __future__ import annotations

from pathlib import Path

from components.neural.pretrained.hugging_face import CONFIG, MODEL, read_hugging_face
from components.neural.pretrained.torchaudio_file import read_torchaudio
from components.neural.pretrained.weights import PretrainedWeights, check_tensors, refused

SAFETENSORS = ".safetensors"


def read_weights(path: str) -> PretrainedWeights:
    """A .pt file of torchaudio's, or a folder of Hugging Face's (or the .safetensors in it) -> weights.

    Raises ValueError, with the way out, for what is neither, is not whole, or holds more than tensors.
    """
    file = weights_file(path)
    weights = read_hugging_face(file) if file.suffix == SAFETENSORS else read_torchaudio(file)
    check_tensors(file, weights)
    return weights


def weights_file(path: str) -> Path:
    """A path -> the file of the weights; ValueError where there is none."""
    place = Path(path)
    if not path or not place.exists():
        got, way_out = f"nothing in {path}" if path else "none", "give it weights=PATH of a file or folder"
        raise refused("weights of a network that others trained", got, way_out)
    if place.is_file():
        return place
    if not (place / MODEL).is_file():
        is_pickle = any(place.glob("*.bin"))
        got = "a pickle, which could run code" if is_pickle else "no such file"
        raise refused(f"{MODEL} in {place}", got, "save the network as safetensors, or name its .pt file")
    return place / MODEL


def weights_files(path: str) -> list[Path]:
    """A path -> all files that are read; ValueError where there is none."""
    file = weights_file(path)
    sizes = file.with_name(CONFIG) if file.suffix == SAFETENSORS else file.with_suffix(".json")
    return [file, sizes] if sizes.exists() else [file]
