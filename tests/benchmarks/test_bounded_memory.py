"""Memory of preparing, training and decoding, by hours of speech.

    python -m pytest -m benchmark -s tests/benchmarks/test_bounded_memory.py

Strings of FSDD and altered copies of them, CROSSOVER_HOURS of them (by default 1,5), each step in a process
of its own (peak_memory.py, which knows CROSSOVER_IN_MEMORY), with fewer rounds and steps than in a study.
CROSSOVER_DECODED: hours that are decoded, by default 1. Memory is the highest resident set, mapped files
included. Bar: 6 GB, for any number of hours.
"""

import os
import shutil
import subprocess
import sys

import pytest
from rich import print as show
from rich.table import Table

from components.speech.corpus import read_corpus
from tests.benchmarks.peak_memory import SETTINGS

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7200)]
HOURS = os.environ.get("CROSSOVER_HOURS", "1,5").split(",")
DECODED = os.environ.get("CROSSOVER_DECODED", "1")
RECOGNISERS = os.environ.get("CROSSOVER_RECOGNISERS", ",".join(SETTINGS)).split(",")
MOST_MB = 6000


def measured(*arguments):
    """Arguments of peak_memory -> MB before, the most, and seconds of the processor."""
    command = [sys.executable, "-m", "tests.benchmarks.peak_memory", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()[-3:]]


@pytest.fixture(scope="module")
def folder(all_recordings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hours")
    shutil.copytree(read_corpus("strings:fsdd", data=all_recordings).folder, folder / "originals")
    yield folder
    shutil.rmtree(folder)


def test_no_step_needs_more_than_six_gigabytes(folder):
    table = Table("hours", "step", "recogniser", "before, MB", "most, MB", "processor s")
    most = []
    for hours in dict.fromkeys([DECODED, *HOURS]):
        steps = [("prepare", folder, hours)]
        steps += [("fit", folder, hours, name) for name in RECOGNISERS if hours in HOURS]
        for step, *rest in steps:
            numbers = measured(step, *rest)
            table.add_row(hours, step, *rest[2:] or [""], *map(str, numbers))
            most.append(numbers[1])
    for name in RECOGNISERS:
        numbers = measured("predict", folder, DECODED, name)
        table.add_row(DECODED, "predict", name, *map(str, numbers))
        most.append(numbers[1])
    show(table)
    assert max(most) < MOST_MB
