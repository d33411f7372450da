"""Google's speech embedding: its weights are checked before a fit, and it sees each clip from end to end."""

import importlib.util
import zipfile

import numpy as np
import pytest

from components.laws.examples import labelled, tone
from components.neural import EmbeddingCtc
from components.recognisers import build
from components.speech.features.embedding import SpeechEmbedding
from components.speech.features.embedding_file import IN_WHEEL, SHA256
from components.study.check_settings import check_settings
from components.study.saving import load, save
from tests.speech.features.wheel import WHEEL

needs_weights = pytest.mark.skipif(not WHEEL.exists(), reason=f"no {WHEEL.name} beside the recordings")


def folder_of_others(folder):
    for name in SHA256:
        (folder / name).write_bytes(b"another network")
    return folder


def wheel_of_others(folder):
    with zipfile.ZipFile(folder / "one.whl", "w") as wheel:
        for name in SHA256:
            wheel.writestr(f"{IN_WHEEL}/{name}", b"another network")
    return folder / "one.whl"


def wheel_without(folder):
    with zipfile.ZipFile(folder / "one.whl", "w") as wheel:
        wheel.writestr("openwakeword/__init__.py", "")
    return folder / "one.whl"


def an_empty_folder(folder):
    return folder


def nothing_there(folder):
    return folder / "none"


def no_wheel(folder):
    (folder / "one.whl").write_bytes(b"not a zip")
    return folder / "one.whl"


BOTH = "expected melspectrogram.onnx and embedding_model.onnx in .*, got"
BAD = {
    folder_of_others: "expected the melspectrogram.onnx of openwakeword 0.4.0 in .*, got another file; run",
    wheel_of_others: "expected the melspectrogram.onnx of openwakeword 0.4.0 in .*whl, got another file; run",
    wheel_without: f"{BOTH} There is no item .*; run pip",
    no_wheel: f"{BOTH} File is not a zip file; run pip",
    an_empty_folder: f"{BOTH} .*No such file.*; run pip",
    nothing_there: "expected the wheel of openwakeword 0.4.0, got nothing in .*none; run pip",
}


@pytest.mark.parametrize(("made", "sentence"), BAD.items(), ids=[made.__name__ for made in BAD])
def test_other_weights_are_refused_in_one_sentence_before_a_fit(made, sentence, tmp_path):
    path = str(made(tmp_path))
    recognisers = [EmbeddingCtc(path), build("embedding-svm", {"embedding__weights": path})]
    for recogniser in recognisers:
        with pytest.raises(ValueError, match=rf"SpeechEmbedding {sentence}") as error:
            check_settings(recogniser)
        assert "\n" not in str(error.value)


def test_without_the_extra_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"expected the package onnxruntime, got none; install"):
        SpeechEmbedding(str(folder_of_others(tmp_path))).check_settings()


@needs_weights
@pytest.mark.parametrize("samples", [1, 100, 3500, 8000])
def test_a_clip_of_any_length_has_an_embedding_every_hop(samples):
    clip = tone("clip", 300, 1.0)
    rows = SpeechEmbedding(str(WHEEL), 40).transform([clip.with_samples(clip.samples[:samples])])[0]
    assert rows.dtype == np.float32 and len(rows) >= 1
    assert abs(len(rows) - samples / 8000 / 0.04) <= 1.5


@needs_weights
def test_what_is_said_at_the_end_is_seen_there():
    clip = tone("clip", 300, 2.0)
    silent = clip.with_samples(np.where(np.arange(16000) < 12000, clip.samples, 0))
    whole, cut = SpeechEmbedding(str(WHEEL), 80).transform([clip, silent])
    differs = np.abs(whole - cut).max(axis=1) > 1
    assert not differs[:8].any() and differs[-6:].all()  # 760 ms around 1.5 s


@needs_weights
@pytest.mark.parametrize("name", ["embedding-svm", "embedding-ctc"])
def test_saved_it_answers_without_the_wheel(name, tmp_path):
    wheel = tmp_path / WHEEL.name
    wheel.write_bytes(WHEEL.read_bytes())
    settings = {"embedding__weights": str(wheel)} if name == "embedding-svm" else {"weights": str(wheel)}
    clips, texts = labelled(12)
    recogniser = build(name, settings | ({"steps": 4} if name == "embedding-ctc" else {})).fit(clips, texts)
    save(recogniser, tmp_path / "model")
    wheel.unlink()
    assert load(tmp_path / "model").predict(clips) == recogniser.predict(clips)
