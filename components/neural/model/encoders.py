"""The convolutional encoder: frames every 10 ms -> rows every 40 ms."""

from __future__ import annotations

from torch import nn

from components.neural.model.cepstra import REACH, CepstralLayer
from components.neural.model.layers import ConvBlock
from components.neural.packing import PackedBatch


class ConvolutionalEncoder(nn.Module):
    """Frames -> encoded rows: a layer at 10 ms, one at 20, then layers at 40.

    Working at 40 ms halves the arithmetic. padding: zero frames that must follow each clip, so that no
    convolution reaches the next. Source: time-delay networks (Waibel et al., 1989), with residual
    connections (He et al., 2015).
    """

    subsampling_factor = 4

    def __init__(self, bands: int, channels: int, layers: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.channels = channels
        self.padding = max(REACH, self.subsampling_factor * (kernel_size // 2))
        self.cepstral = CepstralLayer(bands)
        self.stem = ConvBlock(2 * self.cepstral.channels, channels // 2, kernel_size, 0.0)
        self.layers = nn.ModuleList(
            ConvBlock(channels, channels, kernel_size, dropout) for _ in range(layers)
        )

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, bands) -> (rows, channels)."""
        batch = self.stem(self.cepstral(batch).stacked(2)).stacked(2)
        for layer in self.layers:
            batch = layer(batch)
        return batch
