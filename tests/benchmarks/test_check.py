"""What the look at the data costs beside reading and preparing them.

    CROSSOVER_DATA=... python -m pytest -m benchmark -s tests/benchmarks/test_check.py

Seconds of the processor, one thread, imports done and CMUdict read: a study needs them all the same. Bars:
the look takes at most 5 % of what reading and preparing take without it, and so does what is measured of the
sound on the way; 100,000 clips, once prepared, are looked at in under 2 minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pytest
from rich import print as show
from threadpoolctl import threadpool_limits

from components.speech.check import check_corpus
from components.speech.check.heard import sound_checks
from components.speech.corpus import read_corpus, sound_facts
from components.speech.corpus.manifest import Entry, Manifest
from components.speech.corpus.prepared import prepare
from components.speech.dataset import speech_dataset
from components.speech.lexicon import pronounce
from components.speech.study import SpeechStudy
from tests.fsdd import SPEAKERS, paths_of, read

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
WANTED_SHARE, WANTED_SECONDS = 0.05, 120
CLIPS = 100_000
SPEEDS = np.geomspace(0.7, 1.4, 34)  # 2 % apart: 204 voices


@pytest.fixture(scope="module", autouse=True)
def ready(recordings, tmp_path_factory):
    """Everything imported, and one thread."""
    few = read_corpus("fsdd", data=recordings, cache=tmp_path_factory.mktemp("few"))
    sound_checks(few, few.parts)
    pronounce(["one"])
    with threadpool_limits(1):
        yield


@pytest.fixture
def measuring(monkeypatch):
    """Seconds of measuring the sound, call by call."""
    seconds, measure_all = [], sound_facts.measure_all

    def timed(waveforms, rates):
        started = time.process_time()
        sounds = measure_all(waveforms, rates)
        seconds.append(time.process_time() - started)
        return sounds

    monkeypatch.setattr(sound_facts, "measure_all", timed)
    return seconds


def look_seconds(corpus) -> float:
    """A corpus that nobody has looked at -> seconds of a first look."""
    study, dataset = SpeechStudy(corpus=corpus.name), speech_dataset(corpus)
    started = time.process_time()
    check = check_corpus(study, dataset)
    seconds = time.process_time() - started
    show(*(f"{result.verdict} {result.name}" for result in check.results), sep="; ")
    return seconds


@pytest.mark.parametrize("name", ["fsdd", "speech-commands"])
def test_the_look_is_a_small_share_of_reading_and_preparing(name, all_recordings, tmp_path, measuring):
    started = time.process_time()
    corpus = read_corpus(name, data=all_recordings, cache=tmp_path)
    facts = sum(measuring)
    reading = time.process_time() - started - facts
    look = look_seconds(corpus)
    shares = [f"{seconds:.2f} s, {100 * seconds / reading:.1f} %" for seconds in (facts, look)]
    show(f"{name}, {len(corpus):,} clips: read and prepared in {reading:.1f} s")
    show(f"sound measured in {shares[0]}; looked at in {shares[1]}")
    assert look <= WANTED_SHARE * reading and facts <= WANTED_SHARE * reading


@dataclass(frozen=True)
class AtSpeed:
    """An AudioSource: samples at 8 kHz, said at another speed and in another voice."""

    samples: np.ndarray
    speed: float

    def read(self, max_seconds):
        places = np.arange(0, len(self.samples) - 1, self.speed)
        return np.interp(places, np.arange(len(self.samples)), self.samples).astype(np.float32), 8000

    def key(self):
        return f"{self.speed}"

    def rate(self):
        return 8000


def test_100000_clips_are_looked_at_in_2_minutes(all_recordings, tmp_path):
    clips, texts = read(paths_of(all_recordings))
    rows = [(speed, row) for speed in range(len(SPEEDS)) for row in range(len(clips))][:CLIPS]
    entries = [
        Entry(
            f"{clips[row].name}-{speed}",
            f"{clips[row].speaker}-{speed}",
            texts[row],
            "test" if clips[row].speaker == SPEAKERS[speed % len(SPEAKERS)] else "train",
            AtSpeed(clips[row].samples, float(SPEEDS[speed])),
        )
        for speed, row in rows
    ]
    corpus = prepare("many", Manifest("Many", "", "en-us", 8000, entries), tmp_path, workers=2)
    seconds = look_seconds(corpus)
    show(f"{len(corpus):,} clips looked at in {seconds:.0f} s")
    assert len(corpus) > 0.99 * CLIPS and seconds < WANTED_SECONDS
