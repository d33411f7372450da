"""eSpeak NG through its one door."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from components.speech import espeak


def test_text_becomes_speech_of_a_sensible_length_and_level():
    samples, rate = espeak.synthesise("call ben at seven thirty")
    assert rate == 22050 and samples.dtype == np.float32 and samples.ndim == 1
    assert 1.0 < len(samples) / rate < 3.0 and 0.05 < np.abs(samples).max() <= 1.0


@pytest.mark.parametrize("variant", ["", "f3", "klatt2", "whisper"])
def test_what_was_said_before_does_not_matter(variant):
    first, _ = espeak.synthesise("seven", variant=variant)
    espeak.synthesise("something else", "en-gb", variant="klatt3", pitch=80)
    espeak.phonemes(["something"], "de")
    again, _ = espeak.synthesise("seven", variant=variant)
    assert np.array_equal(first, again)


def test_a_forkserver_child_says_the_same():
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as pool:
        child, _ = pool.submit(espeak.synthesise, "seven", "en-us").result()
    assert np.array_equal(child, espeak.synthesise("seven", "en-us")[0])


def test_voice_pitch_rate_and_seed_are_heard():
    plain, _ = espeak.synthesise("seven four")
    for change in (
        {"variant": "f3"},
        {"pitch": 80},
        {"words_per_minute": 120},
        {"pitch_range": 5},
    ):
        other, _ = espeak.synthesise("seven four", **change)
        assert not np.array_equal(plain, other), change
    breathy, otherwise = (espeak.synthesise("seven", variant="whisper", seed=seed)[0] for seed in (1, 2))
    assert not np.array_equal(breathy, otherwise)
    slow, _ = espeak.synthesise("seven four", words_per_minute=100)
    assert len(slow) > 1.3 * len(plain)


def test_words_become_phones_without_stress_marks():
    assert espeak.phonemes(["seven", "choice", "..."]) == [["s", "ɛ", "v", "ə", "n"], ["tʃ", "ɔɪ", "s"], []]
    assert espeak.phonemes(["caf\u00e9"], "fr-fr") == [["k", "a", "f", "e"]]
    assert espeak.phonemes(["one, two"]) == [["w", "ʌ", "n", "t", "uː"]]


def test_every_language_has_phones_for_some_word():
    assert len(espeak.languages()) > 120
    assert espeak.languages()["en-us"] == "English (America)"
    for language in ("de", "fr-fr", "ru", "cmn", "hi", "sw"):
        assert espeak.phonemes(["taxi"], language)[0]


def test_unknown_names_get_the_nearest_known_one():
    with pytest.raises(ValueError) as error:
        espeak.phonemes(["a"], "en-uz")
    assert str(error.value) == "eSpeak NG does not speak the language 'en-uz'; did you mean 'en-us'?"
    with pytest.raises(ValueError) as error:
        espeak.synthesise("a", variant="klat")
    assert str(error.value) == "eSpeak NG does not have the voice variant 'klat'; did you mean 'klatt'?"


def test_silence_is_refused():
    with pytest.raises(ValueError) as error:
        espeak.synthesise(" ...")
    assert str(error.value) == "eSpeak NG says nothing for the text ' ...' in 'en-us'; give it a word to say."
