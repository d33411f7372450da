"""A network of torchaudio's: the tensors of its state_dict in a .pt file, and its sizes."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from components.neural.pretrained.weights import (
    PLAIN,
    PUBLISHED,
    WAVLM,
    PretrainedWeights,
    first_line,
    read_json,
    refused,
    shapes,
    shapes_of,
    with_new_names,
)

HEAD, WRAPPED = "aux.", "model."  # what names of a head begin with, and all of a torchaudio pipeline's
SAVE_ANEW = "save it anew by torch.save(model.state_dict(), PATH)"


def read_torchaudio(file: Path) -> PretrainedWeights:
    """A .pt file -> weights; ValueError where it holds more than tensors, which could run code.

    The sizes are those of the published network that has the same tensors, or the arguments of
    torchaudio.models.wav2vec2_model (of wavlm_model with encoder_num_buckets) in a .json of the same name.
    """
    tensors = {name.removeprefix(WRAPPED): tensor for name, tensor in _read_tensors(file).items()}
    own = with_new_names({name: tensor for name, tensor in tensors.items() if not name.startswith(HEAD)})
    left_out = tuple(sorted(name for name in tensors if name.startswith(HEAD)))
    sizes = file.with_suffix(".json")
    if not sizes.exists():
        return PretrainedWeights(_published(file, own), {}, own, left_out)
    arguments = read_json(sizes, "leave it out for a published network")
    factory = WAVLM if "encoder_num_buckets" in arguments else PLAIN
    arguments.pop("aux_num_out", None)  # the head's
    return PretrainedWeights(factory, arguments, own, left_out)


def _read_tensors(file: Path) -> Mapping[str, Tensor]:
    try:
        tensors = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise refused(f"tensors alone in {file}", "a pickle, which could run code", SAVE_ANEW) from error
    except (RuntimeError, EOFError, ValueError, OSError) as error:
        raise refused(f"tensors in {file}", first_line(error), SAVE_ANEW) from error
    if isinstance(tensors, Mapping) and all(isinstance(one, Tensor) for one in tensors.values()):
        return tensors
    raise refused(f"named tensors in {file}", f"a {type(tensors).__name__} of others", SAVE_ANEW)


def _published(file: Path, tensors: Mapping[str, Tensor]) -> str:
    """Tensors -> the published network that has all of them, in these shapes."""
    came = shapes(tensors)
    found = next((factory for factory in PUBLISHED if shapes_of(factory, {}) == came), None)
    if found is None:
        beside = file.with_suffix(".json").name
        way_out = f"write the arguments of torchaudio.models.{PLAIN} into {beside} beside it"
        raise refused(f"a network of a published size in {file}", f"{len(came)} tensors of another", way_out)
    return found
