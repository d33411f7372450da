"""Convolution over the rows of a packed batch, as matrix products."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

ROW_MULTIPLE = 64  # of a product in bfloat16: oneDNN takes milliseconds to prepare each new shape


class TapConvolution(torch.autograd.Function):
    """(rows, in) with weight (taps, in, out), taps odd -> (rows, out), zeros beyond both ends.

    One matrix product a tap, over rows as they lie, for the output and for either gradient: near the
    machine's best rate. conv1d spends half its time on moving numbers, and a single product over overlapping
    rows a fifth, as BLAS has them copied.
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return _sum_of_products(x, weight.unbind())

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, Tensor]:
        (x, weight), grad = ctx.saved_tensors, grad.contiguous()
        grad_weight = torch.empty_like(weight)
        for tap, (source, target, rows) in zip(
            grad_weight.unbind(), _shifts(len(weight), len(x)), strict=True
        ):
            torch.mm(x.narrow(0, source, rows).t(), grad.narrow(0, target, rows), out=tap)
        if not ctx.needs_input_grad[0]:
            return None, grad_weight
        return _sum_of_products(grad, [tap.t() for tap in reversed(weight.unbind())]), grad_weight


def _sum_of_products(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """(rows, in) and a matrix (in, out) for each tap -> (rows, out)."""
    total = x @ weights[len(weights) // 2]
    for weight, (source, target, rows) in zip(weights, _shifts(len(weights), len(x)), strict=True):
        if source != target:
            total.narrow(0, target, rows).addmm_(x.narrow(0, source, rows), weight)
    return total


def _shifts(taps: int, rows: int) -> list[tuple[int, int, int]]:
    """For each tap: the first row that it reads, the first row that it adds to, and how many rows."""
    ahead = [tap - taps // 2 for tap in range(taps)]
    return [(min(max(0, n), rows), min(max(0, -n), rows), max(0, rows - abs(n))) for n in ahead]


class Bfloat16Convolution(torch.autograd.Function):
    """As TapConvolution, its products in bfloat16, with sums in float32: one for all taps.

    Its rows are copied side by side first (im2col), which at half the width takes a fifth of the time.
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor) -> Tensor:
        columns = _side_by_side(_bfloat16_rows(x, len(weight)), len(weight))
        ctx.save_for_backward(columns, weight)
        return (columns @ _matrix(weight))[: len(x)].float()

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, Tensor]:
        columns, weight = ctx.saved_tensors
        taps = len(weight)
        rows = _bfloat16_rows(grad, taps)
        grad_weight = (columns.t() @ rows.narrow(0, taps // 2, len(columns))).float().view_as(weight)
        if not ctx.needs_input_grad[0]:
            return None, grad_weight
        back = _matrix(weight.flip(0).transpose(1, 2))
        return (_side_by_side(rows, taps) @ back)[: len(grad)].float(), grad_weight


def _bfloat16_rows(x: Tensor, taps: int) -> Tensor:
    """Rows in bfloat16, zeros before and after them: as many as taps reach over, and up to 64 more."""
    rows = -(-len(x) // ROW_MULTIPLE) * ROW_MULTIPLE
    padded = x.new_zeros(rows + taps - 1, x.shape[1], dtype=torch.bfloat16)
    padded.narrow(0, taps // 2, len(x)).copy_(x)
    return padded


def _side_by_side(x: Tensor, taps: int) -> Tensor:
    """(rows + taps - 1, channels) -> (rows, taps * channels), each row beside the next ones."""
    rows, channels = len(x) - taps + 1, x.shape[1]
    return x.as_strided((rows, taps * channels), (channels, 1)).contiguous()


def _matrix(weight: Tensor) -> Tensor:
    """(taps, in, out) -> (taps * in, out), in bfloat16."""
    return weight.reshape(-1, weight.shape[2]).to(torch.bfloat16)
