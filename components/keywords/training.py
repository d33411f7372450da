"""The training of a keyword's network: batches of windows, hard ones among them, averaged weights out."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from components.keywords.encoders import KeywordNetwork, as_tensor, masked
from components.keywords.windows import Windows
from components.neural.training.ema import AveragedNetwork

CLIP_NORM = 5.0
WARM_UP = 80  # steps in which the rate rises
MINED_EVERY = 100  # steps: then the background is searched for what sounds like the keyword


class KeywordTraining:
    """A network under training, from the first step on; where it stands depends on no later step.

    The rate rises, then holds, and what is given is the moving average of the weights, so that training may
    end after any number of steps.

    Attributes
    ----------
    network : under training. averaged : its moving average. losses : of each step.
    """

    def __init__(
        self,
        network: KeywordNetwork,
        windows: Windows,
        batch: int,
        learning_rate: float,
        weight_decay: float,
        rng: np.random.Generator,
    ) -> None:
        self.network, self.windows, self.batch, self.rng = network.train(), windows, batch, rng
        self.device = next(network.parameters()).device
        network.rows.requires_grad_(network.body_share > 0)
        parts = {network.rows: network.body_share, network.output: 1.0}
        rates = [{"params": part.parameters(), "lr": share * learning_rate} for part, share in parts.items()]
        self.optimiser = torch.optim.AdamW(rates, weight_decay=weight_decay)
        self.rates = torch.optim.lr_scheduler.LambdaLR(self.optimiser, rate_share)
        self.averaged = AveragedNetwork(network)
        self.losses: list[float] = []

    def run_until(self, steps: int) -> KeywordNetwork:
        """Train until so many steps are done in all -> the averaged network, for evaluation."""
        while len(self.losses) < steps:
            if self.losses and len(self.losses) % MINED_EVERY == 0:
                self.windows.mine(self._greatest)
            self._step()
        return self.averaged.network.eval()

    @property
    def history(self) -> list[dict[str, Any]]:
        """Mean loss of each tenth of the steps so far."""
        tenth = max(1, len(self.losses) // 10)
        return [
            {"step": first + tenth, "loss": float(np.mean(self.losses[first : first + tenth]))}
            for first in range(0, len(self.losses) - tenth + 1, tenth)
        ]

    def _step(self) -> None:
        frames, keyword, other = self.windows.draw(self.batch)
        windows = masked(as_tensor(frames, self.device), self.rng)
        marks = (torch.from_numpy(mask).to(self.device) for mask in (keyword, other))
        loss = max_pooled_loss(self.network(windows)[0], *marks)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        self.optimiser.step()
        self.rates.step()
        self.averaged.update(len(self.losses))
        self.losses.append(float(loss.detach()))

    @torch.no_grad()
    def _greatest(self, frames: np.ndarray) -> np.ndarray:
        """Windows (frames, windows, bands) -> the greatest logit of each (windows,)."""
        logits = self.averaged.network.eval()(as_tensor(frames, self.device))[0]
        return logits[torch.from_numpy(self.windows.rows.whole)].amax(dim=0).cpu().numpy()


def rate_share(step: int) -> float:
    """Share of the highest learning rate at a step."""
    return min(1.0, (step + 1) / WARM_UP)


def max_pooled_loss(logits: Tensor, keyword: Tensor, other: Tensor) -> Tensor:
    """Logits (rows, windows), rows where the keyword may be heard and where it must not be -> mean loss.

    Of each window the greatest logit of either kind of rows counts.
    Source: Sun et al. (2016), Max-pooling loss training of LSTMs for small-footprint keyword spotting.
    """
    entropy = nn.functional.binary_cross_entropy_with_logits
    greatest = [_greatest_of(logits, rows) for rows in (keyword, other)]
    targets = torch.cat([torch.ones_like(greatest[0]), torch.zeros_like(greatest[1])])
    return entropy(torch.cat(greatest), targets)


def _greatest_of(logits: Tensor, rows: Tensor) -> Tensor:
    """Logits and some of them (rows, windows) -> the greatest in each window that has any of them."""
    return logits.masked_fill(~rows, -torch.inf).amax(dim=0)[rows.any(dim=0)]
