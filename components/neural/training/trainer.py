"""The training loop: shelved clips and their characters teach a network; there is no second loop."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial

import numpy as np
import torch

from components.neural.augmentation import drop_more
from components.neural.inference import dev_errors, unheard
from components.neural.model.encoders import Network
from components.neural.training.batches import Batches
from components.neural.training.checkpoint import Checkpoint
from components.neural.training.data import Lessons
from components.neural.training.precision import take_precision
from components.neural.training.schedule import Schedule, share_of_rate
from components.neural.training.fingerprint import key_of, restore, state_of
from components.neural.training.step import add_gradients, is_short_of_memory, no_memory, no_number

FALL, ALONE = 0.7, 0.6  # of the steps; of the fall
FLAT_START = 150  # steps; too few, and short words in long clips were learned by heart, aligned wrongly
CHECKS, PATIENCE = 16, 3
AVERAGING = 0.98
LONGEST_GRADIENT = 5.0
MOST_LEFT_OUT = 10  # batches


def train(training: Training) -> Network:
    """A training that has not begun -> its network, with the weights averaged over the last steps.

    It begins with the shortest clips, and with texts spread evenly over them. Inside `kept_training` one that
    was killed goes on where it was kept, to the same weights.
    Raises FloatingPointError, naming clips, when a clip is no number even when heard alone or more than 10
    batches are left out, and MemoryError when a batch does not fit clip by clip.
    """
    checkpoint = Checkpoint(partial(key_of, training))
    restore(training, checkpoint.read())
    while training.step < training.steps:
        training.next_step()
        checkpoint.after_step(training.standing, partial(state_of, training))
    training.watch({"altered_hearings": training.altered_hearings})
    return training.averaged.eval()


class Training:
    """A training under way: the network, its averaged weights, and where it stands.

    watch: called with step, loss, learning rate, dev loss and dev WER (greedily decoded) at every check; with
    the names of a batch that was left out, for its gradients were no numbers; with the pieces that batches
    are cut into from then on, where memory was short; and at the end with how often each clip was heard
    altered. before_joining: called once, with the averaged network, when the dev clips are about to be
    learned from. In a training that goes on both are called again for what went before.
    """

    def __init__(
        self,
        network: Network,
        lessons: Lessons,
        schedule: Schedule,
        rng: np.random.Generator,
        watch: Callable[[dict], None],
        before_joining: Callable[[Network], None],
    ) -> None:
        drop_more(network, schedule.alterations.strength)
        take_precision(network, schedule.precision)
        self.network, self.averaged = network.train(), deepcopy(network)
        self.lessons, self.schedule, self.rng = lessons, schedule, rng
        self.watch, self.before_joining = watch, before_joining
        self.optimiser = _optimiser(network, schedule)
        self.moving = _moving(self.averaged, network)
        self.batches = Batches(lessons.shelf.lengths, lessons.used, schedule.batch_rows, schedule.steps, rng)
        self.fall = int(schedule.steps * FALL)
        self.step, self.falls_from, self.heard, self.pieces, self.left_out = 0, None, 0, 1, 0
        self.losses, self.dev_losses, self.notes = [], [], []
        self.joining: dict | None = None  # notes until the dev clips joined, and the weights then

    def next_step(self) -> None:
        """One batch is learned from; what is due after that many steps is done."""
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        self._learn(self.batches.next())
        self._average()
        self.step += 1
        if self.step % max(1, self.schedule.steps // CHECKS) == 0:
            self._check()
        if self.falls_from is None and (self.step >= self._hold() or _stalled(self.dev_losses)):
            self.falls_from = self.step
        if self.joining is None and self.step >= self._joins_at():
            self._join()

    @property
    def steps(self) -> int:
        """Steps in all; fewer once the rate falls early."""
        return self.fall + (self._hold() if self.falls_from is None else self.falls_from)

    def _hold(self) -> int:
        return max(1, self.schedule.steps - self.fall)

    def _joins_at(self) -> int:
        """The step at which the dev clips join, in a fall that has begun or in one that begins late."""
        return self.steps - self.fall + int(self.fall * ALONE)

    def _rate(self) -> float:
        share = share_of_rate(self.step, self.schedule.steps, self.falls_from, self.fall)
        return self.schedule.rate * share

    def _learn(self, chosen: np.ndarray) -> None:
        """Gradients, and a step of the optimiser; a batch whose gradients are no numbers is left out."""
        losses = self._gradients(chosen, self.schedule.pairs and self.batches.paired)
        loss = float(losses.mean())
        length = torch.nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_GRADIENT)
        self.heard += len(chosen)
        if np.isfinite(loss) and np.isfinite(float(length)):
            self.optimiser.step()
            self.losses.append(loss)
        else:
            self._leave_out(chosen, losses)

    def _gradients(self, chosen: np.ndarray, paired: bool) -> torch.Tensor:
        """The loss of each clip, its gradients in the network; in smaller pieces where memory is short."""
        how, flat = self.schedule.alterations, self.step < FLAT_START
        while True:
            self.optimiser.zero_grad(set_to_none=True)
            try:
                return add_gradients(
                    self.network, self.lessons, chosen, self.pieces, self.rng, how, flat, paired
                )
            except (MemoryError, RuntimeError) as error:
                if not is_short_of_memory(error):
                    raise
            # here and not above: the error holds on to the memory
            if self.pieces >= len(chosen):
                raise no_memory(self.lessons, chosen)
            self.pieces *= 2
            self._note({"step": self.step, "pieces": self.pieces})

    def _average(self) -> None:
        """Move the average towards the network's weights and batch norms, quickly at first."""
        share = 1 - min(AVERAGING, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(*self.moving, share)

    def _leave_out(self, chosen: np.ndarray, losses: torch.Tensor) -> None:
        """Go on as if the batch had not been, unless one of its clips or the whole training is at fault."""
        self.left_out += 1
        alone = unheard(self.averaged, self.lessons.shelf, chosen)
        if alone or self.left_out > MOST_LEFT_OUT:
            bad = alone or chosen[~np.isfinite(losses.cpu().numpy())].tolist() or chosen.tolist()
            raise no_number(self.lessons, bad, chosen)
        for mine, clean in zip(self.network.buffers(), self.averaged.buffers(), strict=True):
            mine.copy_(clean)  # batch norms have heard it already
        self._note({"step": self.step, "left_out": [self.lessons.names[i] for i in chosen]})

    def _check(self) -> None:
        """Note how it goes; the dev clips tell until they are learned from."""
        note = {"step": self.step, "learning_rate": self.optimiser.param_groups[0]["lr"]}
        if self.losses:
            note["loss"] = float(np.mean(self.losses))
        if self.joining is None and len(self.lessons.dev):
            note["dev_loss"], note["dev_wer"] = dev_errors(self.averaged, self.lessons)
            self.dev_losses.append(note["dev_loss"])
        self._note(note)
        self.losses.clear()

    def _join(self) -> None:
        """From now on the dev clips are learned from as well."""
        self.joining = {"notes": len(self.notes), "weights": deepcopy(self.averaged.state_dict())}
        self.admit_dev()

    def admit_dev(self) -> None:
        """The averaged network is shown around; what is learned from next includes the dev clips."""
        self.before_joining(self.averaged.eval())
        self.batches.widen(self.lessons.dev)

    def _note(self, note: dict) -> None:
        self.notes.append(note)
        self.watch(note)

    @property
    def altered_hearings(self) -> float:
        """How often each clip was heard altered."""
        altered = self.heard if self.schedule.alterations.kinds & self.network.front_end.alters else 0
        return altered / (len(self.lessons.used) + len(self.lessons.dev))

    def standing(self) -> dict:
        """How far it is: step, steps, and the latest loss and dev WER where there are any."""
        latest = {name: note[name] for note in self.notes for name in ("loss", "dev_wer") if name in note}
        loss = {"loss": float(np.mean(self.losses))} if self.losses else {}
        return {"step": self.step, "steps": self.steps, **latest, **loss}


def _optimiser(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW, which lets matrices decay and leaves biases and scales alone."""
    matrices = [weight for weight in network.parameters() if weight.ndim > 1]
    others = [weight for weight in network.parameters() if weight.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": schedule.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    # fused: a tenth of the step otherwise
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.98), fused=True)


def _moving(averaged: Network, network: Network) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Weights and batch norms of the average, and those of the network that they follow."""
    theirs = network.state_dict()
    pairs = [(mine, theirs[name]) for name, mine in averaged.state_dict().items()]
    mine, new = zip(*[pair for pair in pairs if pair[0].is_floating_point()], strict=True)
    return list(mine), list(new)


def _stalled(dev_losses: list[float]) -> bool:
    """Whether the last few dev losses brought nothing below the best before them."""
    return len(dev_losses) > PATIENCE and min(dev_losses[-PATIENCE:]) >= min(dev_losses[:-PATIENCE])
