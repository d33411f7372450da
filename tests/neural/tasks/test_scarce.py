"""A task with few labels: some of them in every batch, and nothing of it in what other heads see."""

import numpy as np
import torch

from components.neural.tasks.heads import TaskHeads
from components.neural.tasks.scarce import with_scarce
from components.neural.training.batches import Batches
from components.study.task import Task
from tests.neural.toy import network, run, tones, training, two_heads, weights_of

FEW = {5, 11}


def few_speakers(made, labelled=FEW):
    data = tones(made, count=42, dev=4)
    data.targets["speaker"][:] = [
        speaker if place in labelled else None for place, speaker in enumerate(data.targets["speaker"])
    ]
    return with_scarce(data, ["speaker"])


def test_every_batch_holds_two_clips_of_the_scarce_task_which_teach_nothing_else():
    data = few_speakers(network(two_heads()))
    (copies,) = data.scarce
    assert copies.tolist() == [42, 43] and data.names[42:] == [data.names[5], data.names[11]]
    words, speakers, clips = data.targets["ctc"], data.targets["speaker"], data.features
    assert words[42:] == [None, None] and speakers[42] == speakers[5]
    np.testing.assert_array_equal(
        clips.values[clips.offsets[43] :], clips.values[clips.offsets[11] : clips.offsets[12]]
    )
    batches = Batches(clips.lengths, data.train, 400, 12, np.random.default_rng(0), data.scarce)
    for _ in range(12):
        batch = batches.next()
        assert set(batch[:2]) == {42, 43} and not {42, 43} & set(batch[2:])
        assert any(speakers[i] is not None for i in batch)


def test_a_task_with_labels_for_a_tenth_or_none_is_left_as_it_is():
    for labelled in (set(), set(range(4, 8)), {0, 1}):  # 0 and 1 are held out
        data = few_speakers(network(two_heads()), labelled)
        assert not len(data.scarce) and len(data.names) == 42


def test_two_labels_are_learned_beside_forty_clips():
    made, batch = network(two_heads()), np.array(sorted(FEW))
    data = few_speakers(made)
    before = speaker_losses(made, data, batch)
    trained = run(training(made, data, steps=60))
    assert speaker_losses(trained, data, batch).mean() < 0.9 * before.mean()
    assert all(np.isfinite(weight).all() for weight in weights_of(trained).values())


@torch.no_grad()
def speaker_losses(made, data, batch):
    made.eval()
    rows = made.encode(made.pack(data.features, batch))
    return made.heads["speaker"].losses(rows, [data.targets["speaker"][i] for i in batch]).numpy()


def test_heads_of_a_study_with_few_labels_are_scarce():
    made = network({"ctc": two_heads()["ctc"]})
    data = tones(made, count=42)
    labels = ["ann" if place == 7 else None for place in range(42)]
    heads = TaskHeads({"speaker": Task("speaker", "class", labels)})
    assert [group.tolist() for group in heads.put_on(made, data).scarce] == [[42]]
