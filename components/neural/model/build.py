"""A recogniser's settings -> the network they ask for, and the device it works on."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from components.neural.model.conformer import ConformerEncoder
from components.neural.model.encoders import ConvolutionalEncoder
from components.neural.model.front_ends import MelFrontEnd, WaveFrontEnd
from components.neural.model.heads.attention import AttentionHead
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.heads.transducer import TransducerHead
from components.neural.model.network import CTC, CTC_SHARE, FURTHER_CTC, Network

FRONT_ENDS = {"mel": MelFrontEnd, "wave": WaveFrontEnd}
ENCODERS = {"convolutional": ConvolutionalEncoder, "conformer": ConformerEncoder}
HEADS = {CTC: CtcHead, "transducer": TransducerHead, "attention": AttentionHead}
NO_DECODER = "none"
DECODERS = (NO_DECODER, *(name for name in HEADS if name != CTC))


def build_network(
    settings: Any, rate: int, tokens: int, *further: int, channels: int | None = None
) -> Network:
    """Settings of a CtcRecogniser, rate in Hz, number of tokens -> an untrained network on its device.

    further: number of tokens of each further CTC head. channels: in the place of those of the settings.
    """
    channels = channels or settings.channels
    front_end = FRONT_ENDS[settings.front_end](rate, settings.bands)
    size = (settings.bands, channels, settings.layers, settings.kernel_size, settings.dropout)
    named = isinstance(settings.encoder, str)
    encoder = ENCODERS[settings.encoder](*size) if named else settings.encoder.build(*size)
    heads = build_heads(settings.decoder, channels, 1 + tokens, settings.dropout)
    weights = {name: CTC_SHARE if name == CTC else 1 - CTC_SHARE for name in heads} if len(heads) > 1 else {}
    for name, size in zip(FURTHER_CTC, further, strict=False):
        heads[name] = CtcHead(channels, 1 + size, settings.dropout)
    network = Network(front_end, encoder, heads, weights)
    return network.to(device_of(settings.device))


def build_heads(decoder: str, channels: int, tokens: int, dropout: float) -> dict[str, nn.Module]:
    """A name of DECODERS and sizes -> CTC's head, and the decoder's after it.

    The decoder draws its first weights before CTC does, as it always has: seeds keep their meaning.
    """
    names = [name for name in HEADS if name in (CTC, decoder)]
    made = {name: HEADS[name](channels, tokens, dropout) for name in reversed(names)}
    return {name: made[name] for name in names}


def device_of(name: str) -> torch.device:
    """Name -> device; "auto" is CUDA where it is there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)
