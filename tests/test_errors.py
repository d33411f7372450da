"""An unknown name gets the nearest known one, in one sentence everywhere."""

from components.errors import did_you_mean, nearest, unknown


def test_the_nearest_name_is_offered():
    assert nearest("sped", ["gain", "speed"]) == "speed"
    assert did_you_mean("sped", ["gain", "speed"]) == "did you mean 'speed'?"
    assert str(unknown("kind", "sped", ["gain", "speed"])) == (
        "unknown kind 'sped'; did you mean 'speed'? known: gain, speed."
    )


def test_a_name_that_is_like_none_gets_no_question():
    assert nearest("xyz", ["gain", "speed"]) == did_you_mean("xyz", ["gain", "speed"]) == ""
    assert str(unknown("kind", "xyz", iter(["gain", "speed"]))) == "unknown kind 'xyz'; known: gain, speed."
