"""The transducer head: encoded rows and the tokens so far -> the next token, or on to the next row."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchaudio.functional import rnnt_loss

from components.neural.hypothesis import Hypothesis, hypotheses_of
from components.neural.model.heads import Targets, labelled
from components.neural.model.layers import Dropout
from components.neural.packing import PackedBatch
from components.neural.tokenizer import BLANK

CONTEXT_SIZE = 2  # tokens; more overfit the training texts
MAX_SYMBOLS_PER_ROW = 3  # of 40 ms


class TransducerHead(nn.Module):
    """Encoded rows (rows, channels) and the last two tokens -> log-probabilities of the next token.

    Sources: Graves (2012), Sequence transduction with recurrent neural networks; Ghodsi et al. (2020),
    RNN-transducer with stateless prediction network.
    """

    def __init__(self, channels: int, tokens: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, channels)  # the blank's stands for the begin of a sentence
        self.predictor = nn.Linear(CONTEXT_SIZE * channels, channels)
        self.projection = nn.Linear(channels, channels)
        self.output = nn.Linear(channels, tokens)
        self.dropout = Dropout(dropout)

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Minus the log-probability of each labelled clip's tokens, over all alignments: (clips,)."""
        encoded, targets = labelled(encoded, targets)
        device = encoded.values.device
        counts = torch.tensor([len(row) for row in targets], dtype=torch.int32, device=device)
        tokens = [torch.from_numpy(row).to(device) for row in targets]
        tokens = nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=BLANK)  # (clips, tokens)
        begun = nn.functional.pad(tokens, (CONTEXT_SIZE, 0), value=BLANK)
        context = begun.unfold(1, CONTEXT_SIZE, 1)  # (clips, 1 + tokens, context)
        rows = self.projection(encoded.padded()).transpose(0, 1)[:, :, None]  # (clips, rows, 1, channels)
        logits = self.joiner(rows, self.predict(context)[:, None])  # (clips, rows, 1 + tokens, all tokens)
        lengths = torch.as_tensor(encoded.lengths, dtype=torch.int32, device=device)
        return rnnt_loss(logits, tokens.int(), lengths, counts, BLANK, reduction="none")

    @torch.no_grad()
    def greedy(self, encoded: PackedBatch) -> list[Hypothesis]:
        """Encoded rows -> a hypothesis a clip: the likeliest token at each step, at most three a row."""
        rows = self.projection(encoded.padded())  # (longest, clips, channels)
        context = torch.zeros(len(encoded.lengths), CONTEXT_SIZE, dtype=torch.int64, device=rows.device)
        steps: list[tuple[Tensor, Tensor]] = []
        for row, is_inside in zip(rows, encoded.mask(), strict=True):
            for _ in range(MAX_SYMBOLS_PER_ROW):
                log_prob, token = self.joiner(row, self.predict(context)).log_softmax(-1).max(-1)
                token = token * is_inside
                if not token.any():
                    break
                steps.append((token, log_prob))
                shifted = torch.cat([context[:, 1:], token[:, None]], 1)
                context = torch.where((token == BLANK)[:, None], context, shifted)
        return hypotheses_of(steps, len(encoded.lengths))

    def predict(self, context: Tensor) -> Tensor:
        """Last tokens (..., context) -> the prediction network's output (..., channels)."""
        return self.predictor(self.dropout(self.embedding(context)).flatten(-2))

    def joiner(self, rows: Tensor, prediction: Tensor) -> Tensor:
        """Projected rows and predictions (..., channels) -> logits (..., tokens)."""
        return self.output(torch.tanh(rows + prediction))
