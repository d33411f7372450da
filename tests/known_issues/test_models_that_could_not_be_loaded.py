"""Trees of scikit-learn, and any class outside the project, were trained and could not be loaded again.

The error said to name them in `trusted=`, which no command had; it came after the training, and one such
trial stopped `ceiling` for the whole study.
"""

import importlib
import inspect
import shutil
import sys

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from components import recognisers
from components.speech.features.mfcc import Mfcc
from components.speech.features.statistics import Statistics
from components.study.recipe import Recipe
from components.study.saving import FILE, learned_numbers, load, save
from components.study.tracking import read_study
from components.study.trust import untrusted_when_trained
from components.subjects.speech import load_recogniser
from flows.prepare import prepare
from flows.terminal import show_plan

TREE = "sklearn.tree._tree.Tree"


def mfcc_forest():
    """MFCC, their statistics, and a forest of five trees."""
    return make_pipeline(Mfcc(), Statistics(), RandomForestClassifier(5, random_state=0))


@pytest.fixture(scope="module")
def forest_study(trained, tmp_path_factory):
    """A study of a forest beside a recogniser made of stages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(recognisers.RECOGNISERS, "mfcc-forest", Recipe(mfcc_forest, "modular"))
        asked = {"corpus": "fsdd", "recognisers": ["mfcc-forest", "mfcc-gmm-hmm"], "draws": 1, "sizes": [10]}
        yield trained(tmp_path_factory.mktemp("forest"), asked)


def run_of(store, name):
    return next(trial for trial in read_study(store).finished if trial.recogniser == name)


def test_it_is_said_before_training(forest_study, capsys):
    from rich.console import Console

    study, _ = forest_study
    show_plan(prepare(study), Console(width=300))
    assert f"mfcc-forest will hold {TREE}, which is not this project's" in capsys.readouterr().out
    show_plan(prepare(study.model_copy(update={"trust": ["sklearn.tree"]})), Console(width=300))
    assert "will hold" not in capsys.readouterr().out


def test_a_command_loads_what_its_user_trusts(forest_study, digits, typed):
    _, store = forest_study
    trial, clip = run_of(store, "mfcc-forest"), sorted((digits / "recordings").iterdir())[0]
    assert trial.trust == TREE and run_of(store, "mfcc-gmm-hmm").trust == ""
    words = ("transcribe", trial.run_id, clip, "--tracking", store.address)
    status, said, complained = typed(*words)
    assert (status, said) == (1, "") and f"name them: --trust {TREE}" in complained
    status, said, complained = typed(*words, "--trust", "sklearn.tree")
    assert (status, complained) == (0, "") and said.startswith(f"{clip}\t")


def test_ceiling_names_what_it_cannot_load_and_goes_on(forest_study, typed):
    status, said, complained = typed("ceiling", "fsdd", "--tracking", forest_study[1].address)
    assert status == 0 and "mfcc-gmm-hmm" in said
    assert complained.startswith("crossover: mfcc-forest n=10 draw=0 declared is left out: ")
    assert complained.count("\n") == 1


def test_the_environment_can_trust_too(forest_study, monkeypatch):
    _, store = forest_study
    monkeypatch.setenv("CROSSOVER_TRUST", "nothing.of.this, sklearn")
    recogniser, rate = load_recogniser(store, run_of(store, "mfcc-forest").run_id)
    assert len(recogniser[-1].estimators_) == 5 and rate == 8000


class Strange(BaseEstimator):
    """A part of somebody else's project that keeps whatever it is given."""

    def __init__(self, kept=None):
        self.kept = kept


def test_a_trusted_module_vouches_for_what_is_defined_in_it_alone(tmp_path):
    skops.io.dump(Strange(shutil.rmtree), tmp_path / FILE)
    with pytest.raises(ValueError, match=r"got shutil\.rmtree; "):
        load(tmp_path, trusted=[__name__])
    skops.io.dump(Strange(typed_elsewhere), tmp_path / FILE)  # a function, only by its own name
    with pytest.raises(ValueError, match="typed_elsewhere"):
        load(tmp_path, trusted=[__name__])
    own = [f"{__name__}.Strange", f"{__name__}.typed_elsewhere"]
    assert load(tmp_path, trusted=own).kept is typed_elsewhere


def typed_elsewhere():
    """A function that a part may be given."""


def test_a_trusted_module_that_is_not_there_is_said(tmp_path, monkeypatch):
    code = f"from sklearn.base import BaseEstimator\n\n\n{inspect.getsource(Strange)}"
    (tmp_path / "gone_since.py").write_text(code)
    with monkeypatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        save(importlib.import_module("gone_since").Strange(), tmp_path)
    del sys.modules["gone_since"]
    with pytest.raises(
        ValueError, match=r"expected the module gone_since in the current folder or installed"
    ):
        load(tmp_path, trusted=["gone_since"])
    monkeypatch.chdir(tmp_path)
    assert load(tmp_path, trusted=["gone_since"]).kept is None
    sys.path.remove(str(tmp_path))


KINDS = [
    RandomForestClassifier(),
    HistGradientBoostingClassifier(),
    KNeighborsClassifier(),
    MLPClassifier(),
    GaussianNB(),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_what_trained_parts_of_scikit_learn_hold_is_known_before(kind):
    small = {name: 2 for name in ("n_estimators", "max_iter") if name in kind.get_params()}
    trained = kind.set_params(**small).fit(np.random.default_rng(1).random((60, 5)), np.arange(60) % 3)
    held = skops.io.get_untrusted_types(data=skops.io.dumps(trained))
    assert set(held) == set(untrusted_when_trained(make_pipeline(Mfcc(), type(kind)())))


def test_the_numbers_of_trees_and_neighbours_are_counted():
    vectors, labels = np.random.default_rng(2).random((300, 8)), np.arange(300) % 4
    tree = DecisionTreeClassifier(random_state=0).fit(vectors, labels)
    nodes = tree.tree_.node_count
    assert learned_numbers(tree) >= nodes * (7 + 4)  # fields of a node, and its share of each class
    forest = RandomForestClassifier(10, random_state=0).fit(vectors, labels)
    assert learned_numbers(forest) > 8 * learned_numbers(tree)
    boosted = HistGradientBoostingClassifier(max_iter=3).fit(vectors, labels)
    assert learned_numbers(boosted) > 3 * 4 * 10
    both = 2 * 300 * 8  # the vectors, and the tree over them
    assert both <= learned_numbers(KNeighborsClassifier().fit(vectors, labels)) < 1.3 * both
    network = MLPClassifier((6,), max_iter=2).fit(vectors, labels)
    weights = 8 * 6 + 6 + 6 * 4 + 4
    assert weights <= learned_numbers(network) < weights + 30  # and its classes and losses
