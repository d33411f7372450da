"""A front end, an encoder and named heads: features of clips -> encoded rows -> losses and outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from components.neural.model.heads import LabelDecoder, Targets
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.weighting import EqualWeights
from components.neural.packing import PackedBatch, RaggedFeatures

CTC, FURTHER_CTC = "ctc", ("second_ctc", "third_ctc", "fourth_ctc")  # each has units of its own
CTC_SHARE = 0.3  # of the loss, beside a head that decodes label by label


class Network(nn.Module):
    """Features of clips -> encoded rows every 40 ms, read by any number of heads.

    Source of CTC beside a decoder: Watanabe et al. (2017), Hybrid CTC/attention architecture.

    Parameters
    ----------
    front_end, encoder : modules that keep the promises FrontEnd and Encoder of components.neural.model.
    heads : name -> module that keeps the promise Head, in the order in which they are computed.
    loss_weights : name -> weight of its loss; 1 for those left out.

    Attributes
    ----------
    frozen : prefixes of names of parts that are not trained (see components.neural.transfer).
    rate_shares : prefix of names of parts -> their learning rate, as a share of the schedule's; 1 for others.
    weighting : makes gradients of the losses of all heads (see components.neural.model.weighting).
    padding, subsampling_factor : feature rows between two clips at least, and to one encoded row.
    """

    def __init__(
        self,
        front_end: nn.Module,
        encoder: nn.Module,
        heads: Mapping[str, nn.Module],
        loss_weights: Mapping[str, float] | None = None,
    ) -> None:
        super().__init__()
        self.front_end, self.encoder, self.heads = front_end, encoder, nn.ModuleDict(heads)
        self.loss_weights = {name: 1.0 for name in heads} | dict(loss_weights or {})
        self.frozen: tuple[str, ...] = ()
        self.rate_shares: dict[str, float] = {}
        self.weighting: nn.Module = EqualWeights()
        self.subsampling_factor = front_end.rows_per_frame * encoder.subsampling_factor
        self.padding = front_end.rows_per_frame * encoder.padding

    @property
    def ctc(self) -> CtcHead | None:
        """The head named ctc, if there is one."""
        return dict(self.heads.items()).get(CTC)

    @property
    def ctc_heads(self) -> dict[str, CtcHead]:
        """All heads that are trained by CTC, by name."""
        inside = {name: getattr(head, "head", head) for name, head in self.heads.items()}
        return {name: self.heads[name] for name, head in inside.items() if isinstance(head, CtcHead)}

    @property
    def decoder(self) -> LabelDecoder | None:
        """The head that decodes label by label, if there is one."""
        return next((head for head in self.heads.values() if isinstance(head, LabelDecoder)), None)

    def pack(
        self, features: RaggedFeatures, clips: np.ndarray, speeds: np.ndarray | None = None
    ) -> PackedBatch:
        """Features and which clips to take, at which speeds -> a batch that forward accepts."""
        return features.batch(clips, speeds, self.padding, self.subsampling_factor)

    def encode(self, batch: PackedBatch) -> PackedBatch:
        """Packed features -> encoded rows (rows, channels), every 40 ms."""
        return self.encoder(self.front_end(batch))

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """Packed features -> log-probabilities of CTC's tokens (rows, tokens), every 20 ms."""
        return self.heads[CTC](self.encode(batch))

    def losses(
        self, encoded: PackedBatch, targets: Mapping[str, Targets], log_probs: PackedBatch | None = None
    ) -> Tensor:
        """Encoded rows and, for each head, a target or None a clip -> losses (clips,).

        Their mean is the weighted sum, over heads, of each head's mean over the clips that are labelled for
        it; a head without any adds nothing. log_probs: what the CTC head makes of the rows, if at hand.
        """
        total = encoded.values.new_zeros(len(encoded.lengths))
        for losses in self.losses_by_head(encoded, targets, log_probs).values():
            total = total + losses
        return total

    def losses_by_head(
        self,
        encoded: PackedBatch,
        targets: Mapping[str, Targets],
        log_probs: PackedBatch | None = None,
        shares: np.ndarray | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> dict[str, Tensor]:
        """Encoded rows and, for each head, a target or None a clip -> head -> losses (clips,), weighted.

        Their mean is the weight times the mean over the clips that are labelled for the head; heads without
        any, and those of weight 0, are left out. weights: in the place of loss_weights. log_probs: what the
        CTC head makes of the rows, if at hand. shares: where the clips are pairs, (pairs,), the share of the
        first in the length of both; heads of one clip have two targets a pair.
        """
        alone = encoded if shares is None else encoded.split(_joints(encoded.lengths, shares))
        weights, by_head = weights or self.loss_weights, {}
        for name, head in self.heads.items():
            present = np.flatnonzero([target is not None for target in targets[name]])
            if not len(present) or not weights[name]:
                continue
            given = () if name != CTC or log_probs is None else (log_probs,)
            rows = alone if getattr(head, "of_one_clip", False) else encoded
            losses = head.losses(rows, targets[name], *given)
            where = present * len(encoded.lengths) // len(rows.lengths)  # the pair of each clip
            by_head[name] = weights[name] * _on_all_clips(losses, where, len(encoded.lengths))
        return by_head

    def train(self, mode: bool = True) -> Network:
        """As of every module, but frozen parts stay in evaluation: no dropout, no batch statistics."""
        super().train(mode)
        for name, module in self.named_modules():
            if any(is_within(name, prefix) for prefix in self.frozen):
                module.eval()
        return self

    def weights_at(self, step: int) -> dict[str, float]:
        """A step of training -> name -> weight of its loss: of the further CTC heads one has that of all.

        So several cost a step little more than one. Each has two steps running, as every other batch joins
        its clips two by two.
        """
        further = [name for name in FURTHER_CTC if self.loss_weights.get(name)]
        if not further:
            return self.loss_weights
        in_turn = further[step // 2 % len(further)]
        shares = {name: len(further) * float(name == in_turn) for name in further}
        return self.loss_weights | {name: share * self.loss_weights[name] for name, share in shares.items()}

    def feature_rows(self, seconds: float) -> int:
        """How many feature rows so many seconds are, at least one."""
        return max(1, round(seconds * 100 * self.front_end.rows_per_frame))

    def output_rows(self, feature_rows: np.ndarray) -> np.ndarray:
        """How many rows of CTC's log-probabilities so many feature rows become."""
        return -(-feature_rows // self.subsampling_factor) * CtcHead.rows_out


def train_one_of(network: Network, heads: Collection[str], name: str) -> None:
    """A network, names of heads, and one of them -> the others are not trained any more, in place."""
    network.loss_weights |= {other: 0.0 for other in heads if other != name}


def with_ctc_head(network: Network, name: str) -> Network:
    """A trained network and one of its ctc_heads -> itself, with that one alone, as the head named ctc."""
    chosen = network.heads[name]
    for other in network.ctc_heads:
        if other != CTC:
            del network.heads[other]
            network.loss_weights.pop(other)
    network.heads[CTC] = chosen
    return network


def is_within(name: str, prefix: str) -> bool:
    """Whether a dotted name is the prefix or lies below it: encoder.stem.weight lies below encoder."""
    return f"{name}.".startswith(f"{prefix}.")


def _joints(lengths: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Rows of pairs, and the share of the first of both -> the rows of the first."""
    return np.clip(np.round(shares * lengths).astype(np.int64), 1, lengths)


def _on_all_clips(losses: Tensor, where: np.ndarray, clips: int) -> Tensor:
    """Losses, and the place of each -> (clips,), 0 where there is none, with the same mean."""
    if np.array_equal(where, np.arange(clips)):
        return losses
    places = torch.as_tensor(where, device=losses.device)
    return losses.new_zeros(clips).index_add_(0, places, losses * (clips / len(where)))
