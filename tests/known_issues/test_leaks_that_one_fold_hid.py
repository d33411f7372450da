"""What leaks from training into the test, and was not said.

- With --split leave-one-speaker-out only the first fold was looked at: a speaker whose recordings were
  another's, softer, was told only if the first fold tested one of the two.
- Of a test whose speakers are not named, beside a training side whose speakers are, nothing was said.
"""

import csv

import pytest
import soundfile

from components.speech.check import check_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy
from tests.cases.cases import message, read, verdicts
from tests.fsdd import SPEAKERS
from tests.fsdd import folder as digits_folder

WORDS = {1: "one", 2: "two", 6: "six"}
RATE = 8000


@pytest.fixture
def rows(tmp_path, recordings):
    """Path, word, speaker and take of 54 clips, and of those of the last speaker again, at half the level."""
    folder, listed = tmp_path / "data", []
    folder.mkdir()
    for digit, word in WORDS.items():
        for who in [*SPEAKERS, "zoe"]:
            for take in (0, 5, 6):
                of = SPEAKERS[-1] if who == "zoe" else who
                samples, _ = soundfile.read(digits_folder(recordings) / f"{digit}_{of}_{take}.flac")
                soundfile.write(folder / f"{word}_{who}_{take}.wav", samples / (1 + (who == "zoe")), RATE)
                listed.append((f"{word}_{who}_{take}.wav", word, who, take))
    return listed


def table(tmp_path, header, rows):
    with (tmp_path / "data" / "m.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return read(tmp_path / "data" / "m.csv")


def test_a_speaker_whose_recordings_are_anothers_stops_every_split(tmp_path, rows):
    corpus = table(tmp_path, ("path", "text", "speaker"), [row[:3] for row in rows])
    study = SpeechStudy(corpus=corpus.name, split="leave-one-speaker-out")
    found = {result.name: result for result in check_corpus(study, speech_dataset(corpus)).results}
    assert found["same-sound"].verdict == "stop"
    assert found["same-sound"].message.startswith("18 of 63 test clips (29 %) are nearly the same recording")


def test_a_test_by_nobody_knows_whom_is_told(tmp_path, rows):
    some = [
        (path, text, who if take else "", "train" if take else "test") for path, text, who, take in rows[:54]
    ]
    corpus = table(tmp_path, ("path", "text", "speaker", "split"), some)
    assert verdicts(corpus)["speakers-not-known"] == "look"
    assert "18 of 18 tested utterances name no speaker" in message(corpus, "speakers-not-known")
