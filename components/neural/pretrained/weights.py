"""Weights of a network that others trained, and torchaudio's architecture that they are for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torchaudio
from torch import Tensor, nn
from torchaudio.models import Wav2Vec2Model

PLAIN, WAVLM = "wav2vec2_model", "wavlm_model"  # take their sizes as arguments
PUBLISHED = (  # have the sizes of networks that were published
    "wav2vec2_base",
    "wav2vec2_large",
    "wav2vec2_large_lv60k",
    "wav2vec2_xlsr_300m",
    "wav2vec2_xlsr_1b",
    "wav2vec2_xlsr_2b",
    "hubert_xlarge",
    "wavlm_base",
    "wavlm_large",
)
MAX_NAMED = 3
ROW_SAMPLES = 320  # from one row of the convolutions to the next: 20 ms at 16 kHz
LAYERS = "encoder.transformer.layers."
# the weight norm of the convolution over positions: an earlier torch's names -> today's
RENAMED = {
    "conv.weight_g": "conv.parametrizations.weight.original0",
    "conv.weight_v": "conv.parametrizations.weight.original1",
}


@dataclass(frozen=True, eq=False)
class PretrainedWeights:
    """factory: name of the function of torchaudio.models that builds the network. arguments: those of it.

    tensors: name, as torchaudio has it -> float32 weights. left_out: names of the file's other tensors.
    """

    factory: str
    arguments: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
    left_out: tuple[str, ...]

    @property
    def layers(self) -> int:
        """How many layers the transformer has."""
        names = [name.removeprefix(LAYERS) for name in self.tensors if name.startswith(LAYERS)]
        return len({name.partition(".")[0] for name in names})


def build_model(factory: str, arguments: Mapping[str, Any]) -> Wav2Vec2Model:
    """As PretrainedWeights has them -> an untrained network, no head; ValueError for another factory."""
    if factory not in (PLAIN, WAVLM, *PUBLISHED):
        raise refused("a network of torchaudio's architectures", factory, "train it again")
    head = {} if factory in PUBLISHED else {"aux_num_out": None}
    return getattr(torchaudio.models, factory)(**arguments, **head)


def shapes_of(factory: str, arguments: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """As PretrainedWeights has them -> name of each tensor -> its shape."""
    return shapes(_without_numbers(factory, arguments).state_dict())


def _without_numbers(factory: str, arguments: Mapping[str, Any]) -> Wav2Vec2Model:
    """A network that takes no memory."""
    with torch.device("meta"):
        return build_model(factory, arguments)


def window_of(extractor: nn.Module) -> tuple[int, int]:
    """Convolutions on the waveform -> samples of which a row is made, and from one row to the next."""
    window, hop = 1, 1
    for layer in extractor.conv_layers:
        window, hop = window + (layer.kernel_size - 1) * hop, hop * layer.stride
    return window, hop


def shapes(tensors: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """Named tensors -> their shapes."""
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}


def with_new_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors by the names of any version of torch -> by those of this one, float32."""
    return {_new_name(name): tensor.float() for name, tensor in tensors.items()}


def _new_name(name: str) -> str:
    old = next((old for old in RENAMED if name.endswith(old)), None)
    return name if old is None else name.removesuffix(old) + RENAMED[old]


def check_tensors(file: Path, weights: PretrainedWeights) -> None:
    """Raises ValueError where the architecture has other tensors than the file, or a row not every 20 ms."""
    try:
        model = _without_numbers(weights.factory, weights.arguments)
    except (TypeError, ValueError, KeyError, RuntimeError, ZeroDivisionError) as error:
        raise refused(f"sizes of a network beside {file}", first_line(error), "correct them") from error
    expected, came = shapes(model.state_dict()), shapes(weights.tensors)
    names = [name for name in sorted(expected | came) if expected.get(name) != came.get(name)]
    if names:
        some = ", ".join(f"{name} {came.get(name, 'missing')}" for name in names[:MAX_NAMED])
        raise refused(
            f"the {len(expected)} tensors of {weights.factory} in {file}",
            f"{len(names)} that differ, such as {some}",
            "take weights and sizes of one network",
        )
    window, hop = window_of(model.feature_extractor)
    if hop != ROW_SAMPLES or window < hop:
        got = f"one every {hop} of {window}"
        raise refused(f"a row every {ROW_SAMPLES} samples from {file}", got, "take another network")


def read_json(file: Path, way_out: str) -> dict[str, Any]:
    """A file beside the weights -> what it names; ValueError where there is none."""
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise refused(f"{file.name} beside the weights in {file.parent}", "no such file", way_out) from None
    except ValueError as error:
        raise refused(f"JSON in {file}", str(error), way_out) from error
    if not isinstance(read, dict):
        raise refused(f"names and values in {file}", f"a {type(read).__name__}", way_out)
    return read


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return str(error).partition("\n")[0].rstrip(".")


def refused(expected: str, got: str, way_out: str) -> ValueError:
    """The one sentence for weights that cannot be used; raise what it returns."""
    return ValueError(f"SslCtc expected {expected}, got {got}; {way_out}.")
