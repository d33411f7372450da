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
from rich import print as show
from rich.table import Table
from threadpoolctl import threadpool_limits

from components.neural import CtcRecogniser
from components.neural.model.front_ends import MelFrontEnd
from components.neural.packing import RaggedFeatures
from components.neural.training import step
from components.neural.training.trainer import Training
from tests.benchmarks.training_loops import (
    CLIPS,
    BrainLoop,
    OurLoop,
    PlainLoop,
    PlainNetwork,
    Product,
    clips_and_texts,
    parameters,
)

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

STEPS, ROUNDS = 10, 5
PARTS = {RaggedFeatures: ("concat_pairs", "batch"), MelFrontEnd: ("augment", "forward")}
CHANNELS = 72, 128  # 133 thousand weights, as the plain loop had when the bars were set; mel-ctc's own
WANTED_PLAIN, WANTED_BRAIN, WANTED_SHARE, WANTED_FEATURES, WANTED_REAL_TIME = 2.5, 2.5, 0.4, 0.1, 300


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


def operations(network):
    """Of a step: two for each weight and row it meets, forward, and as many for each of two gradients."""
    frames = CLIPS * 100
    sizes = {name: weight.numel() for name, weight in network.named_parameters() if weight.ndim > 1}
    rows = {name: 1 if ".cepstral." in name else 2 if ".stem." in name else 4 for name in sizes}
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
    parts = [(owner, name) for owner, names in PARTS.items() for name in names]
    clock = Stopwatch()
    with threadpool_limits(1):
        ours = OurLoop(monkeypatch)
        for owner, name in [*parts, (step, "spec_mask"), (Training, "next_step")]:
            monkeypatch.setattr(owner, name, clock.watching(name, getattr(owner, name)))
        ours.steps(20 * STEPS)
    whole = clock.seconds.pop("next_step")
    spent = ", ".join(f"{name} {seconds / whole:.1%}" for name, seconds in clock.seconds.items())
    altering = sum(clock.seconds.values()) / whole
    show(f"packed and augmented: {altering:.1%} of a step ({spent})")
    assert altering <= WANTED_FEATURES
