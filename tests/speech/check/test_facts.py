"""Facts of a corpus, in the words that a reader checks them by."""

from dataclasses import replace

import pytest

from components.speech.check.facts import corpus_facts
from components.speech.corpus import SetAside, read_corpus


@pytest.fixture(scope="module")
def digits(recordings, tmp_path_factory):
    return read_corpus("fsdd", data=recordings, cache=tmp_path_factory.mktemp("cache"))


def test_recordings_speakers_and_rate(digits):
    facts = corpus_facts(digits)
    assert facts["recordings"] == "180 recordings, 1.3 minutes, 0.4 s each"
    assert (facts["speakers"], facts["rate"]) == ("6 speakers", "8,000 Hz")
    assert "set aside" not in facts


def test_reasons_to_set_aside_are_counted_by_their_kind(digits):
    aside = [
        SetAside("a", "sounds exactly like b"),
        SetAside("c", "sounds exactly like d"),
        SetAside("e", "25.0 s long, the limit is 20 s"),
        SetAside("f", "truncated: 3 of 5 samples"),
    ]
    facts = corpus_facts(replace(digits, set_aside=aside))
    assert facts["set aside"] == (
        "4: sounds exactly like another (2); 25.0 s long, the limit is 20 s (1); truncated (1)"
    )


def test_how_the_manifest_was_read_follows(digits):
    facts = corpus_facts(replace(digits, reading={"columns": "path, text"}))
    assert list(facts) == ["recordings", "speakers", "rate", "columns"] and facts["columns"] == "path, text"
