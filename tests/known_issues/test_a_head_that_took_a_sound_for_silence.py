"""Phonemes beside characters took R for silence in the flat start, and kept it: 5.6 % errors in place of 2.9."""

import numpy as np

from components.neural.model.heads import ctc
from components.neural.training import step
from tests.neural.toy import network, tones, training, two_heads


def test_further_heads_have_no_flat_start_of_their_own(monkeypatch):
    head = two_heads()["ctc"]
    data = tones(network({"ctc": head}))
    made = network(dict.fromkeys(("ctc", "second_ctc", "third_ctc"), head))
    data.targets.update(dict.fromkeys(("second_ctc", "third_ctc"), data.targets["ctc"]))
    compared = []

    def noted(log_probs, targets):
        compared.append(log_probs)
        return ctc.flat_start_loss(log_probs, targets)

    monkeypatch.setattr(step, "flat_start_loss", noted)
    begun = training(made, data, steps=40, flat_start=2)
    for _ in range(3):
        begun.next_step()
    assert len(compared) == 2  # of two steps, one head each
    assert all(np.isfinite(loss) for loss in begun.progress.losses)
