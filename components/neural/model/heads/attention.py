"""An attention decoder: an encoder's rows, and the tokens said so far -> the next token, or the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

from components.neural.hypothesis import Said, each_clip
from components.neural.model.conformer import HEADS, LONGEST_TURN
from components.neural.model.encoders import Dropout
from components.neural.packing import Tape
from components.neural.tokenizer import BLANK

MOST_A_ROW = 2  # tokens in 40 ms
NOTHING = -1  # in place of a token that is not there


class AttentionDecoder(nn.Module):
    """Rows (rows, channels) and the tokens so far -> log-probabilities of the next token.

    A recurrent layer remembers the tokens and asks all of the clip's rows, which know where they stand. The
    blank stands for the beginning and for the end. Source: Chan et al. (2016), Listen, attend and spell.
    """

    def __init__(self, channels: int, tokens: int, dropout: float) -> None:
        super().__init__()
        self.known = nn.Embedding(tokens, channels)
        self.memory = nn.GRU(channels, channels, batch_first=True)
        self.asked = nn.Linear(channels, channels)
        self.told = nn.Linear(channels, 2 * channels)
        self.joined = nn.Linear(2 * channels, channels)
        self.speak = nn.Linear(channels, tokens)
        self.dropout = Dropout(dropout)

    def losses(self, tape: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
        """Minus the log-probability of each clip's tokens and of the end after them: (clips,)."""
        texts = [torch.from_numpy(np.append(one, BLANK)).to(tape.values.device) for one in spelt]
        wanted = pad_sequence(texts, batch_first=True, padding_value=NOTHING)  # (clips, 1 + tokens)
        before = nn.functional.pad(wanted[:, :-1].clamp(min=BLANK), (1, 0), value=BLANK)
        logits, _ = self._next(before, None, *self._rows(tape))  # (clips, 1 + tokens, all tokens)
        return cross_entropy(logits.mT, wanted, ignore_index=NOTHING, reduction="none").sum(1)

    @torch.no_grad()
    def greedy(self, tape: Tape) -> list[Said]:
        """The likeliest token after those before it, until the end: what is said of each clip."""
        rows, state = self._rows(tape), None
        most = torch.as_tensor(MOST_A_ROW * tape.lengths, device=tape.values.device)
        token = torch.zeros(len(tape.lengths), dtype=torch.int64, device=tape.values.device)
        going, turns = torch.ones_like(token), []
        while True:
            logits, state = self._next(token[:, None], state, *rows)
            sure, token = logits[:, 0].log_softmax(-1).max(-1)
            going = going * (token != BLANK) * (most > len(turns))
            token = token * going
            if not token.any():
                return each_clip(turns, len(tape.lengths))
            turns.append((token, sure))

    def _rows(self, tape: Tape) -> tuple[Tensor, Tensor, Tensor]:
        """Keys and values (clips, heads, rows, size), and which rows are a clip's own (clips, 1, 1, rows)."""
        padded = tape.padded()  # (rows, clips, channels)
        told = self.told(padded + _places(padded)[:, None])
        keys, values = told.transpose(0, 1).chunk(2, -1)
        return _in_heads(keys), _in_heads(values), tape.inside().t()[:, None, None]

    def _next(
        self, before: Tensor, state: Tensor | None, keys: Tensor, values: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Tokens (clips, tokens) and the memory of those before -> logits of each next, and the memory."""
        remembered, state = self.memory(self.dropout(self.known(before)), state)
        asked = _in_heads(self.asked(remembered))
        heard = scaled_dot_product_attention(asked, keys, values, inside).transpose(1, 2).flatten(2)
        joined = torch.tanh(self.joined(torch.cat([remembered, heard], -1)))
        return self.speak(self.dropout(joined)), state


def _in_heads(values: Tensor) -> Tensor:
    """(clips, places, channels) -> (clips, heads, places, channels / heads)."""
    return values.unflatten(-1, (HEADS, -1)).transpose(1, 2)


def _places(padded: Tensor) -> Tensor:
    """(rows, clips, channels) -> waves by which a row knows where it stands, (rows, channels).

    Source: Vaswani et al. (2017), Attention is all you need.
    """
    rows, _, channels = padded.shape
    speeds = LONGEST_TURN ** -torch.linspace(0, 1, channels // 2, device=padded.device)
    angles = torch.arange(rows, device=padded.device)[:, None] * speeds  # (rows, channels / 2)
    return torch.cat([angles.sin(), angles.cos()], 1)
