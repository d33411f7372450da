"""The line that repeats a study wrote settings as Python does: None, True and lists came back as text."""

import shlex

import pytest

from components.speech.study import SpeechStudy as Study
from components.study.repeat import repeat_command
from flows.options import _set, asked_study

KNOBS = [None, True, 3, 0.5, "wide", "it's $HOME", [1, 2], {"a": "b c"}]


@pytest.mark.parametrize("value", KNOBS)
def test_the_line_that_repeats_a_study_sets_the_same_value(value):
    line = repeat_command(Study(corpus="fsdd", settings={"mel-ctc": {"knob": value}}))
    words, again = shlex.split(line), {}
    _set(again, words[words.index("--set") + 1])
    assert again == {"mel-ctc": {"knob": value}}


def test_a_name_with_quotes_and_dollars_survives_the_shell():
    name = """Ann's "$HOME" & `more`"""
    words = shlex.split(repeat_command(Study(name=name)))
    assert words[words.index("--name") + 1] == name


@pytest.mark.parametrize(("audio", "flag"), [(False, "--no-audio"), (True, "")])
def test_a_switch_is_repeated_as_its_flag(audio, flag):
    assert (
        repeat_command(Study(corpus="fsdd", audio=audio)) == f"crossover compare --corpus fsdd {flag}".strip()
    )


def test_each_source_is_repeated_whole_whatever_commas_it_has():
    sources = ["speech-commands:zero,one", "spoken-commands"]
    words = shlex.split(repeat_command(Study(corpus="fsdd", source=sources)))
    given = [words[place + 1] for place, word in enumerate(words) if word == "--source"]
    assert given == sources and asked_study(None, {"source": given}).source == sources
    assert Study(source="fsdd").source == ["fsdd"] and not Study(source="").source


def test_a_switch_of_two_words_is_repeated_as_it_is_typed():
    assert repeat_command(Study(source_text=True)).endswith(" --source-text")
