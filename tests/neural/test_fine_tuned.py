"""A network starts from one that was trained before: what is taken, what is trained, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone

from components.laws.examples import RATE, labelled, tone
from components.neural import CtcRecogniser, FineTuned
from components.neural.fine_tuned import read_network
from components.speech.augmentation.policy import augmented_passes
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.fingerprint import code_version, settings
from components.study.saving import FILE, load, save
from components.study.training_curves import training_curves
from tests.neural.quick import QUICK

NEW = {"four": 800, "thee": 450}  # one shares most letters with the words of the source


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """File of a network that was trained on other words."""
    folder = tmp_path_factory.mktemp("source")
    save(CtcRecogniser(**QUICK).fit(*labelled()), folder)
    return str(folder / FILE)


@pytest.fixture(scope="module")
def few():
    clips = [tone(f"{word}{i}", hertz + 3 * i) for i in range(4) for word, hertz in NEW.items()]
    return clips, [clip.name[:-1] for clip in clips]


def tuned(source, few, **knobs):
    return FineTuned(CtcRecogniser(**QUICK), source, **knobs).fit(*few)


def changed(model, source):
    """Names of tensors of the front end and the encoder that are not the source's, to the bit."""
    before = read_network(source).weights_
    after = model.recogniser_.weights_
    body = [name for name in after if not name.startswith("heads.")]
    return {name for name in body if not np.array_equal(before[name], after[name])}


def test_with_the_last_layer_alone_nothing_below_it_changes_to_the_bit(source, few):
    model = tuned(source, few, method="last-layer")
    assert changed(model, source) == set()
    head = [weight for name, weight in model.recogniser_.weights_.items() if name.startswith("heads.")]
    assert model.trained_numbers_ == sum(weight.size for weight in head)
    assert model.taken_ == len(model.recogniser_.weights_) - len(head)
    assert set(model.left_out_.values()) == {"the last layer is made anew for the tokens of these texts"}


@pytest.mark.parametrize("method", ["all-layers", "last-then-all", "old-head"])
def test_with_all_layers_every_one_of_them_is_trained(source, few, method):
    model = tuned(source, few, method=method)
    weights = {name for name in changed(model, source) if name.endswith(("weight", "bias"))}
    assert any(name.startswith("encoder.stem") for name in weights)
    assert any(name.startswith("encoder.layers.1") for name in weights)
    assert model.trained_numbers_ > 10 * sum(
        w.size for n, w in model.recogniser_.weights_.items() if "heads" in n
    )


def test_the_first_layers_are_kept_to_the_bit_and_the_others_begin_anew(source, few):
    model = tuned(source, few, method="first-layers", kept_layers=1)
    assert all(name.startswith("encoder.layers.1.") for name in changed(model, source))
    assert changed(model, source)
    assert any("only 1 layers are kept" in why for why in model.left_out_.values())


def test_its_training_is_noted_and_its_altered_clips_are_counted_as_those_of_any_network(source, few):
    model = tuned(source, few)
    assert (
        training_curves(model)["loss"] and augmented_passes(model) == model.recogniser_.augmented_passes > 0
    )


def test_layers_made_anew_learn_at_the_full_rate(source, few):
    slow = tuned(source, few, method="first-layers", kept_layers=1, rate_share=1e-6)
    usual = tuned(source, few, method="first-layers", kept_layers=1, rate_share=1.0)
    for name, weight in slow.recogniser_.weights_.items():
        np.testing.assert_array_equal(weight, usual.recogniser_.weights_[name], err_msg=name)


def test_the_old_head_knows_the_letters_that_both_have(source, few):
    slow = {"learning_rate": 1e-9}
    kept = FineTuned(CtcRecogniser(**QUICK | slow), source, "old-head").fit(*few).recogniser_
    assert_tokens_kept(kept, read_network(source))


def test_of_several_heads_that_of_the_sources_units_knows_what_the_old_one_knew(few, tmp_path):
    heads = {"second_units": "phonemes"}
    save(CtcRecogniser(**QUICK | heads).fit(*labelled()), tmp_path)
    slow = CtcRecogniser(**QUICK | heads | {"learning_rate": 1e-9})
    kept = FineTuned(slow, str(tmp_path / FILE), "auto").fit(*few).recogniser_
    old = read_network(str(tmp_path / FILE))
    assert kept.tokenizer_.units == old.tokenizer_.units == "phonemes"
    assert_tokens_kept(kept, old)


def assert_tokens_kept(kept, old):
    """The rows of the last layer for tokens that both have are the old one's."""
    rows = {model: model.weights_["heads.ctc.output.bias"].reshape(2, -1) for model in (kept, old)}
    known = ["<blank>", *old.alphabet_]
    shared = [token for token in ["<blank>", *kept.alphabet_] if token in known]
    assert len(shared) > 2
    for place, token in enumerate(["<blank>", *kept.alphabet_]):
        if token in shared:
            np.testing.assert_allclose(rows[kept][:, place], rows[old][:, known.index(token)], atol=1e-5)


def test_it_is_as_wide_as_a_source_that_grew(few, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("components.neural.recogniser.hours_of", lambda clips: 16.0)
        save(CtcRecogniser(**QUICK, grows=True).fit(*labelled()), tmp_path)
    kept = FineTuned(CtcRecogniser(**QUICK, grows=True), str(tmp_path / FILE)).fit(*few).recogniser_
    assert kept.channels_ == 2 * QUICK["channels"]


def test_the_source_goes_on_with_its_own_last_layer_on_the_layers_as_they_are_now(source, few):
    frozen, moved = (tuned(source, few, method=method) for method in ("last-layer", "all-layers"))
    clips = labelled()[0]
    before, after = frozen.source_before_and_after()
    assert before.predict(clips) == after.predict(clips) == load_of(source).predict(clips)
    before, after = moved.source_before_and_after()
    assert any(
        not np.array_equal(a, b)
        for a, b in zip(before.log_probabilities(clips), after.log_probabilities(clips), strict=True)
    )


def test_the_size_is_the_sources_and_the_knobs_of_training_are_its_own(source, few):
    model = FineTuned(CtcRecogniser(**QUICK | {"channels": 64, "steps": 9}), source).fit(*few)
    assert model.recogniser_.channels == 48 and model.recogniser_.steps == 9


def test_it_is_known_by_the_content_of_its_source_wherever_that_lies(source, tmp_path):
    save(load_of(source), tmp_path)
    here, there = FineTuned(source=source), FineTuned(source=str(tmp_path / FILE))
    assert "recogniser.skops" in settings(here)["source"] and str(tmp_path) not in str(settings(there))
    weights = tmp_path / "weights.safetensors"
    before = code_version(there)
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert code_version(there) != before


def load_of(source):
    return read_network(source)


def test_what_was_trained_is_saved_and_answers_the_same(source, few, tmp_path):
    model = tuned(source, few)
    save(model, tmp_path)
    again = load(tmp_path)
    assert again.predict(few[0]) == model.predict(few[0])
    assert again.left_out_ == model.left_out_


def test_the_same_seed_gives_the_same_weights(source, few):
    first, second = tuned(source, few), tuned(source, few)
    for name, weight in first.recogniser_.weights_.items():
        np.testing.assert_array_equal(weight, second.recogniser_.weights_[name], err_msg=name)


def test_without_a_source_or_with_another_it_is_refused_with_the_way_out(source, few, tmp_path):
    with pytest.raises(ValueError, match="FineTuned expected a source to start from, got none; give a study"):
        FineTuned().fit(*few)
    with pytest.raises(ValueError, match=r"expected a trained recogniser in .*none.*, got no file"):
        FineTuned(source=str(tmp_path / "none" / FILE)).fit(*few)
    save(mfcc_gmm_hmm().fit(*labelled()), tmp_path)
    with pytest.raises(ValueError, match="expected a network to start from, got Pipeline"):
        FineTuned(source=str(tmp_path / FILE)).fit(*few)
    clips = [replace(clip, rate=2 * RATE) for clip in few[0]]
    with pytest.raises(ValueError, match=f"expected clips at its source's {RATE} Hz, got {2 * RATE} Hz"):
        clone(FineTuned(CtcRecogniser(**QUICK), source)).fit(clips, few[1])
