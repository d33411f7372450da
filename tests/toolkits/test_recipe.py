"""A recipe's file: what cannot run is said in one sentence before anything is trained."""

import sys
from pathlib import Path

import pytest

from components.recognisers import RECOGNISERS, build, recipe
from components.toolkits import take_in_recipes
from components.toolkits.placeholders import filled, placeholders
from components.toolkits.recipe import files_of, read_recipe

CROSSINGS = Path(__file__).with_name("crossings.toml")
GOOD = {
    "name": "'mine'",
    "family": "'modular'",
    "train": "'{python} mine.py {train} {model}'",
    "transcribe": "'{python} mine.py {test} {hypotheses}'",
}


def written(folder: Path, **changed: str | None) -> Path:
    """A recipe that could run, with other values as TOML, or without those that are None."""
    lines = [f"{key} = {value}" for key, value in {**GOOD, **changed}.items() if value is not None]
    path = folder / "mine.toml"
    path.write_text("\n".join(lines))
    return path


WRONG = {
    "a key that is none": (
        {"trane": "'x'"},
        "unknown key of the recipe {path} 'trane'; did you mean 'train'? known: name, family, ",
    ),
    "no name": ({"name": None}, "recipe {path} expected name, got none; add it."),
    "a name with a colon": ({"name": "'a:b'"}, "recipe {path}: name: string should match pattern"),
    "a family that is none": ({"family": "'hybrid'"}, "recipe {path}: family: input should be 'modular' or"),
    "a manifest that is none": ({"manifest": "'json'"}, "recipe {path}: manifest: input should be 'kaldi', "),
    "no TOML": ({"name": "'a"}, "recipe {path} expected TOML, got: "),
    "a placeholder that is none": (
        {"train": "'{python} {trian} {model}'"},
        "unknown placeholder of train of {path} 'trian'; did you mean 'train'? known: train, ",
    ),
    "the test in training": (
        {"train": "'{python} {train} {test}'"},
        "unknown placeholder of train of {path} 'test'; ",
    ),
    "no hypotheses": (
        {"transcribe": "'{python} {test}'"},
        "transcribe of {path} expected {hypotheses} in it, got none; write where it goes.",
    ),
    "a brace": (
        {"train": "'{python} {'"},
        "train of {path} expected braces around names alone, got ",
    ),
    "JSON": (
        {"train": """'{python} {"a": 1}'"""},
        """train of {path} expected braces around names alone, got {"a"}; write {{ for a brace.""",
    ),
    "an open quotation": (
        {"train": "'{python} \"x {train}'"},
        "train of {path} expected words, got no closing quotation; close it.",
    ),
    "no program": (
        {"train": "'kaldi-train {train}'"},
        "train of {path} expected a program kaldi-train, got none that can be run; install it, or correct ",
    ),
    "no program beside it": (
        {"train": "'./run.sh {train}'"},
        "train of {path} expected a program ./run.sh, got none that can be run; install it, or correct ",
    ),
}


@pytest.mark.parametrize(("changed", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_run_is_one_sentence(changed, sentence, tmp_path):
    path = written(tmp_path, **changed)
    with pytest.raises(ValueError) as error:
        read_recipe(path)
    assert str(error.value).startswith(sentence.replace("{path}", str(path)))
    assert len(str(error.value).splitlines()) == 1


def test_a_value_stays_one_word_whatever_is_in_it():
    assert filled("a {model} '{seed} b' {{", {"model": "my $HOME; x", "seed": "1"}, shell=False) == [
        *("a", "my $HOME; x", "1 b", "{")
    ]
    assert filled("a {model} | b", {"model": "it's"}, shell=True) == ["/bin/sh", "-c", "a 'it'\"'\"'s' | b"]
    assert placeholders("{a} {{b}} {c}") == {"a", "c"}


def test_its_files_are_those_that_it_names(tmp_path):
    for name in ("mine.py", "mine.conf", "conf/a.yaml", "conf/deep/b.yaml", "other.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    path = written(tmp_path, train="'{python} mine.py --with=mine.conf {train}'", files="['conf']")
    found = [str(file.relative_to(tmp_path)) for file in files_of(path, read_recipe(path))]
    assert found == ["mine.toml", "mine.py", "mine.conf", "conf/a.yaml", "conf/deep/b.yaml"]


@pytest.fixture
def taken_in():
    """Takes in recipes, and none after the test."""
    yield take_in_recipes
    take_in_recipes([])


def test_its_recogniser_is_named_as_any_other(taken_in):
    assert taken_in([str(CROSSINGS)]) == ["crossings"]
    assert (recipe("crossings").family, recipe("crossings").usual) == ("modular", False)
    assert build("crossings", seed=3, language="de").get_params() == {
        "recipe": str(CROSSINGS),
        "language": "de",
    }  # it asks for no seed, so a second one would change nothing
    taken_in([])
    with pytest.raises(ValueError, match="unknown recogniser 'crossings'"):
        recipe("crossings")


def test_two_of_one_name_are_refused(taken_in, tmp_path):
    taken_in([str(CROSSINGS), str(written(tmp_path, name="'crossings'"))])
    with pytest.raises(ValueError, match=r"one part called crossings, got one of .*; rename one of the two"):
        recipe("crossings")
    name = next(iter(RECOGNISERS))
    path = written(tmp_path, name=f"'{name}'")
    taken_in([str(path)])
    with pytest.raises(ValueError, match=f"{path} expected a name that no other recogniser has, got {name}"):
        recipe(name)


def test_this_python_is_a_program(tmp_path):
    assert read_recipe(written(tmp_path, train=f"'{sys.executable} x'")).name == "mine"
