"""The training loop, the only one; it runs in two phases: until the dev clips join, and to the end."""

from __future__ import annotations

from copy import deepcopy
from functools import partial

import numpy as np
import torch

from components.neural.augmentation import scale_dropout
from components.neural.model.network import Network
from components.neural.training.batches import Batches
from components.neural.training.checkpoint import Checkpoint
from components.neural.training.data import TrainingData
from components.neural.training.ema import AveragedNetwork
from components.neural.training.evaluate import evaluate, not_finite
from components.neural.training.fingerprint import fingerprint_parts
from components.neural.training.optimiser import build_optimiser
from components.neural.training.precision import set_precision
from components.neural.training.progress import Progress
from components.neural.training.schedule import Schedule, has_stalled, share_of_rate
from components.neural.training.step import (
    add_gradients,
    is_out_of_memory,
    loss_not_finite,
    out_of_memory,
)

DEV_JOINS = 0.6  # of the fall of the learning rate
CHECKS = 16  # of the dev clips, in all steps
MAX_GRADIENT_NORM = 5.0
MAX_LEFT_OUT = 10  # batches


class Training:
    """A network under training, on data, by a schedule.

    Inside `checkpointing` one that was killed goes on where it was saved, to the same weights. It begins with
    the shortest clips, and with tokens spread evenly over them.

    Parameters
    ----------
    network : trained in place; frozen parts stay as they are (see components.neural.transfer).
    data, schedule : what to train on, for how long and how fast.
    rng : draws batches and augmentation.

    Attributes
    ----------
    averaged : the network with weights averaged over the last steps, which training returns.
    progress : where it stands; its notes are step, loss, learning rate, dev loss and dev WER (of CTC's best
        path) of every check, the names of a batch that was left out because its gradients were not finite,
        and the pieces that batches are split into from then on, where memory was short.
    """

    def __init__(
        self, network: Network, data: TrainingData, schedule: Schedule, rng: np.random.Generator
    ) -> None:
        self.checkpoint = Checkpoint(partial(fingerprint_parts, network, data, schedule, rng))
        scale_dropout(network, schedule.augmentation.strength)
        set_precision(network, schedule.precision)
        self.network, self.data, self.schedule, self.rng = network.train(), data, schedule, rng
        self.averaged = AveragedNetwork(network)
        self.optimiser = build_optimiser(network, schedule)
        batches = data.features.lengths, data.train, schedule.batch_rows, schedule.steps, rng
        self.batches = Batches(*batches, data.scarce, data.features.corpora)
        self.progress = Progress()
        state = self.checkpoint.read()
        if state is not None:
            self._load_state(state)

    def run_until_dev_joins(self) -> Network:
        """The first phase, without the dev clips -> the averaged network at its end.

        Raises FloatingPointError, naming clips, when the output for a clip alone is not finite or more than
        10 batches are left out, and MemoryError when a batch does not fit clip by clip.
        """
        while self.progress.joining is None:
            self._step_and_save()
        return self.averaged.at(self.progress.joining["weights"])

    def run_to_end(self) -> Network:
        """What is left, with the dev clips -> the averaged network. Raises as run_until_dev_joins."""
        while self.progress.step < self.steps:
            self._step_and_save()
        return self.averaged.network.eval()

    def next_step(self) -> None:
        """Train on one batch; then check, let the rate fall or the dev clips join, where that is due."""
        for group in self.optimiser.param_groups:
            group["lr"] = group["share"] * self._rate()
        self._train_on(self.batches.next())
        self.averaged.update(self.progress.step)
        self.progress.step += 1
        if self.progress.step % max(1, self.schedule.steps // CHECKS) == 0:
            self._check()
        if self.progress.falls_from is None and self._rate_must_fall():
            self.progress.falls_from = self.progress.step
        if self.progress.joining is None and self.progress.step >= self._joins_at():
            self._join()

    @property
    def steps(self) -> int:
        """Steps in all; fewer once the rate falls early."""
        falls_from = self.progress.falls_from
        return self.schedule.fall + (self.schedule.hold if falls_from is None else falls_from)

    @property
    def augmented_passes(self) -> float:
        """How often each clip was augmented and trained on."""
        is_augmented = self.schedule.augmentation.kinds & self.network.front_end.augments
        passes = self.progress.clips_seen / len(self.data.trained_on)
        return passes if is_augmented else 0.0

    def _step_and_save(self) -> None:
        self.next_step()
        self.checkpoint.after_step(partial(self.progress.report, self.steps), self._state)

    def _rate(self) -> float:
        progress, schedule = self.progress, self.schedule
        return schedule.rate * share_of_rate(
            progress.step, schedule.steps, progress.falls_from, schedule.fall
        )

    def _rate_must_fall(self) -> bool:
        return self.progress.step >= self.schedule.hold or has_stalled(self.progress.dev_losses)

    def _joins_at(self) -> int:
        """The step at which the dev clips join, in a fall that has begun or in one that begins late."""
        return self.steps - self.schedule.fall + int(self.schedule.fall * DEV_JOINS)

    def _train_on(self, clips: np.ndarray) -> None:
        """Gradients, and a step of the optimiser; a batch whose gradients are not finite is left out."""
        losses = self._gradients(clips, self.schedule.concat_pairs and self.batches.concat_pairs)
        loss = float(losses.mean())
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), MAX_GRADIENT_NORM)
        self.progress.clips_seen += len(clips)
        if np.isfinite(loss) and np.isfinite(float(norm)):
            self.optimiser.step()
            self.progress.losses.append(loss)
        else:
            self._leave_out(clips, losses)

    def _gradients(self, clips: np.ndarray, concat_pairs: bool) -> torch.Tensor:
        """The loss of each clip, its gradients in the network; in smaller pieces where memory is short."""
        flat_start = self.progress.step < self.schedule.flat_start
        weights = None if flat_start else self.network.weights_at(self.progress.step)
        given = self.schedule.augmentation, flat_start, concat_pairs, weights
        while True:
            self.optimiser.zero_grad(set_to_none=True)
            try:
                return add_gradients(self.network, self.data, clips, self.progress.pieces, self.rng, *given)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
            # here and not above: the error holds on to the memory
            if self.progress.pieces >= len(clips):
                raise out_of_memory(self.data, clips)
            self.progress.pieces *= 2
            self.progress.note(pieces=self.progress.pieces)

    def _leave_out(self, clips: np.ndarray, losses: torch.Tensor) -> None:
        """Go on as if the batch had not been, unless one of its clips or the whole training is at fault."""
        self.progress.left_out += 1
        alone = not_finite(self.averaged.network, self.data.features, clips)
        if alone or self.progress.left_out > MAX_LEFT_OUT:
            bad = alone or clips[~np.isfinite(losses.cpu().numpy())].tolist() or clips.tolist()
            raise loss_not_finite(self.data, bad, clips)
        buffers = self.network.buffers(), self.averaged.network.buffers()
        for own, clean in zip(*buffers, strict=True):
            own.copy_(clean)  # the batch is in the statistics of batch norms already
        self.progress.note(left_out=[self.data.names[i] for i in clips])

    def _check(self) -> None:
        """Note loss and rate; evaluate on dev clips until they join training."""
        loss = {"loss": self.progress.mean_loss()} if self.progress.losses else {}
        dev = {}
        if self.progress.joining is None and len(self.data.dev):
            dev = evaluate(self.averaged.network, self.data)
            self.progress.dev_losses.append(dev["dev_loss"])
        self.progress.note(learning_rate=self.optimiser.param_groups[0]["lr"], **loss, **dev)
        self.progress.losses.clear()

    def _join(self) -> None:
        """From now on the dev clips are trained on as well."""
        weights = deepcopy(self.averaged.network.state_dict())
        self.progress.joining = {"notes": len(self.progress.notes), "weights": weights}
        self.batches.widen(self.data.dev)

    def _state(self) -> dict:
        """Everything that changes while training goes on, as plain numbers and tensors."""
        device = self.data.features.values.device
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "batches": self.batches.state(),
            "rng": self.rng.bit_generator.state,
            "torch_rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state(device) if device.type == "cuda" else None,
            "progress": vars(self.progress),
        }

    def _load_state(self, state: dict) -> None:
        """Bring a training that has not begun to where its state was saved."""
        self.progress = Progress(**state["progress"])
        self.network.load_state_dict(state["network"])
        self.averaged.network.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.progress.joining is not None:
            self.batches.widen(self.data.dev)
        self.batches.load_state(state["batches"])
        self.rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"])
        if state["cuda_rng"] is not None:
            torch.cuda.set_rng_state(state["cuda_rng"], self.data.features.values.device)
