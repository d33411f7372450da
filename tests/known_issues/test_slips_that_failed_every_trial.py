"""A text for a number, or a name that a part forgot to import, passed the plan and failed every trial."""

import importlib
import sys

import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from components.study.check_settings import check_settings
from components.study.undefined_names import undefined_names
from flows.complaint import complaint

PART = """
from __future__ import annotations
from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator

if TYPE_CHECKING:
    from nowhere import Table

try:
    import no_such_module as optional
except ImportError:
    pass


def helper():
    return [sqrt(x) for x in range(3)]


class Forgot(BaseEstimator):
    def __init__(self, width: int = 3, table: Table | None = None, kind: Literal["a"] = "a"):
        self.width, self.table, self.kind = width, table, kind

    def fit(self, X, y=None):
        optional.used()
        self.mean_ = np.mean(X)
        return self
"""


@pytest.fixture
def forgot(tmp_path, monkeypatch):
    """A class of a module of the user's, in which two imports were forgotten."""
    (tmp_path / "forgetful_part.py").write_text(PART)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("forgetful_part").Forgot
    del sys.modules["forgetful_part"]


def refusal(part):
    with pytest.raises(ValueError) as error:
        check_settings(part)
    return str(error.value).splitlines()


def test_a_forgotten_import_is_said_before_the_first_fit(forgot):
    assert refusal(make_pipeline(forgot())) == [
        "forgetful_part, line 17, expected sqrt to be defined, got no such name; import or correct it.",
        "forgetful_part, line 26, expected np to be defined, got no such name; import or correct it.",
    ]


def test_one_type_that_cannot_be_read_hides_no_other(forgot):
    said = refusal(make_pipeline(forgot(width="wide")))[0]
    assert said == "setting forgot__width expected a whole number, got 'wide'; 3 is usual."


class Untyped(BaseEstimator):
    """A part without annotations, as a newcomer writes it."""

    def __init__(self, width=3, kind="a", share=None):
        self.width, self.kind, self.share = width, kind, share


def test_a_text_for_a_number_is_refused_without_annotations_too():
    assert refusal(make_pipeline(Untyped(width="wide"))) == [
        "setting untyped__width expected a number (annotate it if it may be a text), got 'wide'; 3 is usual."
    ]
    check_settings(Untyped(width=2.5, kind=4, share="half"))


def test_settings_of_scikit_learn_are_held_to_its_own_words():
    (said,) = refusal(make_pipeline(RandomForestClassifier(n_estimators="many")))
    assert said.startswith(
        "randomforestclassifier: The 'n_estimators' parameter of RandomForestClassifier must"
    )
    assert said.endswith("Got 'many' instead. Leave it out, or correct it.")
    check_settings(make_pipeline(RandomForestClassifier(max_features=0.5, max_depth=None)))


def test_no_part_of_ours_forgets_an_import():
    from tests.laws.parts import PARTS

    assert [said for kind in PARTS.values() for said in undefined_names(kind())] == []


@pytest.mark.parametrize(
    ("text", "way_out"),
    [("Loudness()", "import it there"), ("import no_such_module", "install it")],
)
def test_a_missing_name_ends_in_a_sentence(tmp_path, text, way_out):
    """It was a stack trace of the whole program."""
    path = tmp_path / "recipe.py"
    path.write_text(f"\n{text}\n")
    with pytest.raises((NameError, ModuleNotFoundError)) as error:
        exec(compile(path.read_text(), str(path), "exec"), {})
    said = complaint(error.value)
    assert said.startswith(f"{path}, line 2: ") and said.endswith(f"; {way_out}, or correct it.")
