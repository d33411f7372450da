"""A package that `crossover new` writes keeps the laws as it comes; a name that cannot be is refused."""

import os
import subprocess
import sys

import pytest

from components.laws import BrokenLaw, laws_of
from components.scaffold import KINDS, write_package
from tests.commands import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_its_own_tests_pass_as_it_comes(kind, typed, tmp_path):
    status, said, _ = typed("new", kind, "quiet-harbour", "--folder", tmp_path)
    package = tmp_path / "quiet-harbour"
    assert status == 0 and f"pip install -e {package}" in said
    surroundings = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{package}"}
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error::RuntimeWarning"]
    ran = subprocess.run(asked, cwd=package, env=surroundings, capture_output=True, text=True)
    assert ran.returncode == 0 and " passed" in ran.stdout, ran.stdout + ran.stderr
    asked = [sys.executable, "-m", "ruff", "check", "--select", "E,F", "--config", ROOT / "pyproject.toml"]
    ran = subprocess.run([*asked, package], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_a_law_that_its_stage_breaks_is_named(tmp_path, monkeypatch):
    write_package("stage", "broken-harbour", tmp_path)
    stage = tmp_path / "broken-harbour" / "broken_harbour" / "stage.py"
    stage.write_text(stage.read_text().replace("for clip in clips]", "for clip in clips[1:]]"))
    monkeypatch.syspath_prepend(tmp_path / "broken-harbour")
    law = next(law for law in laws_of("broken_harbour") if str(law) == "BrokenHarbour: gives one for each")
    with pytest.raises(BrokenLaw, match=r"BrokenHarbour broke the promise that it gives one item for each"):
        law()


@pytest.mark.parametrize("name", ["Loud", "loud_clips", "", "1st", "../loud", "class", "-x"])
def test_a_name_that_cannot_be_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="new expected a name of small letters, digits and hyphens"):
        write_package("stage", name, tmp_path)


def test_nothing_that_is_there_is_written_over(tmp_path):
    with pytest.raises(ValueError, match="that no installed module has, got 'numpy'"):
        write_package("stage", "numpy", tmp_path)
    (tmp_path / "harbour-x").mkdir()
    with pytest.raises(ValueError, match=r"got .*harbour-x, which is there"):
        write_package("stage", "harbour-x", tmp_path)
    with pytest.raises(ValueError, match=r"unknown kind of package 'stages'; did you mean 'stage'\?"):
        write_package("stages", "harbour-y", tmp_path)
