"""What the look at the data costs beside reading and preparing them.

    CROSSOVER_DATA=... python -m pytest -m benchmark -s tests/benchmarks/test_check.py

Seconds of the processor, one thread, imports done and CMUdict read: a study needs them all the same. Bars:
the look takes at most 5 % of what reading and preparing take without it, and so does what is measured of the
sound on the way; 100,000 clips, once prepared, are looked at in under 2 minutes.
"""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from rich import print as show
from threadpoolctl import threadpool_limits

from components.speech.check import check_corpus
from components.speech.check.sound_checks import sound_checks
from components.speech.corpus import open_corpus, read_corpus, sound_facts
from components.speech.corpus.corpus import PRINTS, SAMPLES, SOUND, TABLE
from components.speech.corpus.prepared import COLUMNS
from components.speech.dataset import speech_dataset
from components.speech.lexicon import pronounce
from components.speech.study import SpeechStudy

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
WANTED_SHARE, WANTED_SECONDS = 0.05, 120
CLIPS = 100_000


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


def many(corpus, folder):
    """A prepared corpus -> one of CLIPS: its recordings under many names and voices, their prints altered."""
    rows, rng = np.arange(CLIPS) % len(corpus), np.random.default_rng(0)
    copies = np.arange(CLIPS) // len(corpus)
    table = json.loads((corpus.folder / TABLE).read_text())
    for column in COLUMNS:
        table[column] = table[column] and [table[column][row] for row in rows]
    for column in ("names", "speakers"):
        table[column] = [f"{value}-{copy}" for value, copy in zip(table[column], copies, strict=True)]
    prints = corpus.sound_prints[rows] + rng.normal(0, 0.01, (CLIPS, corpus.sound_prints.shape[1]))
    np.save(folder / PRINTS, (prints / np.linalg.norm(prints, axis=1, keepdims=True)).astype(np.float16))
    np.save(folder / SOUND, corpus.sound[rows])
    (folder / TABLE).write_text(json.dumps(table))
    (folder / SAMPLES).symlink_to(corpus.folder / SAMPLES)
    return open_corpus(folder)


def test_100000_clips_are_looked_at_in_2_minutes(all_recordings, tmp_path):
    corpus = many(read_corpus("fsdd", data=all_recordings, cache=tmp_path / "cache"), tmp_path)
    seconds = look_seconds(corpus)
    show(f"{len(corpus):,} clips looked at in {seconds:.0f} s")
    assert len(corpus) == CLIPS and seconds < WANTED_SECONDS
