"""Packed batches: clips do not reach into each other, and the convolution over them is one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct

from components.neural.augmentation import (
    BatchAugmentation,
    augment_frames,
    augment_samples,
    draw_speeds,
    spec_mask,
)
from components.neural.convolution import Bfloat16Convolution, TapConvolution
from components.neural.model.cepstra import CepstralLayer, cepstra_and_slopes
from components.neural.model.conformer import ConformerEncoder, rotated
from components.neural.model.front_ends import (
    BELOW_POWER,
    FLOOR_UNITS,
    UNIT,
    MelFrontEnd,
    WaveFrontEnd,
    levelled,
    mel_points,
)
from components.neural.packing import RaggedFeatures
from components.speech.features.deltas import Deltas


def pieces(lengths, width=3):
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(n, width, generator=generator) for n in lengths]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 7), st.integers(1, 8))
def test_what_is_packed_is_unpacked_again_with_zero_rows_between(lengths, padding, multiple_of):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, padding, multiple_of)
    assert all(torch.equal(a, b) for a, b in zip(packed.unpack(), given, strict=True))
    assert (packed.starts % multiple_of == 0).all() and len(packed.values) % multiple_of == 0
    ends = np.append(packed.starts[1:], len(packed.values))
    assert (ends - (packed.starts + packed.lengths) >= padding).all()
    assert not packed.values[~packed.valid[:, 0]].any() and int(packed.valid.sum()) == sum(lengths)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.sampled_from([1, 2, 4]))
def test_stacking_and_splitting_again_gives_every_row_back(lengths, factor):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, 2, 4)
    back = packed.stacked(factor).unstacked(factor)
    assert torch.equal(back.values, packed.values) and (back.lengths >= packed.lengths).all()


def test_padded_is_torch_s_padded_batch():
    given = pieces([4, 7, 1])
    padded = RaggedFeatures.from_list(given).batch(np.arange(3), None, 2, 4).padded()
    assert torch.equal(padded, torch.nn.utils.rnn.pad_sequence(given))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 7), st.integers(1, 8))
def test_a_padded_batch_is_packed_again(lengths, padding, multiple_of):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, padding, multiple_of)
    assert torch.equal(packed.from_padded(packed.padded()).values, packed.values)


def test_sums_are_over_each_clip():
    given = pieces([4, 7, 1])
    packed = RaggedFeatures.from_list(given).batch(np.array([2, 0]), None, 2, 4)
    torch.testing.assert_close(packed.sums(packed.values), torch.stack([given[2].sum(0), given[0].sum(0)]))


def test_a_clip_played_faster_is_shorter_and_has_the_same_values_between():
    ramp = torch.arange(100.0)[:, None]
    packed = RaggedFeatures.from_list([ramp, ramp]).batch(np.array([0, 1]), np.array([1.25, 0.8]), 2, 1)
    assert packed.lengths.tolist() == [80, 125]
    torch.testing.assert_close(packed.unpack()[0][:, 0], torch.arange(80) * 1.25)


@pytest.mark.parametrize("kernel_size", [1, 3, 5])
def test_the_convolution_and_its_gradients_are_those_of_conv1d(kernel_size):
    x = pieces([20], 4)[0].double().requires_grad_()
    weight = torch.randn(kernel_size, 4, 6, dtype=torch.double, requires_grad=True)
    theirs = torch.nn.functional.conv1d(x.t()[None], weight.permute(2, 1, 0), padding=kernel_size // 2)[0].t()
    torch.testing.assert_close(TapConvolution.apply(x, weight), theirs)
    assert torch.autograd.gradcheck(TapConvolution.apply, (x, weight))


@pytest.mark.parametrize(("rows", "kernel_size"), [(7, 5), (64, 1), (130, 9)])
def test_in_bfloat16_the_convolution_and_its_gradients_are_the_same_within_a_hundredth(rows, kernel_size):
    x, gradient = pieces([rows, rows], 12)
    weight = torch.randn(kernel_size, 12, 12)
    results = []
    for kind in (TapConvolution, Bfloat16Convolution):
        inputs = x.clone().requires_grad_(), weight.clone().requires_grad_()
        output = kind.apply(*inputs)
        output.backward(gradient)
        results.append([output, *(tensor.grad for tensor in inputs)])
    for full, rounded in zip(*results, strict=True):
        assert rounded.dtype == torch.float32
        assert 0 < (full - rounded).norm() / full.norm() < 0.01


def test_selected_clips_are_those_of_a_batch_of_their_own():
    features = RaggedFeatures.from_list(pieces([4, 7, 1, 9]))
    packed = features.batch(np.arange(4), None, 2, 4).select(np.array([1, 3]))
    alone = features.batch(np.array([1, 3]), None, 2, 4)
    for name in ("values", "clip_of_row", "valid"):
        assert torch.equal(getattr(packed, name), getattr(alone, name))
    assert packed.starts.tolist() == alone.starts.tolist() and packed.lengths.tolist() == [7, 9]


def test_levelled_clips_have_one_level_whatever_is_beside_them():
    given = pieces([40, 7])
    given[1] = given[0][:7] + 20
    packed = levelled(RaggedFeatures.from_list(given).batch(np.arange(2), None, 2, 4))
    for frames in packed.unpack():
        assert float((UNIT * frames).exp().mean().log()) == pytest.approx(BELOW_POWER, abs=0.01)
    assert not packed.values[~packed.valid[:, 0]].any()


def test_silence_around_a_clip_hardly_moves_its_level():
    """A clip in as much digital silence as there is speech: 3 dB, the half of its power."""
    speech = 3 * pieces([40])[0]
    silence = torch.full((20, speech.shape[1]), -16.0)
    alone, inside = (
        levelled(RaggedFeatures.from_list([frames]).batch(np.arange(1), None, 2, 4)).unpack()[0]
        for frames in (speech, torch.cat([silence, speech, silence]))
    )
    moved = inside[20:60] - alone
    loud = alone > 0
    torch.testing.assert_close(moved[loud], torch.full_like(moved[loud], np.log(2) / UNIT))
    assert (inside[:20] == FLOOR_UNITS).all()


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_augmentation_keeps_the_rows_the_padding_and_its_inputs(seed):
    rng = np.random.default_rng(seed)
    features = RaggedFeatures.from_list(pieces([30, 8, 17], 20))
    before = features.values.clone()
    packed = features.batch(np.arange(3), draw_speeds(3, rng), 4, 4)
    for changed in (
        augment_frames(packed, rng, BatchAugmentation(), mel_points(8000, 22)[1:-1], 0.01),
        augment_samples(packed, rng, BatchAugmentation(), 8000),
        spec_mask(packed, rng, 1.0),
    ):
        assert changed.values.shape == packed.values.shape
        assert torch.isfinite(changed.values).all() and not changed.values[~packed.valid[:, 0]].any()
        assert not torch.equal(changed.values, packed.values)
    assert torch.equal(features.values, before)


def test_a_tone_is_highest_in_its_own_band_in_both_front_ends():
    hertz = mel_points(8000, 42)[1:-1]
    time = np.arange(8000) / 8000
    for band in (5, 20, 35):
        samples = torch.from_numpy(np.sin(2 * np.pi * hertz[band] * time).astype(np.float32))
        frames = MelFrontEnd(8000, 40).features(samples)
        assert frames.shape == (100, 40) and abs(int(frames[50].argmax()) - band) <= 1
        packed = RaggedFeatures.from_list([samples[:, None]]).batch(np.arange(1), None, 320, 320)
        values = WaveFrontEnd(8000, 40)(packed).unpack()[0]
        assert values.shape == (100, 40) and abs(int(values[50].argmax()) - band) <= 1


def test_the_first_layer_starts_as_cepstra_and_deltas():
    bands = np.random.default_rng(0).normal(size=(40, 23)).astype(np.float32)
    cepstra = dct(bands, norm="ortho", axis=1)[:, :13].astype(np.float32)
    values = TapConvolution.apply(torch.from_numpy(bands), torch.from_numpy(cepstra_and_slopes(23)))
    np.testing.assert_allclose(values[4:-4], Deltas().transform([cepstra])[0][4:-4], atol=1e-5)


def test_the_first_layer_learns():
    layer = CepstralLayer(40)
    packed = RaggedFeatures.from_list([torch.rand(50, 40)]).batch(np.arange(1), None, 4, 4)
    layer(packed).values.square()[:, 0].sum().backward()
    assert layer.weight.grad.abs().sum() > 0


def test_a_conformer_row_depends_on_its_whole_clip_and_nothing_else():
    torch.manual_seed(0)
    encoder = ConformerEncoder(20, 16, 2, 3, 0.0).eval()
    given = [piece.requires_grad_() for piece in pieces([90, 120], 20)]
    rows = encoder(RaggedFeatures.from_list(given).batch(np.arange(2), None, encoder.padding, 4)).unpack()[1]
    rows[0, 0].backward()
    assert given[1].grad.abs().sum(1).min() > 0 and not given[0].grad.any()


def test_products_of_rotated_rows_depend_on_their_distance_alone():
    same = torch.ones(1, 1, 8, 4) * torch.tensor([1.0, 2.0, 3.0, 4.0])
    products = (rotated(same) @ rotated(same).transpose(-1, -2))[0, 0]
    for apart in range(4):
        along = products.diagonal(apart)
        torch.testing.assert_close(along, along[:1].expand_as(along))
    assert not torch.isclose(products[0, 0], products[0, 1])
