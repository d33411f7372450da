"""CTC on another's network: what is trained, resampled, saved, and what it is known by."""

import numpy as np
import pytest

from components.laws.examples import RATE, labelled, tone
from components.neural import SslCtc
from components.neural.export import export_onnx
from components.neural.pretrained.files import read_weights
from components.study.fingerprint import code_version, settings
from components.study.saving import load, save
from tests.neural.pretrained.tiny import KINDS, save_hugging_face, save_torchaudio

QUICK = {"steps": 6, "batch_seconds": 4.0, "device": "cpu", "decoding": "greedy"}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Kind of network -> the folder of a tiny one."""
    return {kind: save_hugging_face(tmp_path_factory.mktemp(kind), kind) for kind in KINDS}


def fitted(path, **knobs):
    return SslCtc(path, **QUICK | knobs).fit(*labelled(12))


def changed(model, path):
    """Which parts of the network are not the file's, to the bit."""
    names = {"front_end.extractor": "feature_extractor", "encoder.projection": "encoder.feature_projection"}
    before = read_weights(path).tensors
    parts = set()
    for name, weight in model.weights_.items():
        theirs = next((name.replace(a, b) for a, b in names.items() if name.startswith(a)), name)
        if not name.startswith("heads.") and not np.array_equal(before[theirs].numpy(), weight):
            parts.add(".".join(name.split(".")[:2]))
    return parts


@pytest.mark.parametrize(
    ("method", "parts"),
    [
        ("last-layer", set()),
        ("all-layers", {"encoder.projection", "encoder.transformer"}),
        ("last-then-all", {"encoder.projection", "encoder.transformer"}),
    ],
)
def test_each_step_of_the_ladder_trains_what_it_says_and_never_the_convolutions(weights, method, parts):
    model = fitted(weights["wav2vec2"], method=method)
    assert changed(model, weights["wav2vec2"]) == parts
    head = sum(w.size for name, w in model.weights_.items() if name.startswith("heads."))
    assert (model.trained_numbers_ == head) == (method == "last-layer")
    assert model.left_out_ == ["masked_spec_embed"]


def test_layers_above_the_first_ones_are_no_part_of_the_network(weights):
    model = fitted(weights["wav2vec2"], first_layers=1)
    assert not [name for name in model.weights_ if "layers.1." in name and "conv" not in name]
    assert len(model.predict(labelled(3)[0])) == 3
    with pytest.raises(ValueError, match=r"SslCtc expected first_layers up to the 2 of .*, got 3; leave"):
        SslCtc(weights["wav2vec2"], first_layers=3).check_settings()


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_gets_the_same_beside_a_longer_one_whatever_the_architecture(weights, kind):
    model = fitted(weights[kind], method="last-layer")
    clips = [*labelled(3)[0], tone("long clip", 500, 2.0)]
    together = model.log_probabilities(clips)
    for clip, rows in zip(clips, together, strict=True):
        np.testing.assert_allclose(model.log_probabilities([clip])[0], rows, atol=1e-4)
        assert len(rows) == 2 * -(-len(clip.samples) * 2 // 640)  # a row every 20 ms, at twice the rate


def test_clips_are_resampled_and_the_history_says_so(weights):
    assert fitted(weights["wav2vec2"]).history_[-1] == {"resampled_from_hz": RATE, "resampled_to_hz": 16000}


def test_in_bfloat16_it_learns_other_numbers_about_as_good(weights):
    losses = {
        precision: [
            note["loss"]
            for note in fitted(weights["wav2vec2"], method="all-layers", precision=precision).history_
            if "loss" in note
        ]
        for precision in ("float32", "bfloat16")
    }
    assert losses["float32"] != losses["bfloat16"]
    np.testing.assert_allclose(losses["float32"], losses["bfloat16"], rtol=0.1)


def test_saved_it_answers_without_the_file_of_its_weights(tmp_path):
    path = save_torchaudio(tmp_path)
    model, clips = fitted(path), labelled(3)[0]
    save(model, tmp_path / "model")
    (tmp_path / "tiny.pt").unlink()
    again = load(tmp_path / "model")
    for one, other in zip(model.log_probabilities(clips), again.log_probabilities(clips), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("saved", [save_torchaudio, save_hugging_face])
def test_it_is_known_by_the_content_of_its_files_wherever_they_lie(saved, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    one, other = SslCtc(saved(here)), SslCtc(saved(there))
    assert settings(one) == settings(other) and code_version(one) == code_version(other)
    file = other.depends_on()[0]
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    assert settings(one) != settings(other) and code_version(one) != code_version(other)


def test_it_is_no_onnx_file_and_says_what_to_do(weights, tmp_path):
    with pytest.raises(ValueError, match=r"export expected .* mel, wave, got one on another's .*; use it"):
        export_onnx(fitted(weights["wav2vec2"]), tmp_path / "model.onnx")


def test_without_weights_it_says_where_they_come_from():
    with pytest.raises(ValueError, match=r"SslCtc expected weights of .*, got none; give it weights=PATH of"):
        SslCtc().fit(*labelled(3))
