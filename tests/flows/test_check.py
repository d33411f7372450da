"""`crossover check CORPUS`: what it says, and its exit status."""

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.fsdd import DIGITS, paths_of


@pytest.fixture
def table(recordings, tmp_path):
    """A manifest of 60 real clips of ten words, all with a symbol that is said and would be left out."""
    rows = ["path,text,speaker"]
    for path in paths_of(recordings, "*_0"):
        word, who, _ = path.stem.split("_")
        rows.append(f"{path},$ {DIGITS[int(word)]},{who}")
    (tmp_path / "m.csv").write_text("\n".join(rows))
    return tmp_path / "m.csv"


def check(*words, cache, monkeypatch):
    monkeypatch.setenv("CROSSOVER_CACHE", str(cache))
    return CliRunner().invoke(app, ["check", *map(str, words)])


def test_what_stops_is_status_1_unless_it_is_accepted(table, tmp_path, monkeypatch):
    stopped = check(table, cache=tmp_path / "cache", monkeypatch=monkeypatch)
    assert stopped.exit_code == 1 and "symbols" in stopped.stdout
    assert "go on knowingly with --accept symbols" in stopped.stdout
    accepted = check(table, "--accept", "symbols", cache=tmp_path / "cache", monkeypatch=monkeypatch)
    assert accepted.exit_code == 0 and "symbols (accepted)" in accepted.stdout
