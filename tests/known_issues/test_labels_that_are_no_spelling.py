"""A study's answer turned on how labels were written.

`mfcc-gmm-hmm` erred 13 % with labels that spell the word, 88 % with w01, w02, ... Forty words with units of
their own had them no more once a forty-first was added, or a label was written as two words. What must not
matter is changed here, and the same clips are recognised by `modular` before and after.
"""

from math import sqrt

import pytest

from components.recognisers import build
from tests.fsdd import DIGITS, SPEAKERS, digits

CODES = {word: f"w{place:02d}" for place, word in enumerate(sorted(DIGITS), 1)}
TWO_WORDS = {word: word for word in DIGITS} | {"seven": "bank account"}


def wrong(train, test, written):
    """Whether each test clip is recognised wrongly, with labels written otherwise."""
    (clips, texts), (test_clips, test_texts) = train, test
    model = build("modular").fit(clips, [written[text] for text in texts])
    hypotheses = model.predict(test_clips)
    return [said != written[text] for said, text in zip(hypotheses, test_texts, strict=True)]


@pytest.fixture(scope="module")
def parts(recordings):
    return digits(recordings, (5,), SPEAKERS), digits(recordings, (0,), SPEAKERS)


@pytest.fixture(scope="module")
def spelled(parts):
    return wrong(*parts, {word: word for word in DIGITS})


@pytest.mark.parametrize("written", [CODES, TWO_WORDS], ids=["codes", "one label of two words"])
def test_how_labels_are_written_changes_no_more_than_luck(parts, spelled, written):
    otherwise = wrong(*parts, written)
    only_here = sum(a and not b for a, b in zip(otherwise, spelled, strict=True))
    only_there = sum(b and not a for a, b in zip(otherwise, spelled, strict=True))
    assert only_here - only_there <= 2 * sqrt(only_here + only_there)
    assert sum(otherwise) <= len(otherwise) / 3  # far from chance, which is nine in ten
