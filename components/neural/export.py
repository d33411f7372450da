"""A trained CtcRecogniser -> an ONNX file: waveform in, log-probabilities out, nothing of ours needed."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d, pad

from components.neural.model.build import FRONT_ENDS
from components.neural.model.network import CTC, Network
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.heads import trained_head
from components.neural.tasks.middle import close
from components.neural.tasks.multi_task import MultiTask
from components.neural.tokenizer import BLANK

INPUT, OUTPUT = "waveform", "log_probabilities"
TASK = "task."  # what the names of the outputs of further tasks begin with
ROW_MS = 20


def export_onnx(recogniser: Any, path: Path) -> dict[str, str]:
    """Trained CtcRecogniser -> an ONNX file; returns the metadata that stand in it.

    Input `waveform`: float32 (samples,) in [-1, 1] at `rate` Hz, as long as you like. Output
    `log_probabilities`: natural, float32 (rows, 1 + tokens), a row every 20 ms, as of the recogniser's own
    log_probabilities. Metadata: `rate`, `row_ms`, `blank` (the column of CTC's blank), `alphabet` (the tokens
    of the columns after it, as JSON) and `units` (what these are: characters, phonemes or words). Of a
    MultiTask or SoftSharing there is an output `task.NAME` for each task as well, and the metadata `tasks`
    say of each, as JSON, its kind, and the classes or the alphabet of its log-probabilities.
    Raises ValueError for any other recogniser, and for one that does not decode from these alone.
    """
    codes, weights = {}, {}
    if isinstance(recogniser, MultiTask):
        codes, weights, recogniser = recogniser.codes_, recogniser.heads_, recogniser.recogniser_
    if not isinstance(recogniser, CtcRecogniser):
        raise ValueError(
            f"export expected a network, such as mel-ctc or wave-ctc, got a {type(recogniser).__name__}, "
            "whose stages do not fit into an ONNX file; use it with crossover transcribe or MLflow's pyfunc."
        )
    if recogniser.front_end not in FRONT_ENDS:
        raise ValueError(
            f"export expected a network with a front end of {', '.join(FRONT_ENDS)}, got one on another's "
            f"weights ({recogniser.front_end}); use it with crossover transcribe or MLflow's pyfunc."
        )
    if recogniser.decoder != "none":
        raise ValueError(
            "export expected a network that answers from CTC alone, got one with "
            f"decoder={recogniser.decoder!r}, which goes token by token; use it with crossover transcribe or "
            "MLflow's pyfunc."
        )
    network = copy(recogniser).set_params(device="cpu")._trained_network()
    heads = {name: trained_head(code, network, weights[name]) for name, code in codes.items()}
    with _quietly():
        program = torch.onnx.export(
            _captured(OneClipNetwork(network, codes, heads), recogniser.rate_),
            input_names=[INPUT],
            output_names=[OUTPUT, *(f"{TASK}{name}" for name in codes)],
            verbose=False,
        )
    for head in heads.values():
        close(head)
    metadata = {
        "rate": str(recogniser.rate_),
        "row_ms": str(ROW_MS),
        "blank": str(BLANK),
        "alphabet": json.dumps(recogniser.alphabet_, ensure_ascii=False),
        "units": recogniser.units,
    }
    if codes:
        about = {name: code.about for name, code in codes.items()}
        metadata["tasks"] = json.dumps(about, ensure_ascii=False)
    program.model.metadata_props.update(metadata)
    program.save(path)
    return metadata


class OneClipNetwork(nn.Module):
    """(samples,) -> log-probabilities (rows, 1 + tokens): a network for one clip at a time.

    codes, heads: of further tasks, by name; then what each gives follows.
    """

    def __init__(self, network: Network, codes: Mapping[str, Any], heads: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.network = network
        self.codes, self.heads = list(codes.values()), nn.ModuleList(heads.values())

    def forward(self, samples: Tensor) -> tuple[Tensor, ...]:
        front_end = self.network.front_end
        features = _whole_blocks(front_end.features(samples), front_end.rows_per_frame)
        encoded = self.network.encode(OneClip(features))
        tasks = [code.exported(head, encoded) for code, head in zip(self.codes, self.heads, strict=True)]
        return (self.network.heads[CTC](encoded).values, *tasks)


@dataclass(frozen=True)
class OneClip:
    """A PackedBatch of one clip and no padding, so that exporters see plain operations of any length."""

    values: Tensor

    @property
    def valid(self) -> Tensor:
        """All rows are the clip's own, (rows, 1)."""
        return torch.ones_like(self.values[:, :1])

    @property
    def clip_of_row(self) -> Tensor:
        """Zero for each row, (rows,)."""
        return torch.zeros_like(self.values[:, 0], dtype=torch.int64)

    def with_values(self, values: Tensor) -> OneClip:
        """Other values."""
        return OneClip(values)

    def convolved(self, weight: Tensor) -> Tensor:
        """Values (rows, in) and weight (taps, in, out) -> (rows, out), zeros beyond both ends."""
        return conv1d(self.values.t()[None], weight.permute(2, 1, 0), padding=weight.shape[0] // 2)[0].t()

    def mask(self) -> Tensor:
        """No row is padding: bool (rows, 1)."""
        return torch.ones_like(self.values[:, :1], dtype=torch.bool)

    def padded(self) -> Tensor:
        """The padded batch: (rows, 1, channels)."""
        return self.values[:, None]

    def from_padded(self, padded: Tensor) -> OneClip:
        """A padded batch (rows, 1, channels) as the values of these rows."""
        return OneClip(padded[:, 0])

    def stacked(self, factor: int) -> OneClip:
        """Every factor rows joined into one: (rows, channels) -> (rows / factor, factor * channels)."""
        whole = _whole_blocks(self.values, factor)
        return OneClip(whole.reshape(whole.shape[0] // factor, factor * whole.shape[1]))

    def subsampled(self, factor: int, values: Tensor) -> OneClip:
        """Values (rows / factor, channels), each in the place of factor rows."""
        return OneClip(values)

    def unstacked(self, factor: int) -> OneClip:
        """Every row split into factor rows: (rows, factor * channels) -> (rows * factor, channels)."""
        return OneClip(self.values.reshape(-1, self.values.shape[1] // factor))

    def sums(self, values: Tensor) -> Tensor:
        """Sum of values (rows, channels): (1, channels)."""
        return values.sum(0, keepdim=True)

    def counts(self, like: Tensor) -> Tensor:
        """Number of rows, (1, 1)."""
        return torch.ones_like(like[:, :1]).sum(0, keepdim=True)


def _whole_blocks(values: Tensor, block: int) -> Tensor:
    """(rows, channels) -> the same with zero rows after it, up to a multiple of block."""
    rows = values.shape[0]
    # not -(-rows // block): ONNX divides towards zero
    return pad(values, (0, 0, 0, (rows + block - 1) // block * block - rows))


def _captured(network: nn.Module, rate: int) -> torch.export.ExportedProgram:
    """A network of one clip -> its operations, for any number of samples."""
    # half a second is only an example; below a tenth, one row would pass for many
    lengths = {0: torch.export.Dim("samples", min=rate // 10)}
    return torch.export.export(
        network.eval(),
        (torch.zeros(rate // 2),),
        dynamic_shapes=(lengths,),
        prefer_deferred_runtime_asserts_over_guards=True,
    )


@contextmanager
def _quietly() -> Iterator[None]:
    """Without torch's log messages on its own workings, which no user can act on."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
