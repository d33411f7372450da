"""An end-to-end recogniser in plain PyTorch as a recipe's commands.

    ctc.py train MANIFEST MODEL [--seed N] [--steps 400] [--device cpu]
    ctc.py transcribe MANIFEST MODEL HYPOTHESES [--device cpu]

Manifests are JSON Lines with audio_filepath and text, as NeMo has them; so are hypotheses, with pred_text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import soundfile
import torch
from torch import nn
from torchaudio.transforms import FrequencyMasking, MelSpectrogram, TimeMasking

BANDS, HIDDEN, BATCH = 40, 96, 16


class Network(nn.Module):
    """Log mel spectrogram (batch, frames, BANDS) -> log-probabilities (batch, frames / 2, tokens)."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.below = nn.Conv1d(BANDS, HIDDEN, 5, stride=2, padding=2)
        self.middle = nn.GRU(HIDDEN, HIDDEN, num_layers=2, bidirectional=True, batch_first=True, dropout=0.2)
        self.above = nn.Linear(2 * HIDDEN, tokens)

    def forward(self, frames: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        lengths = (lengths + 1) // 2
        rows = self.below(frames.transpose(1, 2)).relu().transpose(1, 2)
        packed = nn.utils.rnn.pack_padded_sequence(
            rows, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        rows, _ = nn.utils.rnn.pad_packed_sequence(self.middle(packed)[0], batch_first=True)
        return self.above(rows).log_softmax(-1), lengths


def frames_of(row: dict) -> torch.Tensor:
    """A line of a manifest -> its log mel spectrogram (frames, BANDS), each band of mean 0 and variance 1."""
    sound, rate = soundfile.read(row["audio_filepath"], dtype="float32")
    window = int(0.025 * rate)
    mel = MelSpectrogram(rate, n_fft=512, win_length=window, hop_length=int(0.01 * rate), n_mels=BANDS)
    frames = (mel(torch.from_numpy(sound)) + 1e-6).log().T
    return (frames - frames.mean(0)) / (frames.std(0) + 1e-3)


def batch_of(rows: list[torch.Tensor], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Spectrograms -> one padded batch and their lengths."""
    lengths = torch.tensor([len(row) for row in rows])
    return nn.utils.rnn.pad_sequence(rows, batch_first=True).to(device), lengths


def read(manifest: str) -> list[dict]:
    """A manifest -> its lines."""
    return [json.loads(line) for line in Path(manifest).read_text(encoding="utf-8").splitlines()]


def train(manifest: str, model: str, seed: int, steps: int, device: str) -> None:
    """A manifest with texts -> a network in the folder, trained for so many batches."""
    torch.manual_seed(seed)
    rows = read(manifest)
    letters = sorted({letter for row in rows for letter in row["text"]})
    targets = [torch.tensor([1 + letters.index(letter) for letter in row["text"]]) for row in rows]
    frames = [frames_of(row) for row in rows]
    network = Network(1 + len(letters)).to(device).train()
    masks = nn.Sequential(FrequencyMasking(8), TimeMasking(10))
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, steps)
    for step in range(steps):
        chosen = torch.randint(len(rows), (BATCH,)).tolist()
        batch, lengths = batch_of([masks(frames[i].T[None])[0].T for i in chosen], device)
        log_probs, lengths = network(batch, lengths)
        wanted = [targets[i] for i in chosen]
        loss = nn.functional.ctc_loss(
            log_probs.transpose(0, 1),
            torch.cat(wanted).to(device),
            lengths,
            torch.tensor([len(one) for one in wanted]),
            zero_infinity=True,
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            print(f"step {step} of {steps}: loss {loss.item():.3f}", flush=True)
    torch.save({"letters": letters, "weights": network.state_dict()}, Path(model, "network.pt"))


@torch.inference_mode()
def transcribe(manifest: str, model: str, hypotheses: str, device: str) -> None:
    """A manifest and a trained network -> the likeliest token of every frame, repeats and blanks left out."""
    kept = torch.load(Path(model, "network.pt"), map_location=device, weights_only=True)
    network = Network(1 + len(kept["letters"])).to(device).eval()
    network.load_state_dict(kept["weights"])
    with open(hypotheses, "w", encoding="utf-8") as file:
        for row in read(manifest):
            log_probs, _ = network(*batch_of([frames_of(row)], device))
            best = torch.unique_consecutive(log_probs[0].argmax(-1)).tolist()
            text = "".join(kept["letters"][token - 1] for token in best if token)
            print(json.dumps({"audio_filepath": row["audio_filepath"], "pred_text": text}), file=file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["train", "transcribe"])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    if asked.what == "train":
        train(*asked.paths, asked.seed, asked.steps, asked.device)
    else:
        transcribe(*asked.paths, asked.device)
