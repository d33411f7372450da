"""Detectors that start from a network of speech recognition, and the study that trains it before."""

import shutil

import numpy as np
import pytest

from components.keywords.recipes import FROM_SOURCE
from components.neural.recogniser import CtcRecogniser
from components.study.saving import FILE, load, save
from components.subjects import check_study, find_subject

SIZE = {"channels": 8, "layers": 1, "kernel_size": 3}


@pytest.fixture(scope="module")
def source(wake_words, tmp_path_factory):
    """The folder of a tiny network that was trained on clips of other phrases."""
    clips = [clip for stream in wake_words.background[:2] for clip in stream.pieces][:6]
    trained = CtcRecogniser(**SIZE, steps=2, decoding="greedy", augmentation=())
    folder = tmp_path_factory.mktemp("source")
    save(trained.fit(clips, ["a b"] * len(clips)), folder)
    return folder


def fitted(name, wake_words, source, **settings):
    spotter = FROM_SOURCE[name].build()
    own = {"source": str(source / FILE), "steps": 3, "batch": 6, **settings}
    spotter.set_params(copies=2, **{f"detector__{knob}": value for knob, value in own.items()})
    rows = [row for row, part in enumerate(wake_words.parts) if part == "train"][:5]
    return spotter.fit(*wake_words.labelled(rows), wake_words.background[:4])


@pytest.fixture(scope="module", params=FROM_SOURCE)
def trained(request, wake_words, source):
    return fitted(request.param, wake_words, source)


def test_a_stream_in_pieces_has_the_scores_of_the_whole(trained, wake_words):
    stream = wake_words.examples[0]
    (whole,) = trained.predict([stream])
    listener, samples = trained.listen(), stream.samples
    parts = [listener.scores(piece) for piece in np.array_split(samples, 37)]
    np.testing.assert_allclose(np.concatenate(parts), whole.scores, atol=2e-3)


def test_it_says_what_it_took_and_frozen_means_frozen(trained, source):
    detector, before = trained.detector_, load(source).weights_
    taken = {name: w for name, w in detector.weights_.items() if name.startswith("rows.encoder.")}
    same = [np.array_equal(w, before[name.removeprefix("rows.")]) for name, w in taken.items()]
    assert detector.taken_ == len(taken) and detector.weights_["output.weight"].size == 8 * detector.span_
    if detector.method == "last-layer":
        assert all(same) and detector.trained_numbers_ == 8 * detector.span_ + 1
    else:
        assert not all(same) and detector.trained_numbers_ > 8 * detector.span_ + 1


def test_saved_and_loaded_it_hears_the_same_without_its_source(wake_words, source, tmp_path):
    shutil.copytree(source, tmp_path / "source")
    trained = fitted("mel-cnn-last-layer", wake_words, tmp_path / "source")
    save(trained, tmp_path / "saved")
    shutil.rmtree(tmp_path / "source")
    (before,), (after,) = (
        one.predict(wake_words.examples[:1]) for one in (trained, load(tmp_path / "saved"))
    )
    np.testing.assert_array_equal(after.scores, before.scores)


def test_a_source_at_another_sample_rate_is_refused(wake_words, source):
    with pytest.raises(ValueError, match="expected a source with rate_ 8000, got rate_ 16000"):
        fitted("mel-cnn-last-layer", wake_words, source, rate=8000)


def asked(recordings, **more):
    corpus = str(recordings / "wake_words")
    return check_study({"subject": "wake-words", "corpus": corpus, "keyword": "alexa", "workers": 1, **more})


def test_the_source_is_trained_on_by_a_study_of_speech_at_the_sample_rate_of_this_one(recordings, wake_words):
    subject = find_subject("wake-words")
    study = asked(recordings, source="fsdd", source_data=str(recordings))
    before = subject.pretraining(study, wake_words)
    assert (before.systems, before.corpus, before.rate, before.sizes) == (
        ["mel-ctc"],
        "fsdd",
        16000,
        ["all"],
    )
    assert set(FROM_SOURCE) < set(subject.recipes(study, wake_words))
    assert subject.pretraining(asked(recordings), wake_words) is None
    assert not set(FROM_SOURCE) & set(subject.recipes(asked(recordings), wake_words))


def test_recognisers_and_source_need_each_other(recordings, wake_words):
    subject = find_subject("wake-words")
    for more, expected in (
        ({"recognisers": ["mel-cnn-last-layer"]}, "add --source CORPUS"),
        ({"recognisers": ["mel-cnn"], "source": "strings"}, "expected a recogniser that starts from it"),
    ):
        with pytest.raises(ValueError, match=expected):
            subject.recipes(asked(recordings, **more), wake_words)


def test_a_source_that_holds_the_test_stops_the_study(recordings, wake_words):
    study = asked(recordings, source=str(recordings / "wake_words"))
    subject = find_subject("wake-words")
    check = subject.check(study, wake_words)
    stops = [result for result in check.results if result.name == "source-holds-test"]
    assert stops and stops[0].verdict == "stop" and "source" in check.facts
    without = subject.check(asked(recordings), wake_words)
    assert not [result for result in without.results if "source" in result.name]
