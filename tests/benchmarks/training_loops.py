"""One network, taught the same batches in three ways: by ours, as tutorials do it, and by SpeechBrain."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torchaudio
from torch import nn

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.training.batches import SHORT_FIRST
from components.neural.training.schedule import FLAT_START
from components.neural.training.trainer import Training
from tests.benchmarks.test_modular_speed import peer

RATE, CLIPS, BANDS = 16000, 64, 40
WORDS = ["zero", "one", "two", "three", "four", "five"]
LETTERS = sorted(set("".join(WORDS)))
CHARACTERS = 1 + len(LETTERS)


def clips_and_texts(clips=CLIPS):
    """Seconds of noise under a slow envelope: what is said in them plays no part in the time."""
    rng = np.random.default_rng(0)
    swell = np.sin(np.linspace(0, np.pi, RATE)) * 0.1
    sounds = (rng.standard_normal((clips, RATE)) * swell).astype(np.float32)
    made = [Clip(f"clip-{i}", f"speaker-{i % 8}", sound, RATE) for i, sound in enumerate(sounds)]
    return made, [WORDS[i % len(WORDS)] for i in range(clips)]


class PlainNetwork(nn.Module):
    """The layers of ConvolutionalEncoder on padded batches (clips, channels, frames), as PyTorch has them."""

    def __init__(self, channels=128, layers=4, kernel_size=5):
        super().__init__()
        self.first = nn.Sequential(nn.Conv1d(BANDS, 39, 9, padding=4), nn.BatchNorm1d(39, affine=False))
        # frames are stacked by two before the stem: strides of two frames
        self.stem = nn.Sequential(
            nn.Conv1d(39, channels // 2, 2 * kernel_size, stride=2, padding=kernel_size - 1),
            nn.BatchNorm1d(channels // 2),
        )
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(channels, channels, kernel_size, padding=kernel_size // 2),
                nn.BatchNorm1d(channels),
                nn.ReLU(),
            )
            for _ in range(layers)
        )
        self.drop = nn.Dropout(0.05)
        self.output = nn.Linear(channels, 2 * CHARACTERS)

    def forward(self, frames):
        """(clips, bands, frames) -> log-probabilities (rows, clips, characters)."""
        hidden = torch.relu(self.stem(self.first(frames)))
        hidden = hidden[..., : hidden.shape[-1] // 2 * 2]
        hidden = (
            hidden.unflatten(-1, (-1, 2)).permute(0, 3, 1, 2).flatten(1, 2)
        )  # (clips, channels, rows / 2)
        for layer in self.layers:
            hidden = hidden + self.drop(layer(hidden))
        logits = self.output(hidden.transpose(1, 2)).unflatten(-1, (2, CHARACTERS)).flatten(1, 2)
        return logits.log_softmax(-1).transpose(0, 1)


def parameters(network):
    return sum(weight.numel() for weight in network.parameters())


def targets():
    said = [WORDS[i % len(WORDS)] for i in range(CLIPS)]
    numbers = [LETTERS.index(letter) + 1 for word in said for letter in word]
    return torch.tensor(numbers), torch.tensor([len(word) for word in said])


class PlainLoop:
    """Batch -> waveform augmentation, log-mel, masking, network, CTC, backward, AdamW; as tutorials do it."""

    def __init__(self, waves, channels):
        torch.manual_seed(0)
        self.waves = waves
        self.network = PlainNetwork(channels)
        self.mel = torchaudio.transforms.MelSpectrogram(RATE, 512, 400, 160, n_mels=BANDS)
        self.speed = torchaudio.transforms.SpeedPerturbation(RATE, [0.9, 1.0, 1.1])
        self.masks = nn.Sequential(
            torchaudio.transforms.FrequencyMasking(8), torchaudio.transforms.TimeMasking(20)
        )
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3)
        self.targets, self.counts = targets()

    def steps(self, count):
        for _ in range(count):
            self.step()

    def step(self):
        waves, _ = self.speed(self.waves)
        waves = waves + torch.randn_like(waves) * 10 ** (-torch.empty(len(waves), 1).uniform_(15, 40) / 20)
        frames = (self.mel(waves) + 1e-7).log()
        frames = frames - frames.mean((1, 2), keepdim=True)
        said = self.network(self.masks(frames))
        lengths = torch.full((len(waves),), len(said))
        loss = nn.functional.ctc_loss(said, self.targets, lengths, self.counts)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()


class BrainLoop:
    """The same in SpeechBrain: its Fbank, speed perturbation, noise, feature masking and Brain loop."""

    def __init__(self, waves, channels):
        sb = peer("speechbrain")
        from speechbrain.augment.freq_domain import SpectrogramDrop
        from speechbrain.augment.time_domain import AddNoise, SpeedPerturb
        from speechbrain.lobes.features import Fbank
        from speechbrain.processing.features import InputNormalization

        torch.manual_seed(0)
        numbers, counts = targets()

        class Brain(sb.Brain):
            def compute_forward(brain, batch, stage):
                lengths = torch.ones(len(batch))
                waves = brain.hparams.speed(batch)
                waves = brain.hparams.noise(waves, lengths)
                frames = brain.hparams.normalise(brain.hparams.fbank(waves), lengths)
                frames = brain.hparams.drop_time(brain.hparams.drop_bands(frames))
                return brain.modules.network(frames.transpose(1, 2))

            def compute_objectives(brain, said, batch, stage):
                lengths = torch.full((len(batch),), len(said))
                return nn.functional.ctc_loss(said, numbers, lengths, counts)

        self.brain = Brain(
            {"network": PlainNetwork(channels)},
            lambda weights: torch.optim.AdamW(weights, lr=1e-3),
            {
                "fbank": Fbank(sample_rate=RATE, n_mels=BANDS),
                "normalise": InputNormalization(norm_type="sentence"),
                "speed": SpeedPerturb(RATE, [90, 100, 110]),
                "noise": AddNoise(snr_low=15, snr_high=40),
                "drop_time": SpectrogramDrop(drop_length_high=20, dim=1),
                "drop_bands": SpectrogramDrop(drop_length_high=8, dim=2),
            },
            {"device": "cpu"},
        )
        self.waves = waves

    def steps(self, count):
        batches = torch.utils.data.DataLoader([self.waves] * count, batch_size=None)
        self.brain.fit(range(1), batches, progressbar=False)


class Begun(Exception):
    """Carries a training that is about to begin out of `fit`."""


class OurLoop:
    """CtcRecogniser's own training, past its flat start and its first, short clips."""

    def __init__(self, monkeypatch, channels=128):
        def stop(training):
            raise Begun(training)

        # a tenth is held out as dev clips, the others make nine batches
        clips, texts = clips_and_texts(10 * CLIPS)
        with monkeypatch.context() as patched, pytest.raises(Begun) as begun:
            patched.setattr(Training, "run_until_dev_joins", stop)
            CtcRecogniser(channels=channels, steps=10_000, batch_seconds=CLIPS, device="cpu").fit(
                clips, texts
            )
        self.training = begun.value.args[0]
        self.steps(max(FLAT_START, SHORT_FIRST), every=None)

    def steps(self, count, every=CLIPS):
        for _ in range(count):
            before = self.training.progress.clips_seen
            self.training.next_step()
            assert every in (None, self.training.progress.clips_seen - before)


class Product:
    """A product of matrices, to know the machine's rate in the same minutes."""

    size = 1024

    def __init__(self):
        self.a, self.b = torch.randn(2, self.size, self.size)

    def steps(self, count):
        for _ in range(count):
            torch.mm(self.a, self.b)
