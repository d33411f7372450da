"""A package outside the project, installed beside it: its parts are found, trained and loaded again."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.study.tracking import load_system, read_study
from tests.commands import ROOT, crossover

PACKAGE = Path(__file__).with_name("package")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder as Python's own for packages, with the package and the metadata that setuptools makes."""
    target = tmp_path_factory.mktemp("installed") / "site-packages"
    shutil.copytree(PACKAGE, target)
    setup = [sys.executable, "-c", "import setuptools; setuptools.setup()", "--quiet", "egg_info"]
    subprocess.run(setup, cwd=target, check=True, capture_output=True)
    return target


def with_plugins(installed: Path) -> dict[str, str]:
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{installed}"}


def python(installed: Path, program: str) -> str:
    """A program -> what it prints, where the package is installed."""
    surroundings = {**os.environ, **with_plugins(installed)}
    ran = subprocess.run([sys.executable, "-c", program], env=surroundings, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.slow
def test_its_corpus_and_recogniser_are_listed_trained_and_loaded_again(installed, store, digits, server):
    plugins = with_plugins(installed)
    listed = crossover("recognisers", store=store, **plugins).said
    assert re.search(r"^shout-svm +modular +mfcc-svm on louder clips\.$", listed, re.M)
    assert "shout-svm*" not in listed  # it is compared where it is named, not wherever it is installed
    assert (
        "shouted-digits           digits that are shouted"
        in crossover("corpora", store=store, **plugins).said
    )
    asked = ("--corpus", "shouted-digits", "--recognisers", "shout-svm", "--sizes", "20", "--draws", "1")
    words = (
        "compare",
        *asked,
        "--data",
        digits,
        "--subject",
        "shouting",
        "--set",
        "shout-svm.shout__times=3",
    )
    ended = crossover(*words, store=store, PREFECT_API_URL=server, **plugins)
    assert ended.status == 0, ended.said + ended.complained
    program = "from components.study.tracking import Store, load_system, read_study; "
    program += f"store = Store({store.address!r}); (trial,) = read_study(store).finished; "
    program += "print(load_system(store, trial.run_id)[0].named_steps['shout'].times, trial.params['shout'])"
    assert python(installed, program) == "3 Shout"
    with pytest.raises(ValueError, match=r"expected parts of this project .*, got shout\.stage\.Shout;"):
        load_system(store, read_study(store).finished[0].run_id)  # where the package is not installed


@pytest.mark.slow
def test_its_code_is_part_of_what_names_a_result(installed):
    program = (
        "from components.recognisers import build; from components.study.fingerprint import code_version; "
    )
    program += "print(code_version(build('shout-svm')))"
    before, stage = python(installed, program), installed / "shout" / "stage.py"
    written = stage.read_text()
    try:
        stage.write_text(written.replace("clip.samples * self.times", "clip.samples * self.times * 0.5"))
        changed = python(installed, program)
    finally:
        stage.write_text(written)
    assert changed != before == python(installed, program)


@pytest.mark.slow
def test_a_part_that_cannot_be_imported_is_said_with_its_package(installed, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(installed, broken)
    (broken / "shout" / "recipes.py").write_text("import no_such_module\n")
    asked = "from components.recognisers import recipe\ntry: recipe({!r})\nexcept ValueError as e: print(e)"
    assert python(broken, asked.format("shout-svm")) == (
        "shout-svm of the package crossover-shout expected shout.recipes:SHOUT_SVM to be there, got "
        "ModuleNotFoundError: No module named 'no_such_module'; mend or uninstall the package."
    )
    assert "did you mean 'shout-svm'?" in python(installed, asked.format("shout-smv"))


def test_two_copies_on_the_path_are_named(installed, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(PACKAGE, copy)
    program = "import sys; from components.study.plugins import RECOGNISERS, load_plugin\n"
    program += f"sys.path.append({str(copy)!r})\n"
    program += "try: load_plugin(RECOGNISERS, 'shout-svm', object)\nexcept ValueError as e: print(e)"
    assert python(installed, program) == (
        f"shout expected one copy of the package on Python's path, got {installed / 'shout'} and "
        f"{copy / 'shout'}, of which each process may take another; uninstall it and install it with pip "
        "install -e, or start in another folder."
    )


def test_a_package_that_is_not_installed_is_told_how(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "shout-er")
    status, _, complained = typed("check", "shout-er")
    assert status == 1 and complained.startswith(
        "crossover: check expected a package that is installed, got the folder shout-er of one that is not: "
    )
    assert complained.endswith("python -m pip install -e shout-er\n")
    status, _, complained = typed("check", "spech-commands")
    assert status == 1 and complained.startswith(
        "crossover: check expected a corpus, its path, or an installed package with parts, got "
        "'spech-commands'; did you mean 'speech-commands'? A package of yours is installed with "
    )
    assert complained.endswith("python -m pip install -e FOLDER\n")


@pytest.mark.slow
def test_the_laws_are_tried_on_the_parts_of_a_package(installed, store):
    ended = crossover("check", "crossover-shout", store=store, **with_plugins(installed))
    assert ended.status == 0, ended.said + ended.complained
    kept, laws = map(int, re.search(r"^shout: (\d+) of (\d+) laws kept", ended.said, re.M).groups())
    assert laws > 20 and "broken" not in ended.said
    assert "not tried  SHOUTED_DIGITS: " in ended.said or kept == laws
