"""A recogniser's settings -> the network they ask for, and the device it works on."""

from __future__ import annotations

from typing import Any

import torch

from components.neural.model.conformer import ConformerEncoder
from components.neural.model.encoders import ConvolutionalEncoder, Network
from components.neural.model.front_ends import MelFrontEnd, WaveFrontEnd
from components.neural.model.heads.attention import AttentionDecoder
from components.neural.model.heads.transducer import TransducerDecoder

FRONT_ENDS = {"mel": MelFrontEnd, "wave": WaveFrontEnd}
ENCODERS = {"convolutional": ConvolutionalEncoder, "conformer": ConformerEncoder}
DECODERS = {"none": None, "transducer": TransducerDecoder, "attention": AttentionDecoder}


def fresh_network(settings: Any, rate: int, tokens: int) -> Network:
    """Settings of a CtcRecogniser, rate in Hz and number of tokens -> an untaught network on its device."""
    front_end = FRONT_ENDS[settings.front_end](rate, settings.bands)
    size = (settings.bands, settings.channels, settings.layers, settings.taps, settings.dropout)
    encoder = ENCODERS[settings.encoder](*size)
    kind = DECODERS[settings.decoder]
    decoder = None if kind is None else kind(settings.channels, 1 + tokens, settings.dropout)
    return Network(front_end, encoder, 1 + tokens, decoder).to(device_of(settings.device))


def device_of(name: str) -> torch.device:
    """Name -> device; "auto" is CUDA where it is there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)
