"""Laws of all front ends, encoders and heads found: other clips change nothing, outputs are float32."""

from itertools import product

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.laws.examples import RATE
from components.neural.inference import forward
from components.neural.model import Encoder, FrontEnd
from components.neural.model.build import DECODERS, ENCODERS, FRONT_ENDS, build_heads
from components.neural.model.heads import Head, LabelDecoder
from components.neural.packing import RaggedFeatures
from tests.neural.toy import CHANNELS, BackwardsThroughPadding, network, weights_of

TOKENS, TOLERANCE = 6, 1e-4
BODIES = list(product(FRONT_ENDS, ENCODERS))
NETWORKS = list(product(FRONT_ENDS, ENCODERS, DECODERS))


def noise(name, seconds, seed):
    rng = np.random.default_rng(seed)
    return Clip(name, "ann", 0.1 * rng.standard_normal(int(RATE * seconds)).astype(np.float32), RATE)


SHORT, LONG = [noise("short", 0.31, 1), noise("shorter", 0.1, 2)], noise("long", 12, 3)


def made_of(front_end, encoder, decoder="none"):
    """A network whose batch norms have seen something: at the start they would hide what is wrong."""
    heads = build_heads(decoder, CHANNELS, TOKENS, 0.0)
    made = network({name: lambda head=head: head for name, head in heads.items()}, encoder, front_end)
    made.train()
    with torch.no_grad():
        made(made.pack(made.front_end.extract([LONG]), np.array([0])))
    return made.eval()


def outputs(made, clips):
    return forward(made, made.front_end.extract(clips), np.arange(len(clips)))


def assert_other_clips_change_nothing(made):
    """The law: log-probabilities and encoded rows of a clip alone are those beside a much longer one."""
    for clip, together in zip(SHORT, outputs(made, [*SHORT, LONG]), strict=False):
        alone = outputs(made, [clip])[0]
        for name in ("log_probs", "encoded"):
            if getattr(alone, name) is not None:
                np.testing.assert_allclose(
                    getattr(together, name),
                    getattr(alone, name),
                    atol=TOLERANCE,
                    rtol=0,
                    err_msg=f"{name} of a clip depend on the clips beside it: mask the padding",
                )


@pytest.mark.parametrize(("front_end", "encoder", "decoder"), NETWORKS)
def test_every_part_found_keeps_the_promise_of_its_kind(front_end, encoder, decoder):
    made = made_of(front_end, encoder, decoder)
    assert isinstance(made.front_end, FrontEnd) and isinstance(made.encoder, Encoder)
    assert all(isinstance(head, Head) for head in made.heads.values())
    assert (made.decoder is None) == (decoder == "none")
    assert made.decoder is None or isinstance(made.decoder, LabelDecoder)


@pytest.mark.parametrize(("front_end", "encoder", "decoder"), NETWORKS)
def test_log_probabilities_of_a_clip_are_those_beside_a_much_longer_one(front_end, encoder, decoder):
    assert_other_clips_change_nothing(made_of(front_end, encoder, decoder))


def test_an_encoder_that_reads_padding_backwards_breaks_the_law():
    with pytest.raises(AssertionError, match="depend on the clips beside it"):
        assert_other_clips_change_nothing(made_of("mel", BackwardsThroughPadding))


@pytest.mark.parametrize(("front_end", "encoder", "decoder"), NETWORKS)
def test_outputs_are_float32_and_log_probabilities(front_end, encoder, decoder):
    made = made_of(front_end, encoder, decoder)
    for output in outputs(made, SHORT):
        assert output.log_probs.dtype == np.float32 and output.log_probs.shape[1] == TOKENS
        np.testing.assert_allclose(np.exp(output.log_probs).sum(1), 1, atol=1e-4)
        assert (output.hypothesis is None) == (output.encoded is None) == (decoder == "none")
        if output.hypothesis is not None:
            assert output.encoded.dtype == output.hypothesis.log_probs.dtype == np.float32
            assert output.hypothesis.tokens.dtype == np.int64 and (output.hypothesis.log_probs <= 0).all()


@pytest.mark.parametrize(("front_end", "encoder"), BODIES)
def test_inference_changes_no_weight_and_no_feature(front_end, encoder):
    made = made_of(front_end, encoder)
    features, before = made.front_end.extract([*SHORT, LONG]), weights_of(made)
    values = features.values.clone()
    forward(made, features, np.arange(3))
    assert torch.equal(features.values, values)
    assert all(np.array_equal(weight, before[name]) for name, weight in weights_of(made).items())


@pytest.mark.parametrize(("front_end", "encoder"), BODIES)
@torch.no_grad()
def test_garbage_in_other_clips_changes_no_log_probability(front_end, encoder):
    """Clips beside a clip are its padding: whatever they hold, its log-probabilities are the same."""
    made = made_of(front_end, encoder)
    rows = made.front_end.extract([noise("a", 0.7, 1), noise("b", 0.33, 2), noise("c", 0.51, 3)])
    clean = [rows.values[a:b] for a, b in zip(rows.offsets, rows.offsets[1:], strict=False)]
    dirty = [clean[0] * 1e3, clean[1], torch.full_like(clean[2], 1e4)]
    alike = [made(made.pack(RaggedFeatures.from_list(kind), np.arange(3))) for kind in (clean, dirty)]
    torch.testing.assert_close(*(log_probs.unpack()[1] for log_probs in alike), atol=1e-5, rtol=0)
