"""The packed: clips on one strip of rows must not touch each other, and its convolution must be one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct

from components.neural.augmentation import BatchAugmentation, augment_frames, augment_samples, spec_mask, speeds
from components.neural.model.cepstra import CepstralLayer, cepstra_and_slopes
from components.neural.model.conformer import ConformerEncoder, rotated
from components.neural.convolution import Bfloat16Convolution, TapConvolution
from components.neural.model.encoders import ConvolutionalEncoder, Network
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
def test_what_is_laid_comes_back_with_silence_between(lengths, gap, block):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, gap, block)
    assert all(torch.equal(a, b) for a, b in zip(packed.unpack(), given, strict=True))
    assert (packed.starts % block == 0).all() and len(packed.values) % block == 0
    ends = np.append(packed.starts[1:], len(packed.values))
    assert (ends - (packed.starts + packed.lengths) >= gap).all()
    assert not packed.values[~packed.valid[:, 0]].any() and int(packed.valid.sum()) == sum(lengths)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.sampled_from([1, 2, 4]))
def test_stacking_and_splitting_again_gives_every_row_back(lengths, factor):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, 2, 4)
    back = packed.stacked(factor).unstacked(factor)
    assert torch.equal(back.values, packed.values) and (back.lengths >= packed.lengths).all()


def test_padding_is_the_batch_that_everyone_knows():
    given = pieces([4, 7, 1])
    padded = RaggedFeatures.from_list(given).batch(np.arange(3), None, 2, 4).padded()
    assert torch.equal(padded, torch.nn.utils.rnn.pad_sequence(given))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 7), st.integers(1, 8))
def test_a_padded_batch_is_laid_on_the_tape_again(lengths, gap, block):
    given = pieces(lengths)
    packed = RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, gap, block)
    assert torch.equal(packed.from_padded(packed.padded()).values, packed.values)


def test_sums_are_over_each_clip():
    given = pieces([4, 7, 1])
    packed = RaggedFeatures.from_list(given).batch(np.array([2, 0]), None, 2, 4)
    torch.testing.assert_close(packed.sums(packed.values), torch.stack([given[2].sum(0), given[0].sum(0)]))


def test_a_clip_played_faster_is_shorter_and_passes_through_the_same_values():
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
    found = []
    for kind in (TapConvolution, Bfloat16Convolution):
        given = x.clone().requires_grad_(), weight.clone().requires_grad_()
        made = kind.apply(*given)
        made.backward(gradient)
        found.append([made, *(one.grad for one in given)])
    for full, halved in zip(*found, strict=True):
        assert halved.dtype == torch.float32
        assert 0 < (full - halved).norm() / full.norm() < 0.01


@pytest.mark.parametrize("encoder", [ConvolutionalEncoder, ConformerEncoder])
@pytest.mark.parametrize("front_end", [MelFrontEnd, WaveFrontEnd])
def test_garbage_in_the_padding_of_the_shelf_is_never_heard(front_end, encoder):
    """Clips beside a clip on the features are its padding: whatever they hold, it is values alike."""
    torch.manual_seed(0)
    network = Network(front_end(8000, 20), encoder(20, 16, 3, 5, 0.1), 5).eval()
    width = 20 if front_end is MelFrontEnd else 1
    lengths = [70, 33, 51] if front_end is MelFrontEnd else [6000, 2900, 4111]
    clean = pieces(lengths, width)
    dirty = [clean[0] * 1e3, clean[1], torch.full_like(clean[2], 1e4)]
    order = np.arange(3)
    with torch.no_grad():
        alone, beside = (
            network(RaggedFeatures.from_list(given).batch(order, None, network.padding, network.block)).unpack()[1]
            for given in (clean, dirty)
        )
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=0)


def test_levelled_clips_are_as_loud_as_each_other_whoever_is_beside_them():
    given = pieces([40, 7])
    given[1] = given[0][:7] + 20
    packed = levelled(RaggedFeatures.from_list(given).batch(np.arange(2), None, 2, 4))
    for one in packed.unpack():
        assert float((UNIT * one).exp().mean().log()) == pytest.approx(BELOW_POWER, abs=0.01)
    assert not packed.values[~packed.valid[:, 0]].any()


def test_silence_around_a_clip_hardly_moves_its_level():
    """A clip in as much digital silence as there is speech: 3 dB, the half of its power."""
    said = 3 * pieces([40])[0]
    around = torch.full((20, said.shape[1]), -16.0)
    alone, inside = (
        levelled(RaggedFeatures.from_list([one]).batch(np.arange(1), None, 2, 4)).unpack()[0]
        for one in (said, torch.cat([around, said, around]))
    )
    moved = inside[20:60] - alone
    loud = alone > 0
    torch.testing.assert_close(moved[loud], torch.full_like(moved[loud], np.log(2) / UNIT))
    assert (inside[:20] == FLOOR_UNITS).all()


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_augmentation_keeps_the_rows_the_silence_and_its_inputs(seed):
    rng = np.random.default_rng(seed)
    features = RaggedFeatures.from_list(pieces([30, 8, 17], 20))
    kept = features.values.clone()
    packed = features.batch(np.arange(3), speeds(3, rng), 4, 4)
    for changed in (
        augment_frames(packed, rng, BatchAugmentation(), mel_points(8000, 22)[1:-1], 0.01),
        augment_samples(packed, rng, BatchAugmentation(), 8000),
        spec_mask(packed, rng, 1.0),
    ):
        assert changed.values.shape == packed.values.shape
        assert torch.isfinite(changed.values).all() and not changed.values[~packed.valid[:, 0]].any()
        assert not torch.equal(changed.values, packed.values)
    assert torch.equal(features.values, kept)


def test_a_tone_lights_up_its_own_band_in_both_front_ends():
    hertz = mel_points(8000, 42)[1:-1]
    time = np.arange(8000) / 8000
    for band in (5, 20, 35):
        samples = torch.from_numpy(np.sin(2 * np.pi * hertz[band] * time).astype(np.float32))
        frames = MelFrontEnd(8000, 40).features(samples)
        assert frames.shape == (100, 40) and abs(int(frames[50].argmax()) - band) <= 1
        packed = RaggedFeatures.from_list([samples[:, None]]).batch(np.arange(1), None, 320, 320)
        values = WaveFrontEnd(8000, 40)(packed).unpack()[0]
        assert values.shape == (100, 40) and abs(int(values[50].argmax()) - band) <= 1


def test_the_first_layer_starts_as_cepstra_and_their_slopes():
    bands = np.random.default_rng(0).normal(size=(40, 23)).astype(np.float32)
    cepstra = dct(bands, norm="ortho", axis=1)[:, :13].astype(np.float32)
    values = TapConvolution.apply(torch.from_numpy(bands), torch.from_numpy(cepstra_and_slopes(23)))
    np.testing.assert_allclose(values[4:-4], Deltas().transform([cepstra])[0][4:-4], atol=1e-5)


def test_the_first_layer_learns():
    layer = CepstralLayer(40)
    packed = RaggedFeatures.from_list([torch.rand(50, 40)]).batch(np.arange(1), None, 4, 4)
    layer(packed).values.square()[:, 0].sum().backward()
    assert layer.weight.grad.abs().sum() > 0


def test_a_conformer_row_hears_its_whole_clip_and_nothing_else():
    torch.manual_seed(0)
    encoder = ConformerEncoder(20, 16, 2, 3, 0.0).eval()
    given = [piece.requires_grad_() for piece in pieces([90, 120], 20)]
    rows = encoder(RaggedFeatures.from_list(given).batch(np.arange(2), None, encoder.padding, 4)).unpack()[1]
    rows[0, 0].backward()
    assert given[1].grad.abs().sum(1).min() > 0 and not given[0].grad.any()


def test_turned_rows_tell_by_their_products_how_far_they_are_apart_and_no_more():
    same = torch.ones(1, 1, 8, 4) * torch.tensor([1.0, 2.0, 3.0, 4.0])
    products = (rotated(same) @ rotated(same).transpose(-1, -2))[0, 0]
    for apart in range(4):
        along = products.diagonal(apart)
        torch.testing.assert_close(along, along[:1].expand_as(along))
    assert not torch.isclose(products[0, 0], products[0, 1])
