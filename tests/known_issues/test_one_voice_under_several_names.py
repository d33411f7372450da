"""One voice stood in training and test, under several names, and nothing said so.

- george_0 ... george_4, george-20200101, "george s1", spk1_sessA, SPK001-mic1 and en_george_0012 were a
  speaker each.
- So were müller and mueller, José and Jose, "Muller, Anna" and "Anna Müller", O'Brien and OBrien; and days
  in the place of speakers, and "george; theo" beside "theo".
"""

import csv

import pytest
import soundfile

from tests.cases.cases import look, message, read, speakers, verdicts
from tests.fsdd import SPEAKERS
from tests.fsdd import folder as digits_folder

WORDS = {1: "one", 2: "two", 6: "six"}
RATE = 8000
SESSIONS = {
    "number": lambda who, take: f"{who}_{take}",
    "date": lambda who, take: f"{who}-2020010{1 + take}",
    "short": lambda who, take: f"{who} s{take}",
    "session": lambda who, take: f"spk{SPEAKERS.index(who)}_sess{'ABCD'[take]}",
    "device": lambda who, take: f"SPK00{SPEAKERS.index(who)}-mic{min(take, 1)}",
    "recording": lambda who, take: f"en_{who}_{take:04d}",
    "chapter": lambda who, take: f"{1000 + SPEAKERS.index(who)}-{5000 + take}",
}
PEOPLE = {
    "number": lambda who, _: f"spk_{SPEAKERS.index(who)}",
    "sex": lambda who, _: f"{'FM'[SPEAKERS.index(who) % 2]}0{SPEAKERS.index(who) // 2}",
}


@pytest.fixture
def corpus(tmp_path, recordings):
    """A function of speaker and take that names the speaker -> a table of 54 clips by six people."""
    folder = tmp_path / "data"
    folder.mkdir()

    def made(named):
        rows = []
        for digit, word in WORDS.items():
            for who in SPEAKERS:
                for take, number in enumerate((0, 5, 6)):
                    samples, _ = soundfile.read(digits_folder(recordings) / f"{digit}_{who}_{number}.flac")
                    soundfile.write(folder / f"{word}_{who}_{take}.wav", samples, RATE)
                    rows.append((f"{word}_{who}_{take}.wav", word, named(who, take)))
        with (folder / "m.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("path", "text", "speaker"), *rows])
        return folder / "m.csv"

    return made


@pytest.mark.parametrize("kind", SESSIONS)
def test_sessions_of_a_person_are_on_one_side(corpus, kind):
    found = read(corpus(SESSIONS[kind]))
    assert len(set(speakers(found))) == 6 and verdicts(found) == {"speaker-sessions": "look"}
    assert " are 6 names with a session, date or number." in message(found, "speaker-sessions")
    assert (
        look(found)
        .facts["split"]
        .endswith("36 utterances by 4 speakers train, 18 utterances by 2 speakers test")
    )


@pytest.mark.parametrize("kind", PEOPLE)
def test_numbered_people_stay_who_they_are(corpus, kind):
    found = read(corpus(PEOPLE[kind]))
    assert len(set(speakers(found))) == 6 and verdicts(found) == {}


def test_the_user_says_who_is_who(corpus):
    table = corpus(SESSIONS["number"])
    assert len(set(speakers(read(table, speaker_pattern="(.+)")))) == 18
    assert set(speakers(read(table, speaker_pattern="(.+)_"))) == set(SPEAKERS)
    with pytest.raises(ValueError, match="which 'george_0' does not"):
        read(table, speaker_pattern="(.+)-")


def test_spellings_of_a_name_are_one_speaker(corpus):
    forms = {
        "george": ("Müller, Anna", "Anna Müller", "anna mueller"),
        "theo": ("José", "Jose", "Ｊｏｓｅ"),
        "lucas": ("O’Brien", "OBrien", "o brien"),
    }
    found = read(corpus(lambda who, take: forms.get(who, (who,) * 3)[take]))
    assert len(set(speakers(found))) == 6 and verdicts(found) == {"speaker-spellings": "look"}


def test_numbers_behind_two_names_are_told(corpus):
    two = read(corpus(lambda who, take: f"{who if who == 'theo' else 'anna'}_{take}"))
    assert verdicts(two)["speaker-sessions"] == "look"
    assert "take --speaker-pattern '(.+)_'" in message(two, "speaker-sessions")


def test_names_of_days_stop(corpus):
    days = read(corpus(lambda _, take: f"2020-01-0{1 + take}"))
    assert verdicts(days)["speaker-sessions"] == "stop"


def test_names_of_several_people_stop(corpus):
    pairs = read(corpus(lambda who, take: who if take else f"{who}; {SPEAKERS[SPEAKERS.index(who) - 1]}"))
    assert verdicts(pairs) == {"speakers-together": "stop"}
