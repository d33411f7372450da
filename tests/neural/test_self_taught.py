"""An encoder learns from clips without texts: what it is asked, what it keeps, how it goes on."""

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.laws.examples import RATE, labelled
from components.neural import CtcRecogniser, MaskedPrediction, SelfTaught
from components.neural.model.build import build_network
from components.neural.self_taught.clusters import frame_clusters
from components.neural.self_taught.masking import ClusterHead, MaskedEncoder
from components.neural.training import checkpoint
from components.neural.training.checkpoint import checkpointing
from tests.neural.quick import QUICK

SMALL = CtcRecogniser(**QUICK)
PRE = MaskedPrediction(clusters=8, steps=12)


@pytest.fixture(scope="module")
def clips():
    return labelled()[0]


def nameless(clips):
    return [Clip("", "", clip.samples, clip.rate) for clip in clips]


def batch_of(clips):
    network = build_network(SMALL, RATE, 1)
    packed = network.pack(network.front_end.extract(clips), np.arange(len(clips)))
    return network, network.front_end(packed)


def test_the_share_of_rows_is_hidden_in_spans_and_none_is_outside_training(clips):
    network, frames = batch_of(clips)
    encoder = MaskedEncoder(network.encoder, SMALL.bands, share=0.5)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        batches = [encoder.train()(frames) for _ in range(20)]
    hidden = torch.cat([rows.values[rows.valid[:, 0], -1] for rows in batches]).detach()
    assert 0.45 < float(hidden.mean()) < 0.62 and set(hidden.tolist()) == {0.0, 1.0}
    assert not encoder.eval()(frames).values[:, -1].any()


def test_what_is_hidden_plays_no_part_but_by_the_frames_around_it(clips):
    network, frames = batch_of(clips[:1])
    encoder = MaskedEncoder(network.encoder.eval(), SMALL.bands, share=1.0).train()
    network.encoder.eval()
    other = frames.with_values(torch.randn_like(frames.values))
    assert torch.equal(encoder(frames).values, encoder(other).values)


def test_the_loss_is_that_of_hidden_rows_and_of_every_clip_by_itself(clips):
    network, frames = batch_of(clips[:3])
    rows = network.encoder(frames)
    head, hidden = ClusterHead(rows.values.shape[1], 8), torch.zeros(len(rows.values), 1)
    targets = [np.full(30, place) for place in range(3)]
    hidden[rows.starts[1] : rows.starts[1] + 2] = 1
    encoded = rows.with_values(torch.cat([rows.values, hidden], 1))
    first, second, third = head.losses(encoded, targets).tolist()
    assert first == third == 0 and second > 0
    log_probs = head.output(rows).values.detach()
    shown = slice(2 * int(rows.starts[1]), 2 * int(rows.starts[1]) + 4)
    assert second == pytest.approx(-float(log_probs[shown, 1].mean()), rel=1e-5)
    assert head.losses(encoded, [None, targets[1], None]).tolist() == pytest.approx([second])


def test_frames_of_one_sound_are_in_one_cluster(clips):
    by_word = {word: [] for word in ("one", "two", "three")}
    for clusters, word in zip(frame_clusters(clips, 8, seed=0), labelled()[1], strict=True):
        by_word[word].append(int(np.bincount(clusters).argmax()))
    commonest = {word: max(set(own), key=own.count) for word, own in by_word.items()}
    assert len(set(commonest.values())) == 3, commonest


def test_neither_names_nor_order_nor_seed_change_what_is_learned_and_steps_make_it_fit(clips):
    first = PRE.weights(SMALL, clips)
    again = PRE.weights(CtcRecogniser(**{**QUICK, "seed": 7}), nameless(clips[::-1]))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    other = PRE.weights(SMALL, clips[:12])
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_the_network_starts_from_what_was_learned_and_trains_all_of_it_or_the_last_layer(clips):
    few, texts = clips[:6], labelled()[1][:6]
    before = PRE.weights(SMALL, clips)
    kept = SelfTaught(SMALL, PRE, method="last-layer").fit(few, texts, nameless(clips[6:]))
    after = kept.recogniser_.weights_
    assert all(np.array_equal(before[name], after[name]) for name in before) and kept.taken_ == len(before)
    moved = SelfTaught(SMALL, PRE).fit(few, texts, nameless(clips[6:])).recogniser_.weights_
    assert not np.array_equal(before["encoder.stem.weight"], moved["encoder.stem.weight"])


def test_the_same_clips_are_learned_from_once_whichever_are_labelled(clips, tmp_path, monkeypatch):
    trained, own = [], MaskedPrediction._trained
    monkeypatch.setattr(MaskedPrediction, "_trained", lambda *args: trained.append(1) or own(*args))
    with checkpointing(tmp_path / "a", shared=tmp_path / "shared"):
        first = PRE.weights(SMALL, clips)
    with checkpointing(tmp_path / "b", shared=tmp_path / "shared"):
        again = PRE.weights(SMALL, nameless(clips[6:]) + clips[:6])
        PRE.weights(SMALL, clips[6:])
        MaskedPrediction(clusters=9, steps=12).weights(SMALL, clips)
    assert len(trained) == 3 and all(np.array_equal(first[name], again[name]) for name in first)
    for kept in (tmp_path / "shared").iterdir():
        kept.write_bytes(b"broken")
    with checkpointing(tmp_path / "c", shared=tmp_path / "shared"):
        anew = PRE.weights(SMALL, clips)
    assert len(trained) == 4 and all(np.array_equal(first[name], anew[name]) for name in first)


class Stopped(Exception):
    """Stands for whatever ends a training."""


def test_a_killed_pre_training_goes_on_to_the_same_weights(clips, tmp_path, monkeypatch):
    whole, steps = PRE.weights(SMALL, clips), []

    def stop(report):
        if report["step"] == 8:
            raise Stopped

    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    with pytest.raises(Stopped), checkpointing(tmp_path, stop, save_every_s=0.0):
        PRE.weights(SMALL, clips)
    with checkpointing(tmp_path, lambda report: steps.append(report["step"])) as context:
        again = PRE.weights(SMALL, clips)
    assert steps[0] == 8 and context.seconds_before > 0
    assert all(np.array_equal(whole[name], again[name]) for name in whole)


@pytest.mark.parametrize(
    ("wrong", "said"), [({"clusters": 1}, "clusters"), ({"share": 1.5}, "share"), ({"steps": 0}, "steps")]
)
def test_settings_out_of_range_are_refused_before_anything_is_trained(wrong, said):
    with pytest.raises(ValueError, match=said):
        SelfTaught(SMALL, MaskedPrediction(**wrong)).check_settings()
