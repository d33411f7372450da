"""One phrase, some recordings of it and of four others, as a study reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.study.dataset import Dataset
from components.subjects import check_study, find_subject


@pytest.fixture(scope="session")
def read_wake_words(recordings) -> Callable[..., Dataset]:
    """Settings -> the dataset of the wake words that come with the tests."""

    def read(**asked) -> Dataset:
        usual = {"subject": "wake-words", "corpus": str(recordings / "wake_words"), "keyword": "alexa"}
        return find_subject("wake-words").read(check_study({**usual, "workers": 1, **asked}))

    return read


@pytest.fixture(scope="session")
def wake_words(read_wake_words) -> Dataset:
    """Alexa, and minutes of other phrases on either side."""
    return read_wake_words()
