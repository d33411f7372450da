"""How fast the end-to-end side learns and hears, beside its peers in the same run, one thread each.

    python -m pytest -m benchmark -s tests/benchmarks/test_neural_speed.py

One network of the same layers, the same 64 clips of one second in each batch, log-mel and augmentation inside
the step: written as one would in PyTorch and torchaudio, and in SpeechBrain's Brain.
Peers: uv pip install --editable '.[benchmark]'.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
import torchaudio
from rich import print as show
from rich.table import Table
from threadpoolctl import threadpool_limits
from torch import nn

from components.contract import Clip
from components.neural import CtcRecogniser, recogniser, step
from components.neural.batches import SHORT_FIRST
from components.neural.front_ends import MelFrontEnd
from components.neural.tape import Shelf
from components.neural.training import FLAT_START, Training
from tests.benchmarks.test_modular_speed import peer

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

RATE, CLIPS, BANDS = 16000, 64, 40
WORDS = ["zero", "one", "two", "three", "four", "five"]
LETTERS = sorted(set("".join(WORDS)))
CHARACTERS = 1 + len(LETTERS)
STEPS, ROUNDS = 10, 5
CHANNELS = 72, 128  # 133 thousand weights, as the plain loop had when the bars were set; mel-ctc's own
WANTED_PLAIN, WANTED_BRAIN, WANTED_SHARE, WANTED_FEATURES, WANTED_REAL_TIME = 2.5, 2.5, 0.4, 0.1, 300


def clips_and_texts(clips=CLIPS):
    """Seconds of noise under a slow envelope: what is said in them plays no part in the time."""
    rng = np.random.default_rng(0)
    swell = np.sin(np.linspace(0, np.pi, RATE)) * 0.1
    sounds = (rng.standard_normal((clips, RATE)) * swell).astype(np.float32)
    made = [Clip(f"clip-{i}", f"speaker-{i % 8}", sound, RATE) for i, sound in enumerate(sounds)]
    return made, [WORDS[i % len(WORDS)] for i in range(clips)]


class PlainNetwork(nn.Module):
    """The layers of ConvolutionalEncoder on padded batches (clips, channels, frames), as PyTorch has them."""

    def __init__(self, channels=128, layers=4, taps=5):
        super().__init__()
        self.first = nn.Sequential(nn.Conv1d(BANDS, 39, 9, padding=4), nn.BatchNorm1d(39, affine=False))
        # frames are stacked by two before the stem: strides of two frames
        self.stem = nn.Sequential(
            nn.Conv1d(39, channels // 2, 2 * taps, stride=2, padding=taps - 1), nn.BatchNorm1d(channels // 2)
        )
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(channels, channels, taps, padding=taps // 2), nn.BatchNorm1d(channels), nn.ReLU()
            )
            for _ in range(layers)
        )
        self.drop = nn.Dropout(0.05)
        self.speak = nn.Linear(channels, 2 * CHARACTERS)

    def forward(self, frames):
        """(clips, bands, frames) -> log-probabilities (rows, clips, characters)."""
        heard = torch.relu(self.stem(self.first(frames)))
        heard = heard[..., : heard.shape[-1] // 2 * 2]
        heard = heard.unflatten(-1, (-1, 2)).permute(0, 3, 1, 2).flatten(1, 2)  # (clips, channels, rows / 2)
        for layer in self.layers:
            heard = heard + self.drop(layer(heard))
        said = self.speak(heard.transpose(1, 2)).unflatten(-1, (2, CHARACTERS)).flatten(1, 2)
        return said.log_softmax(-1).transpose(0, 1)


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

        # a tenth is kept back as the dev part, the others make nine batches
        clips, texts = clips_and_texts(10 * CLIPS)
        with monkeypatch.context() as patched, pytest.raises(Begun) as begun:
            patched.setattr(recogniser, "train", stop)
            CtcRecogniser(channels=channels, steps=10_000, batch_seconds=CLIPS, device="cpu").fit(
                clips, texts
            )
        self.training = begun.value.args[0]
        self.steps(max(FLAT_START, SHORT_FIRST), every=None)

    def steps(self, count, every=CLIPS):
        for _ in range(count):
            before = self.training.heard
            self.training.next_step()
            assert every in (None, self.training.heard - before)


def seconds_a_step(loops):
    """Loops -> processor seconds a step of each, alternating, from the best of several rounds.

    Each is timed over few and over many steps; the difference leaves out what is done once.
    """
    best = {(name, steps): np.inf for name in loops for steps in (STEPS, 3 * STEPS)}
    for loop in loops.values():
        loop.steps(2)
    for _ in range(ROUNDS):
        for name, steps in best:
            best[name, steps] = min(best[name, steps], _seconds(loops[name], steps))
    return {name: (best[name, 3 * STEPS] - best[name, STEPS]) / (2 * STEPS) for name in loops}


def _seconds(loop, steps):
    began = time.process_time()
    loop.steps(steps)
    return time.process_time() - began


class Product:
    """A product of matrices, to know the machine's rate in the same minutes."""

    size = 1024

    def __init__(self):
        self.a, self.b = torch.randn(2, self.size, self.size)

    def steps(self, count):
        for _ in range(count):
            torch.mm(self.a, self.b)


def operations(network):
    """Of a step: two for each weight and row it meets, forward, and as many for each of two gradients."""
    frames = CLIPS * 100
    sizes = {name: weight.numel() for name, weight in network.named_parameters() if weight.ndim > 1}
    rows = {name: 1 if ".first." in name else 2 if ".stem." in name else 4 for name in sizes}
    forward = sum(2 * size * frames / rows[name] for name, size in sizes.items())
    return 3 * forward


@pytest.mark.parametrize("channels", CHANNELS)
def test_training_beside_a_plain_loop_and_speechbrain(monkeypatch, channels):
    waves = torch.from_numpy(np.stack([clip.samples for clip in clips_and_texts()[0]]))
    with threadpool_limits(1):
        ours = OurLoop(monkeypatch, channels)
        peers = {"plain": PlainLoop(waves, channels), "SpeechBrain": BrainLoop(waves, channels)}
        took = seconds_a_step({"ours": ours, **peers, "torch.mm": Product()})
    rate = 2 * Product.size**3 / took.pop("torch.mm")
    network = ours.training.network
    share = operations(network) / took["ours"] / rate
    title = f"64 clips of 1 s, {parameters(network) / 1000:.0f} thousand weights"
    shown = Table("", "ms a step", "clips a second", "ours is faster", title=title)
    for name, seconds in took.items():
        shown.add_row(
            name, f"{1000 * seconds:.0f}", f"{CLIPS / seconds:.0f}", f"{seconds / took['ours']:.2f}"
        )
    show(shown)
    show(f"{operations(network) / 1e9:.2f} Gflop a step, {share:.0%} of torch.mm's {rate / 1e9:.0f} Gflop/s")
    assert parameters(PlainNetwork(channels)) == pytest.approx(parameters(network), rel=0.02)
    assert took["plain"] / took["ours"] >= WANTED_PLAIN
    assert took["SpeechBrain"] / took["ours"] >= WANTED_BRAIN
    assert share >= WANTED_SHARE


def test_greedy_decoding_beside_real_time():
    clips, texts = clips_and_texts(600)
    trained = CtcRecogniser(steps=4, decoding="greedy", device="cpu").fit(clips[:60], texts[:60])
    with threadpool_limits(1):
        began = time.process_time()
        trained.predict(clips)
        took = time.process_time() - began
    show(f"greedy decoding of 600 clips of 1 s: {600 / took:.0f} times faster than real time")
    assert 600 / took >= WANTED_REAL_TIME


class Stopwatch:
    """Processor seconds inside the functions that it watches."""

    def __init__(self):
        self.seconds = {}

    def watching(self, name, function):
        self.seconds[name] = 0.0

        def watched(*args):
            began = time.process_time()
            result = function(*args)
            self.seconds[name] += time.process_time() - began
            return result

        return watched


def test_features_and_augmentation_are_a_small_part_of_a_step(monkeypatch):
    """Log-mel is computed once for all steps, so it is augmentation that each step pays for."""
    parts = [(Shelf, "in_pairs"), (Shelf, "lay"), (MelFrontEnd, "augment"), (MelFrontEnd, "forward")]
    clock = Stopwatch()
    with threadpool_limits(1):
        ours = OurLoop(monkeypatch)
        for owner, name in [*parts, (step, "hide_patches"), (Training, "next_step")]:
            monkeypatch.setattr(owner, name, clock.watching(name, getattr(owner, name)))
        ours.steps(20 * STEPS)
    whole = clock.seconds.pop("next_step")
    spent = ", ".join(f"{name} {seconds / whole:.1%}" for name, seconds in clock.seconds.items())
    altering = sum(clock.seconds.values()) / whole
    show(f"laid out and altered: {altering:.1%} of a step ({spent})")
    assert altering <= WANTED_FEATURES
