"""The browser, the commands and the small real studies that tests of the flows have, too."""

from tests.flows.conftest import browser, digits, surroundings, trained, typed, visit  # noqa: F401
