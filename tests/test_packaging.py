"""What is installed, named once and exactly."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NEEDED = PROJECT["dependencies"]
FOR_TESTS = PROJECT["optional-dependencies"]["test"] + PROJECT["optional-dependencies"]["benchmark"]


def name(requirement):
    return re.match(r"[\w.-]+", requirement).group().lower()


def exact():
    return dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())


@pytest.mark.parametrize("requirement", NEEDED + FOR_TESTS)
def test_every_dependency_has_an_exact_version(requirement):
    assert name(requirement) in exact()


def test_constraints_hold_names_and_versions_only():
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.+!]+", line), line


@pytest.mark.parametrize("requirement", NEEDED)
def test_every_dependency_earns_its_place_in_the_book(requirement):
    page = ROOT / "docs" / "explanation" / "design.md"
    table = page.read_text().split("## What it stands on")[1]
    assert re.search(rf"(?<![\w-]){re.escape(name(requirement))}(?![\w-])", table), requirement


def test_ci_calls_the_readmes_test_command_and_nothing_cleverer():
    lines = (ROOT / ".ci" / "run").read_text().strip().splitlines()
    assert lines[-1] == "make test"
    assert len(lines) <= 4
