"""A transducer: an encoder's rows, and the tokens said so far -> the next token, or on to the next row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torchaudio.functional import rnnt_loss

from components.neural.hypothesis import Said, each_clip
from components.neural.model.encoders import Dropout
from components.neural.packing import Tape
from components.neural.tokenizer import BLANK

REMEMBERED = 2  # tokens; more learn the training texts by heart
MOST_A_ROW = 3  # tokens in 40 ms


class TransducerDecoder(nn.Module):
    """Rows (rows, channels) and the last two tokens -> log-probabilities of the next token.

    Sources: Graves (2012), Sequence transduction with recurrent neural networks; Ghodsi et al. (2020),
    RNN-transducer with stateless prediction network.
    """

    def __init__(self, channels: int, tokens: int, dropout: float) -> None:
        super().__init__()
        self.known = nn.Embedding(tokens, channels)  # the blank's stands for nothing said yet
        self.before = nn.Linear(REMEMBERED * channels, channels)
        self.heard = nn.Linear(channels, channels)
        self.speak = nn.Linear(channels, tokens)
        self.dropout = Dropout(dropout)

    def losses(self, tape: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
        """Minus the log-probability of each clip's tokens, over all ways to align them: (clips,)."""
        device = tape.values.device
        counts = torch.tensor([len(one) for one in spelt], dtype=torch.int32, device=device)
        texts = [torch.from_numpy(one).to(device) for one in spelt]
        targets = nn.utils.rnn.pad_sequence(texts, batch_first=True, padding_value=BLANK)  # (clips, tokens)
        began = nn.functional.pad(targets, (REMEMBERED, 0), value=BLANK)
        last = began.unfold(1, REMEMBERED, 1)  # (clips, 1 + tokens, remembered)
        heard = self.heard(tape.padded()).transpose(0, 1)[:, :, None]  # (clips, rows, 1, channels)
        logits = self._joined(heard, self._predicted(last)[:, None])  # (clips, rows, 1 + tokens, all tokens)
        rows = torch.as_tensor(tape.lengths, dtype=torch.int32, device=device)
        return rnnt_loss(logits, targets.int(), rows, counts, BLANK, reduction="none")

    @torch.no_grad()
    def greedy(self, tape: Tape) -> list[Said]:
        """The likeliest token at every turn, at most three a row: what is said of each clip."""
        heard = self.heard(tape.padded())  # (longest, clips, channels)
        last = torch.zeros(len(tape.lengths), REMEMBERED, dtype=torch.int64, device=heard.device)
        turns: list[tuple[Tensor, Tensor]] = []
        for row, going in zip(heard, tape.inside(), strict=True):
            for _ in range(MOST_A_ROW):
                sure, token = self._joined(row, self._predicted(last)).log_softmax(-1).max(-1)
                token = token * going
                if not token.any():
                    break
                turns.append((token, sure))
                moved = torch.cat([last[:, 1:], token[:, None]], 1)
                last = torch.where((token == BLANK)[:, None], last, moved)
        return each_clip(turns, len(tape.lengths))

    def _predicted(self, last: Tensor) -> Tensor:
        """Last tokens (..., remembered) -> what they lead one to expect (..., channels)."""
        return self.before(self.dropout(self.known(last)).flatten(-2))

    def _joined(self, heard: Tensor, expected: Tensor) -> Tensor:
        return self.speak(torch.tanh(heard + expected))
