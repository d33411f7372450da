"""The data of the cases, made once for each file of tests."""

import pytest

from tests.cases.cases import make


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Name of a case -> the folder of its data."""
    folder = tmp_path_factory.mktemp("cases")
    return lambda case: make(case, folder)
