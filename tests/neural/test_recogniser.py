"""What the end-to-end recogniser promises, mostly on real recordings."""

import re
from copy import copy

import numpy as np
import pytest
import safetensors
import skops.io

from components.contract import Clip
from components.neural import CtcRecogniser, mel_ctc, wave_ctc
from components.study.saving import load, save
from tests.fsdd import digits
from tests.neural.quick import QUICK


@pytest.fixture(scope="module", params=["mel", "wave"])
def trained(request, recordings):
    """A recogniser trained briefly on sixty digits, and other clips."""
    clips, texts = digits(recordings, [5, 6])
    recogniser = CtcRecogniser(request.param, **QUICK).fit(clips, texts)
    return recogniser, digits(recordings, [0])[0]


def test_the_recipes_differ_in_the_front_end_only():
    ours, other = mel_ctc().get_params(), wave_ctc().get_params()
    assert {name for name in ours if ours[name] != other[name]} == {"front_end"}


def test_a_lone_clip_is_recognised_as_among_others(trained):
    recogniser, clips = trained
    crowd = recogniser.log_probabilities(clips)
    for clip, among_others in zip(clips[:6], crowd, strict=False):
        np.testing.assert_allclose(recogniser.log_probabilities([clip])[0], among_others, atol=1e-5)
    assert [recogniser.predict([clip])[0] for clip in clips] == recogniser.predict(clips)
    assert recogniser.predict(clips[::-1]) == recogniser.predict(clips)[::-1]


@pytest.mark.parametrize("encoder", ["convolutional", "conformer"])
def test_in_bfloat16_it_learns_as_much_and_keeps_all_bits_of_its_weights(recordings, encoder):
    clips, texts = digits(recordings, [5])
    settings = {**QUICK, "steps": 30, "encoder": encoder}
    full, halved, again = (
        CtcRecogniser(**settings, precision=one).fit(clips, texts)
        for one in ("float32", "bfloat16", "bfloat16")
    )
    losses = [[note["loss"] for note in one.history_ if "loss" in note] for one in (full, halved)]
    assert losses[0] != losses[1] and losses[1] == pytest.approx(losses[0], rel=0.05)
    assert all(np.array_equal(halved.weights_[name], again.weights_[name]) for name in halved.weights_)
    assert {one.dtype for one in halved.weights_.values()} == {one.dtype for one in full.weights_.values()}


def test_the_same_seed_gives_the_same_weights_to_the_bit_and_another_does_not(recordings):
    clips, texts = digits(recordings, [5])
    first, again = (CtcRecogniser(**QUICK, seed=3).fit(clips, texts).weights_ for _ in range(2))
    other = CtcRecogniser(**QUICK, seed=4).fit(clips, texts).weights_
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_a_second_fit_forgets_the_first(recordings):
    clips, texts = digits(recordings, [5])
    recogniser = CtcRecogniser(**QUICK).fit(clips[:15], ["ja"] * 15)
    twice, once = recogniser.fit(clips, texts), CtcRecogniser(**QUICK).fit(clips, texts)
    assert twice.alphabet_ == once.alphabet_
    assert all(np.array_equal(twice.weights_[name], once.weights_[name]) for name in once.weights_)


def test_fitting_leaves_the_global_random_state_alone(recordings):
    import torch

    torch.manual_seed(5)
    np.random.seed(5)
    CtcRecogniser(**QUICK).fit(*digits(recordings, [5]))
    drawn = torch.rand(1).item(), np.random.rand()
    torch.manual_seed(5)
    np.random.seed(5)
    assert drawn == (torch.rand(1).item(), np.random.rand())


def test_saved_without_pickle_and_loaded_it_gives_the_same_answer(trained, tmp_path):
    recogniser, clips = trained
    save(recogniser, tmp_path)
    loaded = load(tmp_path)
    assert loaded.predict(clips) == recogniser.predict(clips)
    kept = skops.io.get_untrusted_types(file=tmp_path / "recogniser.skops")
    ours = ("components.neural", "components.speech.decoding", "components.study.choices")
    assert all(name.startswith(ours) for name in kept)


def test_the_weights_lie_beside_it_for_the_safetensors_library_alone(trained, tmp_path):
    recogniser, _ = trained
    files = save(recogniser, tmp_path)
    with safetensors.safe_open(tmp_path / "weights.safetensors", "numpy") as kept:
        assert set(kept.keys()) == recogniser.weights_.keys()
        for name, weight in recogniser.weights_.items():
            np.testing.assert_array_equal(kept.get_tensor(name), weight)
    assert files == [tmp_path / "recogniser.skops", tmp_path / "weights.safetensors"]
    loaded = load(tmp_path).weights_
    assert all(np.array_equal(loaded[name], weight) for name, weight in recogniser.weights_.items())


@pytest.mark.parametrize("decoding", ["greedy", "graph"])
def test_a_network_saved_with_its_weights_inside_and_no_word_on_decoding_is_still_read(
    trained, tmp_path, decoding
):
    recogniser, clips = copy(trained[0]), trained[1]
    recogniser.decoding_ = decoding
    expected = recogniser.predict(clips)
    recogniser.search_ = None if decoding == "greedy" else recogniser.search_
    del recogniser.decoding_
    skops.io.dump(recogniser, tmp_path / "recogniser.skops")
    assert load(tmp_path).predict(clips) == expected


def test_a_network_saved_when_there_were_characters_only_is_still_read(trained):
    recogniser, clips = trained
    state = recogniser.__getstate__()
    state["search_"] = copy(state["search_"])
    state["alphabet_"] = state.pop("tokenizer_").tokens_
    state["weights_"] = {
        name.replace("heads.ctc.output.", "encoder.speak.").replace(".cepstral.", ".first."): weight
        for name, weight in state["weights_"].items()
    }
    for name in ("units", "language", "encoder", "decoder", "concat_pairs"):
        del state[name]
    state["taps"] = state.pop("kernel_size")
    vars(state["search_"])["unspelt_"] = vars(state["search_"]).pop("oov_words_")
    del state["search_"].tokenizer_
    again = CtcRecogniser()
    again.__setstate__(state)
    answered = recogniser.predict(clips)
    assert again.predict_ablated(clips, answered) == recogniser.predict_ablated(clips, answered)


@pytest.mark.parametrize("left", [None, b"not weights"], ids=["missing", "broken"])
def test_without_its_weights_it_says_what_was_left_behind(trained, tmp_path, left):
    save(trained[0], tmp_path)
    weights = tmp_path / "weights.safetensors"
    weights.unlink()
    if left:
        weights.write_bytes(left)
    with pytest.raises(ValueError) as error:
        load(tmp_path)
    recogniser = tmp_path / "recogniser.skops"
    expected = f"{recogniser} expected the network's weights in weights.safetensors beside it, got: "
    assert str(error.value).startswith(expected)
    assert str(error.value).endswith("; copy the whole folder of the system.")


def test_training_and_prediction_leave_the_samples_alone(recordings):
    clips, texts = digits(recordings, [5])
    before = [clip.samples.copy() for clip in clips]
    CtcRecogniser("wave", **QUICK).fit(clips, texts).predict(clips)
    assert all(np.array_equal(clip.samples, old) for clip, old in zip(clips, before, strict=True))


def test_any_length_gives_one_text_each_in_order(trained):
    recogniser, clips = trained
    lengths = [1, 2, 40, 79, 200, 801, 40000]
    made = [Clip(f"c{n}", "", np.full(n, 0.01, np.float32), 8000) for n in lengths]
    texts = recogniser.predict([*made, clips[0]])
    assert len(texts) == 8 and all(isinstance(text, str) for text in texts)
    assert texts[-1] == recogniser.predict([clips[0]])[0]
    assert recogniser.predict([]) == []


@pytest.mark.parametrize(
    "samples, rate, expected",
    [
        (
            np.zeros(0, np.float32),
            8000,
            "expected at least 1 samples (0 ms), got 0; leave it out or pad it with silence.",
        ),
        (
            np.array([0, np.nan, 1], np.float32),
            8000,
            "expected finite samples, got 1 that are not; record or convert it again.",
        ),
        (np.zeros(900, np.float32), 16000, "expected 8000 Hz, got 16000 Hz; resample it to 8000 Hz."),
    ],
)
def test_a_clip_it_cannot_use_is_named(trained, samples, rate, expected):
    recogniser, clips = trained
    with pytest.raises(ValueError) as failure:
        recogniser.predict([clips[0], Clip("odd", "", samples, rate)])
    assert str(failure.value) == f"CtcRecogniser cannot use clip 'odd': {expected}"


def test_eight_clips_are_overfitted(recordings):
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(8))
    recogniser = CtcRecogniser(steps=300, decoding="greedy", device="cpu").fit(clips, texts)
    assert recogniser.predict(clips) == texts


def test_characters_of_any_script_and_several_words(recordings):
    clips, _ = digits(recordings, [5], speakers=["jackson"], words=range(4))
    texts = ["größe  ж", "日本 ñ", "größe ñ", "日本 ж"]
    recogniser = CtcRecogniser(channels=64, layers=2, steps=150, device="cpu").fit(clips, texts)
    assert recogniser.alphabet_ == sorted(set("größe ж日本ñ"))
    assert recogniser.predict(clips) == ["größe ж", "日本 ñ", "größe ñ", "日本 ж"]


def test_a_loss_that_is_not_finite_names_the_clips_and_the_way_out(recordings):
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(2))
    with pytest.raises(FloatingPointError) as failure:
        CtcRecogniser(**{**QUICK, "steps": 200, "learning_rate": 1e30}).fit(clips, texts)
    message = str(failure.value)
    assert re.fullmatch(
        r"CTC training expected a finite loss for every clip, got nan or inf for (\d) of the batch's \1: "
        r"[01]_jackson_5(, [01]_jackson_5)?; listen to them, or lower learning_rate\.",
        message,
    )


def test_the_history_shows_the_loss_falling_and_the_dev_part(recordings):
    clips, texts = digits(recordings, [5, 6])
    history = CtcRecogniser(**{**QUICK, "steps": 60}).fit(clips, texts).history_
    losses = [note["loss"] for note in history if "loss" in note]
    assert losses[-1] < losses[0] and all(np.isfinite(losses))
    assert any("dev_loss" in note for note in history) and any("search_errors" in note for note in history)


def test_two_speakers_digits_are_recognised_after_a_short_training(all_recordings):
    clips, texts = digits(all_recordings, range(5, 25), speakers=["jackson", "nicolas"])
    recogniser = CtcRecogniser(channels=96, layers=3, steps=200, batch_seconds=16, device="cpu").fit(
        clips, texts
    )
    test_clips, test_texts = digits(all_recordings, range(3), speakers=["jackson", "nicolas"])
    right = np.mean([a == b for a, b in zip(recogniser.predict(test_clips), test_texts, strict=True)])
    assert right >= 0.9
