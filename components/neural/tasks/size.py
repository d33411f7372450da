"""How large networks for single tasks may be, so that all together learn as many weights as one for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from sklearn.base import clone
from torch import nn

from components.contract import Clip
from components.neural.fit_tokenizers import fit_tokenizers
from components.neural.model.build import build_network
from components.neural.model.conformer import CHANNEL_MULTIPLE
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.codes import Code
from components.neural.tasks.heads import TaskHeads
from components.neural.tasks.task_network import encoder_alone
from components.study.task import Task

SAME_IN_ALL, SAME_EACH = "same-in-all", "same-each"


def sized(
    settings: CtcRecogniser, size: str, clips: Sequence[Clip], texts: Sequence[str], tasks: Mapping[str, Task]
) -> CtcRecogniser:
    """Settings of one network for all tasks and a size -> those of a network for each; in place.

    size: SAME_EACH, as they are; SAME_IN_ALL, of so few channels that all have as many weights as the one.
    """
    if size == SAME_IN_ALL and tasks and len(clips):
        settings.set_params(channels=channels_apart(settings, clips[0].rate, texts, tasks))
    return settings


def channels_apart(
    settings: CtcRecogniser, rate: int, texts: Sequence[str], tasks: Mapping[str, Task]
) -> int:
    """Settings of one network for all tasks, rate in Hz, and labels -> channels of networks for single ones.

    The most with which a network for the words and one for each task have, added up, no more weights than the
    one network; the fewest that are possible where there are none such.
    """
    codes = TaskHeads(tasks).codes
    sizes = [len(tokenizer.tokens_) for tokenizer in fit_tokenizers(settings, texts).values()]
    with torch.random.fork_rng(devices=[]):
        one = build_network(settings, rate, *sizes)
        most = _weights(one) + sum(_weights(code.head(one)) for code in codes.values())
        for channels in range(settings.channels, CHANNEL_MULTIPLE, -CHANNEL_MULTIPLE):
            narrower = clone(settings).set_params(channels=channels)
            apart = [_alone(narrower, rate, code) for code in codes.values()]
            if _weights(build_network(narrower, rate, *sizes)) + sum(apart) <= most:
                return channels
    return CHANNEL_MULTIPLE


def _alone(settings: CtcRecogniser, rate: int, code: Code) -> int:
    network = encoder_alone(settings, rate)
    return _weights(network) + _weights(code.head(network))


def _weights(module: nn.Module) -> int:
    """How many weights a module learns."""
    return sum(weight.numel() for weight in module.parameters())
