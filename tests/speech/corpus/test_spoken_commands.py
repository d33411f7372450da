"""The embedded default corpus: synthetic, and the same wherever and however it is made."""

import multiprocessing

import numpy as np
import pytest

from components.speech.augmentation.noise import coloured_noise, mix_noise
from components.speech.augmentation.reverb import convolve_room
from components.speech.corpus import read_corpus, spoken_commands
from components.speech.corpus.corpus import SAMPLES
from components.speech.corpus.spoken_commands_grammar import utterance, vocabulary


@pytest.fixture
def small(monkeypatch):
    """96 utterances: enough for three chunks, one a worker."""
    monkeypatch.setattr(spoken_commands, "TRAIN", 72)
    monkeypatch.setattr(spoken_commands, "TEST", 24)


def test_it_is_byte_identical_whatever_the_number_of_workers(small, tmp_path):
    alone = read_corpus("spoken-commands", cache=tmp_path / "alone")
    crowd = read_corpus("spoken-commands", cache=tmp_path / "crowd", workers=3)
    assert (alone.folder / SAMPLES).read_bytes() == (crowd.folder / SAMPLES).read_bytes()
    assert alone.fingerprint == crowd.fingerprint and not alone.set_aside
    assert not multiprocessing.active_children()
    other = read_corpus("spoken-commands", cache=tmp_path / "other", seed=1)
    assert other.fingerprint != alone.fingerprint and other.texts != alone.texts


def test_speakers_are_many_and_the_test_ones_are_new(tmp_path):
    entries = spoken_commands.build_manifest("", data=None, cache=tmp_path).entries
    sides = {part: {entry.speaker for entry in entries if entry.part == part} for part in ("train", "test")}
    assert not sides["train"] & sides["test"] and len(sides["train"]) == 52 and len(sides["test"]) == 18
    voices = {part: {name.split("-")[0] for name in names} for part, names in sides.items()}
    assert not voices["train"] & voices["test"]
    assert [sum(entry.part == part for entry in entries) for part in ("train", "test")] == [2000, 300]


def test_clips_tell_their_conditions_and_reports_that_it_is_synthetic(small, tmp_path):
    corpus = read_corpus("spoken-commands", cache=tmp_path)
    assert corpus.synthetic and corpus.notice.startswith(
        "SYNTHETIC SPEECH: every utterance was made by eSpeak NG"
    )
    assert corpus.rate == 8000 and corpus.language == "en-us"
    assert {clip.tags["accent"] for clip in corpus.clips} > {"en-us", "en-gb"}
    rooms = [clip.tags["room"] for clip in corpus.clips]
    assert "none" in rooms and any(room.endswith(" s") for room in rooms)
    assert {clip.tags["noise"].split()[0] for clip in corpus.clips} == {"white", "pink", "brown"}
    assert all(0.3 < clip.seconds < 8 and np.abs(clip.samples).max() <= 1.1 for clip in corpus.clips)
    for text, phones in zip(corpus.texts, corpus.phonemes, strict=True):
        assert 1 <= len(text.split()) <= 8 and len(phones.split()) >= len(text.split())


def test_the_grammar_says_60_to_100_words_and_all_of_them():
    rng = np.random.default_rng(0)
    utterances = [utterance(rng) for _ in range(5000)]
    assert {word for text in utterances for word in text.split()} == set(vocabulary())
    assert 60 <= len(vocabulary()) <= 100
    assert {len(text.split()) for text in utterances} == set(range(1, 9))


def test_noise_has_the_level_and_colour_asked_for():
    rng = np.random.default_rng(0)
    tone = np.sin(np.arange(16000) / 5)
    noise = mix_noise(tone, 10.0, 1.0, rng) - tone
    assert 10 * np.log10(np.mean(tone**2) / np.mean(noise**2)) == pytest.approx(10, abs=1e-6)
    low_share = [
        (np.abs(np.fft.rfft(coloured_noise(16001, slope, rng))) ** 2)[:800].mean()
        for slope in (0.0, 1.0, 2.0)
    ]
    assert low_share[0] < low_share[1] < low_share[2]


def test_a_room_adds_a_tail_that_falls_by_60_db_in_its_decay_time():
    click = np.zeros(16000)
    click[0] = 1.0
    reverberant = convolve_room(click, 16000, 0.5, 0.5, np.random.default_rng(0))
    early, late = (np.sqrt(np.mean(reverberant[start : start + 800] ** 2)) for start in (800, 7200))
    assert 20 * np.log10(early / late) == pytest.approx(60 * 0.4 / 0.5, abs=3)
    assert len(reverberant) == len(click) and np.sum(reverberant[1:] ** 2) == pytest.approx(0.5, rel=0.01)
