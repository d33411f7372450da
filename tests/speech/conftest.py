"""Recordings of people for tests of speech."""

import pytest

from tests.fsdd import Labelled, train_and_test


@pytest.fixture(scope="session")
def people(recordings) -> tuple[Labelled, Labelled]:
    """120 training and 60 test clips of FSDD's official split, in an order drawn by chance."""
    return train_and_test(recordings)
