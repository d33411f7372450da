"""One augmentation policy for every recogniser, switched by name."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from components.contract import WRAPPED, Clip
from components.laws.examples import labelled
from components.neural import CtcRecogniser
from components.neural.augmentation import reverberate_frames, reverberate_samples
from components.neural.model.front_ends import MelFrontEnd
from components.neural.packing import RaggedFeatures
from components.recognisers import RECOGNISERS, build, has_seed
from components.speech.augmentation.augmented import Augmented
from components.speech.augmentation.policy import (
    KINDS,
    USUAL,
    augmented_passes,
    expand_variants,
    parse_variant,
    split_variant,
)
from components.speech.augmentation.waveforms import reverberate

QUICK = {"steps": 40, "channels": 32, "layers": 2}


def test_variants_are_named_as_a_study_asks():
    assert expand_variants("mel-ctc", "usual") == ["mel-ctc"]
    assert expand_variants("mel-ctc", "plain") == ["mel-ctc:plain"]
    assert expand_variants("mel-ctc", "both") == ["mel-ctc:plain", "mel-ctc:augmented"]
    assert expand_variants("mel-ctc", "speed+noise") == ["mel-ctc:speed+noise"]
    assert expand_variants("mel-ctc:gain", "both") == ["mel-ctc:gain"]
    assert split_variant("mel-ctc:gain") == ("mel-ctc", "gain") and split_variant("mel-ctc") == (
        "mel-ctc",
        "",
    )


def test_a_way_nobody_knows_gets_the_nearest_one():
    known = "known: usual, both, plain, augmented, speed, vtlp, noise, gain, masking, room."
    for asked, wrong, near in (("bth", "bth", "both"), ("speed+nois", "nois", "noise")):
        with pytest.raises(ValueError) as error:
            expand_variants("mel-ctc", asked)
        assert str(error.value) == f"unknown augmentation '{wrong}'; did you mean '{near}'? {known}"


@pytest.mark.parametrize("name", RECOGNISERS)
@pytest.mark.parametrize("variant", ["plain", "augmented", "noise+speed"])
def test_every_recogniser_is_switched_by_its_name(name, variant):
    knobs = build(f"{name}:{variant}", seed=3, device="cpu").get_params(deep=True)
    kinds = [knobs[knob] for knob in ("augmentation", f"{WRAPPED}augmentation") if knob in knobs]
    assert kinds or variant == "plain"
    assert all(tuple(own) == parse_variant(variant) for own in kinds)
    assert has_seed(f"{name}:{variant}")


def test_what_the_catalogue_has_is_what_it_was():
    assert build("mel-ctc").augmentation == build("wave-ctc").augmentation == USUAL
    assert not isinstance(build("mfcc-gmm-hmm"), Augmented)


def test_settings_of_a_recogniser_keep_their_names_when_it_is_augmented():
    made = build("mfcc-gmm-hmm:augmented", {"deltas__width": 3, "copies": 2}, seed=5)
    assert made.recogniser.get_params()["deltas__width"] == 3 and made.copies == 2
    assert made.seed == made.recogniser.get_params()["words__seed"] == 5
    with pytest.raises(ValueError, match="unknown setting of mfcc-svm:augmented 'deltas__widht'"):
        build("mfcc-svm:augmented", {"deltas__widht": 3})


def heard(network, clips):
    return np.concatenate(network.log_probabilities(clips))


def test_a_network_hears_each_clip_altered_as_often_as_it_says_or_never():
    clips, texts = labelled(12)
    quick = {**QUICK, "steps": 10, "device": "cpu", "decoding": "greedy"}
    all_at_once = CtcRecogniser(**quick, batch_seconds=sum(clip.seconds for clip in clips)).fit(clips, texts)
    assert 5 < augmented_passes(all_at_once) <= 10
    for kinds in ((), ("gain",)):  # each clip is levelled, louder or not
        assert augmented_passes(CtcRecogniser(**quick, augmentation=kinds).fit(clips, texts)) == 0


@pytest.mark.parametrize("front_end", ["mel", "wave"])
def test_a_network_learns_otherwise_by_each_kind_and_the_same_twice_without(front_end):
    clips, texts = labelled(6)
    quick = {**QUICK, "steps": 6, "device": "cpu", "front_end": front_end, "decoding": "greedy"}
    plain, again = (heard(CtcRecogniser(**quick, augmentation=()).fit(clips, texts), clips) for _ in range(2))
    np.testing.assert_array_equal(plain, again)
    own = {"speed", "room", "noise", "masking"} | ({"vtlp"} if front_end == "mel" else set())
    for kind in KINDS:
        other = heard(CtcRecogniser(**quick, augmentation=[kind]).fit(clips, texts), clips)
        assert np.array_equal(plain, other) == (kind not in own)


@pytest.mark.parametrize("front_end", ["mel", "wave"])
def test_a_louder_clip_is_the_same_to_a_network(front_end):
    clips, texts = labelled(6)
    clips = [replace(clip, samples=clip.samples * 0.2) for clip in clips]
    network = CtcRecogniser(**{**QUICK, "steps": 6}, device="cpu", front_end=front_end).fit(clips, texts)
    louder = [replace(clip, samples=clip.samples * 2) for clip in clips]
    np.testing.assert_allclose(heard(network, louder), heard(network, clips), atol=0.05)


def powers(clips, altered=lambda tape: tape):
    """Mean power of each 10 ms of each clip, after whatever is done to the frames."""
    front_end = MelFrontEnd(8000, 40)
    tape = front_end.extract(clips).batch(np.arange(len(clips)), None, 8, 4)
    return [one.numpy().mean(1) for one in altered(tape.with_values(tape.values.exp())).unpack()]


def test_an_echo_on_frames_falls_as_one_on_samples_does():
    rng = np.random.default_rng(0)
    burst = np.where(np.arange(8000) < 800, rng.standard_normal(8000) * 0.1, 0).astype(np.float32)
    clips = [Clip(f"{i}", "ann", burst, 8000) for i in range(40)]
    decay, wet = np.full(40, 0.3), np.full(40, 0.5)
    heard = np.mean(powers(reverberate(clips, decay, wet, rng)), axis=0)
    frames = np.mean(powers(clips, lambda tape: reverberate_frames(tape, decay, wet, 0.01)), axis=0)
    tape = RaggedFeatures.from_list([torch.from_numpy(clip.samples)[:, None] for clip in clips]).batch(
        np.arange(40), None, 80, 80
    )
    waves = [one[:, 0].numpy() for one in reverberate_samples(tape, decay, wet, 8000, rng).unpack()]
    samples = np.mean(
        powers([replace(clip, samples=wave) for clip, wave in zip(clips, waves, strict=True)]), axis=0
    )
    tail = slice(14, 30)  # while it lasts, after the burst
    for made in (frames, samples):
        np.testing.assert_allclose(10 * np.log10(made[tail] / heard[tail]), 0, atol=1.5)


def test_no_clip_hears_the_echo_of_its_neighbour_and_one_in_no_room_stays():
    loud, silent = (np.full(4000, level, dtype=np.float32) for level in (0.5, 0.0))
    clips = [Clip("loud", "ann", loud, 8000), Clip("silent", "ann", silent, 8000)]
    rooms = np.array([0.5, 0.5]), np.array([0.0, 0.5])
    heard = powers(clips, lambda tape: reverberate_frames(tape, *rooms, 0.01))
    np.testing.assert_array_equal(heard[0], powers(clips)[0])
    np.testing.assert_allclose(heard[1], powers(clips)[1], rtol=0.6)
