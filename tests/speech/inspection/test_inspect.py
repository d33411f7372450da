"""Inspections of both families on recordings: one time axis, n-best lists and confidences."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from components.neural import mel_ctc
from components.neural.decoding.word_times import greedy_words
from components.neural.tokenizer import Tokenizer
from components.speech.augmentation.augmented import Augmented
from components.speech.inspection import inspect_recogniser
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_svm
from tests.fsdd import SPEAKERS, digits, in_random_pairs


def six_digits(recordings, takes, speakers=("george", "lucas")):
    """The digits zero to five."""
    return digits(recordings, takes, speakers, range(6))


@pytest.fixture(scope="module")
def held_out(recordings):
    return in_random_pairs(*six_digits(recordings, [0]))[0]


@pytest.fixture(scope="module")
def modular(recordings):
    return (
        mfcc_gmm_hmm()
        .set_params(words__acoustic_scale=0.1, words__word_cost=0.0)
        .fit(*in_random_pairs(*six_digits(recordings, [5, 6], SPEAKERS)))
    )


def test_a_recogniser_trained_with_augmentation_is_inspected_as_well(modular, held_out):
    wrapped = Augmented(modular)
    wrapped.recogniser_ = modular
    assert inspect_recogniser(wrapped, held_out[0]).words == inspect_recogniser(modular, held_out[0]).words


def test_the_n_best_list_begins_with_the_transcript_and_costs_rise(modular, held_out):
    for clip in held_out[:6]:
        frames = modular[:-1].transform([clip])[0]
        best = modular[-1].n_best(frames, 5)
        assert best[0].text == modular.predict([clip])[0] == " ".join(modular[-1].decode(frames).words)
        assert [one.cost for one in best] == sorted(one.cost for one in best)
        assert 2 <= len({one.text for one in best}) == len(best) <= 5


def test_confidences_are_in_0_to_1_and_lower_for_noisy_speech(modular, held_out):
    rng = np.random.default_rng(0)
    confidences = {"clear": [], "noisy": []}
    for clip in held_out[:5]:
        noise = clip.samples.std() * rng.standard_normal(len(clip.samples)).astype(np.float32)
        for kind, one in (("clear", clip), ("noisy", replace(clip, samples=clip.samples + noise))):
            confidences[kind] += [word.confidence for word in inspect_recogniser(modular, one).words]
    assert all(0 <= value <= 1 for values in confidences.values() for value in values)
    assert np.mean(confidences["clear"]) > np.mean(confidences["noisy"]) + 0.03


def test_states_phones_and_words_share_the_clip_s_time(modular, held_out):
    clip = held_out[0]
    inspection = inspect_recogniser(modular, clip, n=3)
    states = inspection.posteriors
    assert len(states.values) == len(states.path) == len(inspection.features.values)
    assert inspection.features.title == "MFCC" and len(inspection.best) == 3
    assert states.values.min() >= 0 and states.values.sum(1).max() <= 1 + 1e-5
    labels = {row: band.label for band in states.bands for row in range(band.first, band.last)}
    for phone, begin, end in inspection.phones:
        taken = states.path[round(begin / states.hop) : round(end / states.hop)].tolist()
        assert {labels[row] for row in taken} == {phone}
    assert " ".join(word.text for word in inspection.words) == inspection.transcript == inspection.best[0][0]
    assert all(0 <= word.begin < word.end <= clip.seconds + 0.01 for word in inspection.words)


def test_a_clip_too_short_for_any_word_shows_its_states_and_no_words(modular, held_out):
    inspection = inspect_recogniser(modular, replace(held_out[0], samples=held_out[0].samples[:300]))
    assert (inspection.transcript, inspection.words) == ("", [])
    assert {phone for phone, *_ in inspection.phones} <= {"sil"} and inspection.posteriors.values.shape[1] > 0


def test_a_whole_word_recogniser_shows_features_and_answer(recordings):
    clips, texts = six_digits(recordings, [5, 6])
    fitted = mfcc_svm().fit(clips, texts)
    inspection = inspect_recogniser(fitted, clips[0])
    assert inspection.transcript == fitted.predict(clips[:1])[0]
    assert (
        inspection.features.values.shape[1] == 13 and inspection.posteriors is None and not inspection.words
    )


@pytest.fixture(scope="module")
def neural(recordings):
    pairs, texts = in_random_pairs(*six_digits(recordings, [5, 6]))
    return mel_ctc().set_params(steps=60, channels=32, decoding="graph", device="cpu").fit(
        pairs, texts
    ), pairs


@pytest.mark.parametrize("decoding", ["graph", "beam", "greedy"])
def test_an_end_to_end_recogniser_shows_characters_and_timed_words(neural, monkeypatch, decoding):
    fitted, pairs = neural
    monkeypatch.setattr(fitted, "decoding_", decoding)
    inspection = inspect_recogniser(fitted, pairs[0])
    assert (
        " ".join(word.text for word in inspection.words)
        == inspection.transcript
        == fitted.predict(pairs[:1])[0]
    )
    assert inspection.posteriors.bands[-1].label == "blank"
    assert len(inspection.posteriors.values) * 0.02 == pytest.approx(pairs[0].seconds, abs=0.05)
    assert len(inspection.features.values) * 0.01 == pytest.approx(pairs[0].seconds, abs=0.02)
    assert all(0 <= word.confidence <= 1 for word in inspection.words)
    assert [text for text, _ in inspection.best][:1] == (
        [] if decoding == "greedy" else [inspection.transcript]
    )


def test_greedy_words_begin_and_end_with_their_characters():
    rows = ["", "a", "a", "", "b", " ", "", "c"]
    spelling = Tokenizer().fit(["ab c"])
    alphabet = spelling.tokens_
    confidences = np.full((8, 5), 0.05)
    confidences[np.arange(8), [alphabet.index(row) + 1 if row else 0 for row in rows]] = 0.8
    words, votes = greedy_words(np.log(confidences), spelling)
    assert words == [("ab", 1, 5), ("c", 7, 8)]
    assert votes.posteriors().tolist() == pytest.approx([0.8, 0.8])


def test_greedy_words_of_a_network_of_words_are_its_tokens():
    rows = ["", "a", "a", "", "b", "c", "c"]
    spelling = Tokenizer("words").fit(["a b", "c"])
    confidences = np.full((7, 4), 0.1)
    confidences[np.arange(7), [spelling.tokens_.index(row) + 1 if row else 0 for row in rows]] = 0.7
    words, votes = greedy_words(np.log(confidences), spelling)
    assert words == [("a", 1, 3), ("b", 4, 5), ("c", 5, 7)]
    assert votes.posteriors().tolist() == pytest.approx([0.7, 0.7, 0.7])


def test_another_kind_of_recogniser_is_refused(held_out):
    class Parrot(BaseEstimator):
        pass

    with pytest.raises(ValueError) as error:
        inspect_recogniser(Parrot(), held_out[0])
    assert str(error.value) == (
        "inspection expected a Pipeline or a recogniser with a method inspect, got Parrot; use predict to "
        "get its transcript."
    )
