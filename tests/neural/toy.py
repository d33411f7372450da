"""Toys of the neural side: a pooled head, an encoder that breaks a law, networks and data of tones."""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from components.laws.examples import RATE
from components.laws.examples import labelled as labelled_tones
from components.neural.augmentation import BatchAugmentation
from components.neural.model.build import ENCODERS, FRONT_ENDS
from components.neural.model.heads import labelled
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.network import Network
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training

BANDS, CHANNELS, SPEAKERS, LETTERS = 20, 16, 3, 7


class PooledHead(nn.Module):
    """Encoded rows -> the class of each clip, from the mean over its rows: no row has a label of its own."""

    of_one_clip = True

    def __init__(self, channels, classes):
        super().__init__()
        self.output = nn.Linear(channels, classes)

    def forward(self, encoded):
        """(rows, channels) -> logits (clips, classes)."""
        return self.output(encoded.sums(encoded.values) / encoded.counts(encoded.values))

    def losses(self, encoded, targets):
        """Cross entropy of each labelled clip, (clips,)."""
        encoded, targets = labelled(encoded, targets)
        classes = torch.from_numpy(np.concatenate(targets))
        return cross_entropy(self(encoded), classes, reduction="none")


class BackwardsThroughPadding(nn.Module):
    """An encoder that breaks the law: its recurrent layer starts in the padding after a clip."""

    subsampling_factor, padding = 1, 2

    def __init__(self, bands, channels, layers, kernel_size, dropout):
        super().__init__()
        self.channels = channels
        self.recurrent = nn.GRU(bands, channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, batch):
        """(frames, bands) -> (rows, channels)."""
        states = self.recurrent(batch.padded().flip(0))[0].flip(0)
        return batch.with_values(self.output(batch.from_padded(states).values))


def network(heads, encoder="convolutional", front_end="mel", seed=0, **options):
    """Heads by name -> a small network of a seed."""
    kind = ENCODERS.get(encoder, encoder)
    torch.manual_seed(seed)
    made = FRONT_ENDS[front_end](RATE, BANDS), kind(BANDS, CHANNELS, 2, 3, 0.0)
    return Network(*made, {name: head() for name, head in heads.items()}, **options)


def two_heads():
    """CTC over the letters of the tones' words, and the speakers of the clips."""
    return {"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS), "speaker": lambda: PooledHead(CHANNELS, SPEAKERS)}


def tones(made, labelled_share=1.0, count=24, dev=0):
    """A network -> tones, their words, and the speakers of a share of them."""
    clips, texts = labelled_tones(count)
    rng = np.random.default_rng(0)
    tokenizer = Tokenizer().fit(texts)
    speakers = [np.array([int(clip.speaker[1:])]) for clip in clips]
    targets = {
        "ctc": [tokenizer.encode(text) for text in texts],
        "speaker": [speaker if rng.random() < labelled_share else None for speaker in speakers],
    }
    everyone = np.arange(count)
    features, names = made.front_end.extract(clips), [clip.name for clip in clips]
    own = {name: targets[name] for name in made.heads}
    return TrainingData(
        features, names, own, everyone[dev:], everyone[:dev], {"ctc": ()}, tokenizer if "ctc" in own else None
    )


def training(made, data, steps=20, seed=0, **settings):
    """A network and data -> a training that has not begun."""
    unaltered = BatchAugmentation(0.0, frozenset())
    schedule = Schedule(steps, 400, 5e-3, 0.02, unaltered, **settings)
    torch.manual_seed(seed)
    return Training(made, data, schedule, np.random.default_rng(seed))


def run(begun):
    """A training -> its averaged network, after both phases."""
    begun.run_until_dev_joins()
    return begun.run_to_end()


def weights_of(made):
    """A network -> copies of its weights by name."""
    return {name: weight.detach().cpu().numpy().copy() for name, weight in made.state_dict().items()}
