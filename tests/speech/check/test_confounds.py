"""Texts that fall together with rooms, levels or speakers are told, and those of a clean corpus are not."""

import numpy as np
import pytest

from components.speech.check.confounds import confound_checks, nuisances
from components.speech.corpus.sound_facts import FACTS, FIELDS
from tests.speech.check.altered import all_clips, measured, with_noise


@pytest.fixture(scope="module")
def corpus(all_recordings):
    clips, texts = all_clips(all_recordings, "*_[0-2][0-9]")
    return clips, texts, [clip.speaker for clip in clips]


def test_nothing_is_said_of_clean_digits(corpus):
    clips, texts, speakers = corpus
    assert confound_checks(measured(clips).facts, texts, speakers) == []


@pytest.mark.parametrize("db", [-30, -40, -50])
def test_a_noisy_room_for_half_of_the_words_is_told(corpus, db):
    clips, texts, speakers = corpus
    noisy = [text in ("zero", "two", "four", "six", "eight") for text in texts]
    facts = measured(with_noise(clips, noisy, db, np.random.default_rng(0))).facts
    (result,) = confound_checks(facts, texts, speakers)
    assert (result.name, result.verdict) == ("answers-without-words", "look")
    assert "(the commonest is 11 %)" in result.message and result.examples[0].startswith("noise floor of ")


def test_two_words_of_two_rooms_stop_a_study(corpus):
    clips, texts, speakers = corpus
    rows = [row for row, text in enumerate(texts) if text in ("one", "six")]
    some, words = [clips[row] for row in rows], [texts[row] for row in rows]
    who = [speakers[row] for row in rows]
    assert confound_checks(measured(some).facts, words, who) == []
    noisy = with_noise(some, [word == "one" for word in words], -25, np.random.default_rng(0))
    (result,) = confound_checks(measured(noisy).facts, words, who)
    assert (result.name, result.verdict) == ("answers-without-words", "stop")


def test_noise_in_a_room_of_every_word_is_no_confound(corpus):
    clips, texts, speakers = corpus
    noisy = np.random.default_rng(1).random(len(clips)) < 0.5
    facts = measured(with_noise(clips, noisy, -40, np.random.default_rng(0))).facts
    assert confound_checks(facts, texts, speakers) == []


def test_sentences_and_small_corpora_are_left_alone():
    facts = np.zeros((300, FACTS), np.float32)
    assert confound_checks(facts, [f"sentence {row}" for row in range(300)], ["ann"] * 300) == []
    assert confound_checks(facts[:50], ["one", "two"] * 25, ["ann"] * 50) == []


def test_words_that_tell_the_speaker_are_told():
    rng = np.random.default_rng(0)
    facts = rng.uniform(1, 2, (400, FACTS)).astype(np.float32)
    texts = [str(row % 4) for row in range(400)]
    own, mixed = [f"s{row % 8}" for row in range(400)], [f"s{row // 50}" for row in range(400)]
    (result,) = confound_checks(facts, texts, own)
    assert (result.name, result.verdict) == ("texts-by-speaker", "look")
    assert "Who speaks tells 100 % of the texts, where the commonest text alone is 25 %" in result.message
    assert confound_checks(facts, texts, mixed) == [] and confound_checks(facts, texts, [""] * 400) == []


def test_neither_durations_nor_spectra_of_speech_count():
    facts = np.ones((3, FACTS), np.float32)
    for field in FIELDS:
        if field.startswith("spectrum") or field in (
            "seconds",
            "rms_db",
            "peak",
            "leading",
            "trailing",
        ):
            facts[:, FIELDS.index(field)] = [1, 2, 3]
    assert (nuisances(facts) == nuisances(facts)[0]).all()
