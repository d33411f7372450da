"""A network learns from clips and from a source at once, made alike inside, with texts or without."""

import numpy as np
import pytest
import torch

from components.laws.examples import RATE, labelled, tone
from components.neural import CtcRecogniser, DomainAdapted
from components.neural.domains.beside import DOMAIN, ClipsBeside
from components.neural.domains.heads import CoralHead, ReversalHead, reverse_gradient
from components.neural.packing import RaggedFeatures
from tests.neural.quick import QUICK
from tests.neural.toy import network, tones, training, two_heads

NEW = {"four": 800, "five": 1000}
SOURCE = labelled()


@pytest.fixture(scope="module")
def few():
    clips = [tone(f"{word}{i}", hertz + 3 * i) for i in range(3) for word, hertz in NEW.items()]
    return clips, [clip.name[:-1] for clip in clips]


def adapted(source, few, **knobs):
    return DomainAdapted(CtcRecogniser(**QUICK), **knobs).fit(*few, source)


@pytest.mark.parametrize("method", ["mixed", "reversal", "coral"])
def test_words_of_both_are_learned_and_only_those_of_the_clips_are_searched_for(few, method):
    model = adapted(SOURCE, few, method=method)
    assert set(model.recogniser_.alphabet_) - {" "} == set("onetwhrfuiv")
    assert {word for text in model.predict(SOURCE[0]) for word in text.split()} <= set(NEW)
    assert model.source_clips_ == len(SOURCE[0])
    assert not any(name.startswith(f"heads.{DOMAIN}") for name in model.recogniser_.weights_)


@pytest.mark.parametrize("method", ["mixed", "reversal", "coral"])
def test_without_texts_of_the_clips_nothing_depends_on_what_they_say(few, method):
    clips, texts = few
    one = adapted(SOURCE, few, method=method, learns_texts=False)
    other = adapted(SOURCE, (clips, texts[::-1]), method=method, learns_texts=False)
    weights, others = one.recogniser_.weights_, other.recogniser_.weights_
    assert all(np.array_equal(weights[name], others[name]) for name in weights)
    assert not set("uv") & set(one.recogniser_.alphabet_)
    depends = adapted(SOURCE, (clips[:3], texts[:3]), method=method, learns_texts=False).recogniser_.weights_
    assert all(np.array_equal(weights[name], depends[name]) for name in weights) == (method == "mixed")


def test_without_a_source_it_is_the_recogniser_alone_and_needs_the_texts(few):
    model, alone = adapted(None, few), CtcRecogniser(**QUICK).fit(*few)
    assert all(np.array_equal(model.recogniser_.weights_[name], own) for name, own in alone.weights_.items())
    assert model.source_clips_ == 0
    with pytest.raises(ValueError, match=r"a source where learns_texts is false, got none; give a study --s"):
        adapted(None, few, learns_texts=False)


def test_of_the_source_a_share_is_taken(few):
    assert adapted(SOURCE, few, source_share=0.25, selection="likelihood-ratio").source_clips_ == 6


def test_a_source_at_another_rate_is_refused(few):
    clips, texts = SOURCE
    with pytest.raises(ValueError, match=rf"DomainAdapted cannot use clip .* expected {RATE} Hz, got 16000"):
        adapted(([clip.with_samples(clip.samples, 16000) for clip in clips], texts), few)


def test_half_of_the_speech_of_every_batch_is_of_the_other_domain(few):
    settings = CtcRecogniser(**QUICK)
    made = network(two_heads())
    data = tones(made)
    clips = SOURCE[0]
    beside = ClipsBeside(settings, clips, head=lambda channels: ReversalHead(channels, 0.5))
    both = beside.put_on(made, data)
    own = len(data.names)
    assert [int(one[0]) for one in both.targets[DOMAIN]] == [0] * own + [1] * len(clips)
    assert all(target is None for target in both.targets["ctc"][own:])
    begun = beside.start(made, {}, both, training(made, data).schedule, np.random.default_rng(0))
    lengths = both.features.lengths
    shares = []
    for _ in range(20):
        batch = begun.batches.next()
        shares.append(lengths[batch[batch >= own]].sum() / lengths[batch].sum())
    assert 0.35 < np.mean(shares) < 0.65


def test_the_gradient_comes_back_reversed():
    values = torch.randn(5, 3, requires_grad=True)
    reversed_values = reverse_gradient(values, torch.tensor(0.5))
    torch.testing.assert_close(reversed_values, values)
    (reversed_values * torch.arange(3)).sum().backward()
    torch.testing.assert_close(values.grad, -0.5 * torch.arange(3.0).expand(5, 3))


def packed(*clips):
    """Rows (rows, channels) of clips -> a batch of them."""
    return RaggedFeatures.from_list(list(clips)).batch(np.arange(len(clips)), None, 2, 1)


def test_the_distance_is_of_means_and_covariances_and_of_no_scale():
    torch.manual_seed(0)
    first, second = torch.randn(4000, 3), torch.randn(4000, 3)
    turned = second @ torch.tensor([[1.0, 0.9, 0.0], [0.0, 0.436, 0.0], [0.0, 0.0, 1.0]])
    head, sides = CoralHead(3, 1.0), [np.array([0]), np.array([1])]
    alike, moved, correlated = (
        float(head.losses(packed(first, other), sides)[0]) for other in (second, second + 2, turned)
    )
    assert alike < 0.01 < 0.2 < correlated and moved > 0.5
    scaled = float(head.losses(packed(9 * first, 9 * (second + 2)), sides)[0])
    assert scaled == pytest.approx(moved, rel=1e-3)
    alone = head.losses(packed(first[:10], second[:10]), [np.array([0]), np.array([0])])
    assert alone.tolist() == [0.0, 0.0]
