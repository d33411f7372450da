"""Convolution over the rows of a tape, as matrix products."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

ROWS_AT_ONCE = 64  # of a product in bfloat16: oneDNN takes milliseconds to get ready for each new shape


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
        for one, (heard, said, rows) in zip(grad_weight.unbind(), _shifts(len(weight), len(x)), strict=True):
            torch.mm(x.narrow(0, heard, rows).t(), grad.narrow(0, said, rows), out=one)
        if not ctx.needs_input_grad[0]:
            return None, grad_weight
        return _sum_of_products(grad, [one.t() for one in reversed(weight.unbind())]), grad_weight


def _sum_of_products(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """(rows, in) and a matrix (in, out) for each tap -> (rows, out)."""
    total = x @ weights[len(weights) // 2]
    for weight, (heard, said, rows) in zip(weights, _shifts(len(weights), len(x)), strict=True):
        if heard != said:
            total.narrow(0, said, rows).addmm_(x.narrow(0, heard, rows), weight)
    return total


def _shifts(taps: int, rows: int) -> list[tuple[int, int, int]]:
    """For each tap: at which row what it hears begins, at which row what it says, and how many there are."""
    ahead = [tap - taps // 2 for tap in range(taps)]
    return [(min(max(0, n), rows), min(max(0, -n), rows), max(0, rows - abs(n))) for n in ahead]


class HalvedConvolution(torch.autograd.Function):
    """As TapConvolution, its products in bfloat16, with sums in float32: one for all taps.

    Its rows are copied side by side first, which at half the width takes a fifth of the time.
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor) -> Tensor:
        heard = _side_by_side(_halved(x, len(weight)), len(weight))
        ctx.save_for_backward(heard, weight)
        return (heard @ _matrix(weight))[: len(x)].float()

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, Tensor]:
        heard, weight = ctx.saved_tensors
        taps = len(weight)
        halved = _halved(grad, taps)
        grad_weight = (heard.t() @ halved.narrow(0, taps // 2, len(heard))).float().view_as(weight)
        if not ctx.needs_input_grad[0]:
            return None, grad_weight
        back = _matrix(weight.flip(0).transpose(1, 2))
        return (_side_by_side(halved, taps) @ back)[: len(grad)].float(), grad_weight


def _halved(x: Tensor, taps: int) -> Tensor:
    """Rows in bfloat16, zeros before and after them: as many as taps reach over, and up to 64 more."""
    rows = -(-len(x) // ROWS_AT_ONCE) * ROWS_AT_ONCE
    halved = x.new_zeros(rows + taps - 1, x.shape[1], dtype=torch.bfloat16)
    halved.narrow(0, taps // 2, len(x)).copy_(x)
    return halved


def _side_by_side(x: Tensor, taps: int) -> Tensor:
    """(rows + taps - 1, channels) -> (rows, taps * channels), each row beside the next ones."""
    rows, channels = len(x) - taps + 1, x.shape[1]
    return x.as_strided((rows, taps * channels), (channels, 1)).contiguous()


def _matrix(weight: Tensor) -> Tensor:
    """(taps, in, out) -> (taps * in, out), in bfloat16."""
    return weight.reshape(-1, weight.shape[2]).to(torch.bfloat16)
