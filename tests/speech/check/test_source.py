"""Speakers of a test who speak in a source, too."""

from types import SimpleNamespace

from components.speech.check.source import leaks


def corpus(*speakers):
    clips = SimpleNamespace(speakers=list(speakers), names=list(speakers))
    return SimpleNamespace(name="other", clips=clips, sound_prints=None)


def test_a_speaker_is_known_in_another_spelling():
    (result,) = leaks(corpus("GEORGE ", "", "theo"), corpus("George", "", "lucas"), [0, 1, 2])
    assert (result.name, result.verdict, result.examples) == ("source-speakers", "stop", ("George",))
    assert leaks(corpus("theo", ""), corpus("George", ""), [0, 1]) == []
