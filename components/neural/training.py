"""The training loop: shelved clips and their characters teach a network; there is no second loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import ctc_loss

from components.neural.alphabet import BLANK
from components.neural.augment import Alterations, drop_more, hide_patches, speeds
from components.neural.encoders import Network
from components.neural.schedule import Schedule, share_of_rate
from components.neural.tape import Shelf, Tape

FALL, ALONE = 0.7, 0.6  # of the steps; of the fall
FLAT_START = 150  # steps; too few, and short words in long clips were learned by heart, aligned wrongly
SHORT_FIRST = 200  # steps, but at most a third of them
SHORTEST = 0.15  # of the clips, at the first step
CHECKS, PATIENCE = 16, 3
AVERAGING = 0.98
LONGEST_GRADIENT = 5.0


@dataclass(frozen=True)
class Lessons:
    """What is to be learned. names, spelt: of each shelved clip. used: clips to learn from. dev: clips kept
    back, to see when the learning rate may fall and how to decode, and learned from towards the end."""

    shelf: Shelf
    names: Sequence[str]
    spelt: Sequence[np.ndarray]
    used: np.ndarray
    dev: np.ndarray


def train(
    network: Network,
    lessons: Lessons,
    schedule: Schedule,
    rng: np.random.Generator,
    watch: Callable[[dict], None],
    before_joining: Callable[[Network], None],
) -> Network:
    """Lessons -> the network with its weights averaged over the last steps.

    It begins with the shortest clips, and with texts spread evenly over them.
    watch: called with step, loss, learning rate and dev loss at every check, and at the end with how often
    each clip was heard altered. before_joining: called once, with the averaged network, when the dev clips
    are about to be learned from.
    Raises FloatingPointError, naming the batch's clips, when the loss is no number.
    """
    drop_more(network, schedule.alterations.strength)
    averaged, optimiser = deepcopy(network), _optimiser(network, schedule)
    batches = _short_first(lessons, schedule, rng)
    fall = int(schedule.steps * FALL)
    hold = max(1, schedule.steps - fall)
    check = max(1, schedule.steps // CHECKS)
    step, falls_from, joined, losses, dev_losses, heard = 0, None, False, [], [], 0
    while falls_from is None or step < falls_from + fall:
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * share_of_rate(step, schedule.steps, falls_from, fall)
        chosen = next(batches)
        losses.append(
            _step(network, optimiser, lessons, chosen, rng, schedule.alterations, step < FLAT_START)
        )
        heard += len(chosen)
        _average(averaged, network, step)
        step += 1
        if step % check == 0:
            if not joined and len(lessons.dev):
                dev_losses.append(dev_loss(averaged, lessons))
            watch(_noted(step, losses, optimiser, [] if joined else dev_losses))
            losses.clear()
        if falls_from is None and (step >= hold or _stalled(dev_losses)):
            falls_from = step
        if not joined and falls_from is not None and step >= falls_from + int(fall * ALONE):
            joined = True
            before_joining(averaged.eval())
            batches = _batches(lessons, schedule.batch_rows, rng, np.union1d(lessons.used, lessons.dev))
    altered = heard if schedule.alterations.kinds & network.front_end.alters else 0
    watch({"altered_hearings": altered / (len(lessons.used) + len(lessons.dev))})
    return averaged.eval()


def _step(
    network: Network,
    optimiser: torch.optim.Optimizer,
    lessons: Lessons,
    chosen: np.ndarray,
    rng: np.random.Generator,
    how: Alterations,
    flat: bool,
) -> float:
    """One batch, augmented, heard, compared and learned from; returns its loss per clip."""
    network.train()
    tape = lessons.shelf.lay(chosen, speeds(len(chosen), rng, how.of("speed")), network.gap, network.block)
    with torch.no_grad():
        tape = network.front_end.augment(tape, rng, how)
    said = network.encoder(hide_patches(network.front_end(tape), rng, how.of("masking")))
    spelt = [lessons.spelt[i] for i in chosen]
    losses = clip_losses(said, spelt)
    if not torch.isfinite(losses).all():
        raise _not_a_number(losses, [lessons.names[i] for i in chosen])
    loss = losses.mean()
    total = loss + evenly_spread_loss(said, spelt) if flat else loss
    optimiser.zero_grad(set_to_none=True)
    total.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
    optimiser.step()
    return float(loss.detach())


def clip_losses(said: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
    """CTC loss of each clip, (clips,), zero for one that its tempo made too short for its characters."""
    lengths = torch.as_tensor(said.lengths)
    counts = torch.tensor([len(one) for one in spelt])
    targets = torch.from_numpy(np.concatenate(spelt)).to(said.values.device)
    return ctc_loss(said.padded(), targets, lengths, counts, BLANK, reduction="none", zero_infinity=True)


def evenly_spread_loss(said: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
    """Cross entropy, summed per clip, against each text spread evenly over its clip: CTC's flat start.

    CTC alone spends its first hundred steps saying nothing but blanks; a rough alignment cuts them short.
    """
    rows, characters = [], []
    for start, length, one in zip(said.starts, said.lengths, spelt, strict=True):
        rows.append(start + np.arange(length))
        characters.append(one[np.arange(length) * len(one) // length])
    device = said.values.device
    rows = torch.as_tensor(np.concatenate(rows), device=device)
    characters = torch.as_tensor(np.concatenate(characters), device=device)
    return -said.values[rows, characters].sum() / len(spelt)


@torch.no_grad()
def log_probabilities(network: Network, shelf: Shelf, clips: np.ndarray, batch_rows: int) -> list[np.ndarray]:
    """(rows, characters) float32 of each of the shelf's clips named, in that order."""
    network.eval()
    heard: dict[int, np.ndarray] = {}
    longest_first = clips[np.argsort(-shelf.lengths[clips], kind="stable")]
    for batch in _cut(longest_first, shelf.lengths, batch_rows):
        said = network(shelf.lay(batch, None, network.gap, network.block))
        heard.update(zip(batch.tolist(), (one.cpu().numpy() for one in said.cut()), strict=True))
    return [heard[i] for i in clips.tolist()]


@torch.no_grad()
def dev_loss(network: Network, lessons: Lessons) -> float:
    """Mean CTC loss of the dev clips, as they are."""
    said = network.eval()(lessons.shelf.lay(lessons.dev, None, network.gap, network.block))
    return float(clip_losses(said, [lessons.spelt[i] for i in lessons.dev]).mean())


def _batches(
    lessons: Lessons, batch_rows: int, rng: np.random.Generator, clips: np.ndarray
) -> Iterator[np.ndarray]:
    """Batches without end: every clip once in a random order, then again in another."""
    while True:
        yield from _cut(rng.permutation(clips), lessons.shelf.lengths, batch_rows)


def _short_first(lessons: Lessons, schedule: Schedule, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Batches of the shortest clips, then of longer ones as well, then of all without end.

    Few words leave few ways to align them: a network that met long sentences first often learned them by
    heart, aligned wrongly. Source: Amodei et al. (2016), Deep Speech 2 (SortaGrad).
    """
    lengths = lessons.shelf.lengths[lessons.used]
    order = lessons.used[np.argsort(lengths, kind="stable")]
    for share in np.linspace(SHORTEST, 1, min(SHORT_FIRST, schedule.steps // 3)):
        shortest = order[: max(1, round(share * len(order)))]
        yield _cut(rng.permutation(shortest), lessons.shelf.lengths, schedule.batch_rows)[0]
    yield from _batches(lessons, schedule.batch_rows, rng, lessons.used)


def _cut(clips: np.ndarray, lengths: np.ndarray, batch_rows: int) -> list[np.ndarray]:
    """Clips -> batches in order, as even as may be, of about batch_rows rows."""
    before = np.cumsum(lengths[clips]) - lengths[clips]
    total = before[-1] + lengths[clips[-1]]
    batches = max(1, round(total / batch_rows))
    batch_of = np.minimum(before * batches // total, batches - 1)
    return np.split(clips, np.flatnonzero(np.diff(batch_of)) + 1)


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


def _average(averaged: Network, network: Network, step: int) -> None:
    """Move the average towards the network's weights and batch norms, quickly at first."""
    share = 1 - min(AVERAGING, (step + 1) / (step + 10))
    with torch.no_grad():
        theirs = network.state_dict()
        pairs = [(mine, theirs[name]) for name, mine in averaged.state_dict().items()]
        moving = [(mine, new) for mine, new in pairs if mine.is_floating_point()]
        torch._foreach_lerp_([mine for mine, _ in moving], [new for _, new in moving], share)


def _stalled(dev_losses: list[float]) -> bool:
    """Whether the last few dev losses brought nothing below the best before them."""
    return len(dev_losses) > PATIENCE and min(dev_losses[-PATIENCE:]) >= min(dev_losses[:-PATIENCE])


def _noted(step: int, losses: list[float], optimiser: torch.optim.Optimizer, dev: list[float]) -> dict:
    note = {"step": step, "loss": float(np.mean(losses)), "rate": optimiser.param_groups[0]["lr"]}
    return {**note, "dev_loss": dev[-1]} if dev else note


def _not_a_number(losses: Tensor, names: list[str]) -> FloatingPointError:
    bad = [name for name, loss in zip(names, losses.tolist(), strict=True) if not np.isfinite(loss)]
    return FloatingPointError(
        f"CTC training wanted a finite loss for every clip, got nan or inf for {len(bad)} of the batch's "
        f"{len(names)}: {', '.join(bad[:8])}; listen to them, or lower learning_rate."
    )
