"""Labels that are no words, or not those that are said: dropped, joined or learned from in vain, unsaid.

- The classes A and a, or C, C++ and C#, became one class each.
- A class called 👍 was set aside for having "no text", and a corpus of emojis was "all numbers".
- "-5" was five and "1/2" one two, without a word of the sign.
- All recordings with one text were compared, with no error to make; one text of most was not told.
- Names of classes longer than their recordings (turn_on_the_light for a word, w01 as "double u zero one"):
  both families leave out recordings too short for their texts, and erred in nine of ten.
"""

import pytest
import soundfile

from components.speech.corpus.numbers import write_out
from components.speech.corpus.symbols import symbol_check
from components.speech.corpus.transcripts import write_alike
from tests.cases.cases import read, reasons, verdicts
from tests.fsdd import DIGITS, SPEAKERS, digits


@pytest.fixture
def labelled(recordings, tmp_path):
    """Digit as a word -> label, of fifty recordings; gives their corpus."""
    clips, texts = digits(recordings, (0,), SPEAKERS[:5])

    def corpus(label):
        folder = tmp_path / "data"
        folder.mkdir()
        rows = ["path,text,speaker"]
        for clip, text in zip(clips, texts, strict=True):
            soundfile.write(folder / f"{clip.name}.wav", clip.samples, clip.rate)
            rows.append(f"{clip.name}.wav,{label(text)},{clip.speaker}")
        (folder / "m.csv").write_text("\n".join(rows), encoding="utf-8")
        return read(folder / "m.csv")

    return corpus


def alike(*written):
    return [check.examples for check in write_alike(written, "en-us").checks if check.name == "written-alike"]


def test_classes_that_differ_in_capitals_or_symbols_alone_are_told():
    assert alike("A", "a", "B", "b") == [("A = a", "B = b")]
    assert alike("C", "C++", "C#", "D") == [("C = C++ = C#",)]


def test_another_way_to_write_a_few_of_the_texts_is_nothing_to_tell():
    assert (
        alike(*["go left"] * 20, "Go left.") == alike("on", "off ", "on", "off") == alike("5", "five") == []
    )


def test_signs_and_fractions_are_symbols_that_are_said():
    assert symbol_check(["-5", "1/2"])[0].message.startswith(
        "2 of 2 transcripts hold symbols that are said (- /)"
    )
    assert symbol_check(["8-6-9", "twenty-one", "km/h", "a - b"]) == []


def test_a_text_without_a_word_is_quoted(labelled):
    corpus = labelled(lambda word: "👍" if word == "two" else word)
    assert set(reasons(corpus).values()) == {"no word in its text: '👍'"} and len(corpus.set_aside) == 5
    assert write_out(["👍", "1️⃣", "2️⃣"], "en-us")[1][0].message.startswith("All 2 transcripts are numbers")


def test_one_text_for_all_stops(labelled):
    assert verdicts(labelled(lambda word: "yes"))["commonest-text"] == "stop"


def test_one_text_for_most_is_told(labelled):
    corpus = labelled(lambda word: word if word in ("two", "six") else "other")
    assert verdicts(corpus)["commonest-text"] == "look"


@pytest.mark.parametrize(
    "label",
    [
        lambda word: f"turn on the light in room {word}",
        lambda word: f"w{sorted(DIGITS).index(word):02d}",
    ],
    ids=["a sentence", "a code"],
)
def test_texts_longer_than_their_sound_are_told(labelled, label):
    assert verdicts(labelled(label))["text-too-long"] == "look"


def test_words_that_are_said_are_not_too_long(labelled):
    found = verdicts(labelled(lambda word: word))
    assert not {"text-too-long", "commonest-text"} & found.keys()
