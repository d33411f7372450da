"""An unknown name gets the nearest known one, in one sentence everywhere."""

import pytest

from components.errors import did_you_mean, last_line, nearest, unknown


def test_the_nearest_name_is_offered():
    assert nearest("sped", ["gain", "speed"]) == "speed"
    assert did_you_mean("sped", ["gain", "speed"]) == "did you mean 'speed'?"
    assert str(unknown("kind", "sped", ["gain", "speed"])) == (
        "unknown kind 'sped'; did you mean 'speed'? known: gain, speed."
    )


def test_a_name_that_is_like_none_gets_no_question():
    assert nearest("xyz", ["gain", "speed"]) == did_you_mean("xyz", ["gain", "speed"]) == ""
    assert str(unknown("kind", "xyz", iter(["gain", "speed"]))) == "unknown kind 'xyz'; known: gain, speed."


@pytest.mark.parametrize(
    ("traceback", "line"),
    [
        ("Traceback:\n  File\nsklearn.exceptions.NotFittedError: fit first.\n", "NotFittedError: fit first."),
        (
            "ValueError: see components.speech.Study: it has none",
            "ValueError: see components.speech.Study: it has none",
        ),
        ("asyncio.exceptions.CancelledError", "CancelledError"),
        ("ended by signal 9", "ended by signal 9"),
    ],
)
def test_the_last_line_of_a_traceback_names_the_class_alone(traceback, line):
    assert last_line(traceback) == line
