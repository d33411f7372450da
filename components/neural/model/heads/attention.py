"""The attention head: encoded rows and the tokens so far -> the next token, or the end."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

from components.neural.hypothesis import Hypothesis, hypotheses_of
from components.neural.model.conformer import ATTENTION_HEADS, LONGEST_PERIOD
from components.neural.model.heads import Targets, labelled
from components.neural.model.layers import Dropout
from components.neural.packing import PackedBatch
from components.neural.tokenizer import BLANK

MAX_TOKENS_PER_ROW = 2  # of 40 ms
IGNORED = -1  # in place of a token after the end


class AttentionHead(nn.Module):
    """Encoded rows (rows, channels) and the tokens so far -> log-probabilities of the next token.

    The state of a recurrent layer over the tokens is the query; keys and values are all of the clip's rows,
    with their positions. The blank stands for the begin and for the end of a sentence.
    Source: Chan et al. (2016), Listen, attend and spell.
    """

    def __init__(self, channels: int, tokens: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, channels)
        self.recurrent = nn.GRU(channels, channels, batch_first=True)
        self.query = nn.Linear(channels, channels)
        self.key_value = nn.Linear(channels, 2 * channels)
        self.joiner = nn.Linear(2 * channels, channels)
        self.output = nn.Linear(channels, tokens)
        self.dropout = Dropout(dropout)

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Minus the log-probability of each labelled clip's tokens and of the end after them: (clips,)."""
        encoded, targets = labelled(encoded, targets)
        tokens = [torch.from_numpy(np.append(row, BLANK)).to(encoded.values.device) for row in targets]
        expected = pad_sequence(tokens, batch_first=True, padding_value=IGNORED)  # (clips, 1 + tokens)
        previous = nn.functional.pad(expected[:, :-1].clamp(min=BLANK), (1, 0), value=BLANK)
        logits, _ = self.step(previous, None, *self.keys_values(encoded))  # (clips, 1 + tokens, all tokens)
        return cross_entropy(logits.mT, expected, ignore_index=IGNORED, reduction="none").sum(1)

    @torch.no_grad()
    def greedy(self, encoded: PackedBatch) -> list[Hypothesis]:
        """Encoded rows -> a hypothesis a clip: the likeliest token after those before it, until the end."""
        rows, state = self.keys_values(encoded), None
        most = torch.as_tensor(MAX_TOKENS_PER_ROW * encoded.lengths, device=encoded.values.device)
        token = torch.zeros(len(encoded.lengths), dtype=torch.int64, device=encoded.values.device)
        is_going, steps = torch.ones_like(token), []
        while True:
            logits, state = self.step(token[:, None], state, *rows)
            log_prob, token = logits[:, 0].log_softmax(-1).max(-1)
            is_going = is_going * (token != BLANK) * (most > len(steps))
            token = token * is_going
            if not token.any():
                return hypotheses_of(steps, len(encoded.lengths))
            steps.append((token, log_prob))

    def keys_values(self, encoded: PackedBatch) -> tuple[Tensor, Tensor, Tensor]:
        """Keys and values (clips, heads, rows, size), and the mask of own rows (clips, 1, 1, rows)."""
        padded = encoded.padded()  # (rows, clips, channels)
        projected = self.key_value(padded + _positions(padded)[:, None])
        keys, values = projected.transpose(0, 1).chunk(2, -1)
        return _split_heads(keys), _split_heads(values), encoded.mask().t()[:, None, None]

    def step(
        self, previous: Tensor, state: Tensor | None, keys: Tensor, values: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Tokens (clips, tokens), the state before them -> logits of each next token, and the new state."""
        states, state = self.recurrent(self.dropout(self.embedding(previous)), state)
        queries = _split_heads(self.query(states))
        context = scaled_dot_product_attention(queries, keys, values, mask).transpose(1, 2).flatten(2)
        joined = torch.tanh(self.joiner(torch.cat([states, context], -1)))
        return self.output(self.dropout(joined)), state


def _split_heads(values: Tensor) -> Tensor:
    """(clips, places, channels) -> (clips, heads, places, channels / heads)."""
    return values.unflatten(-1, (ATTENTION_HEADS, -1)).transpose(1, 2)


def _positions(padded: Tensor) -> Tensor:
    """(rows, clips, channels) -> sinusoidal position embedding, (rows, channels).

    Source: Vaswani et al. (2017), Attention is all you need.
    """
    rows, _, channels = padded.shape
    frequencies = LONGEST_PERIOD ** -torch.linspace(0, 1, channels // 2, device=padded.device)
    angles = torch.arange(rows, device=padded.device)[:, None] * frequencies  # (rows, channels / 2)
    return torch.cat([angles.sin(), angles.cos()], 1)
