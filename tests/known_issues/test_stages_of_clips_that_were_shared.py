"""The stage that `crossover new` wrote gives clips and said `stateless = True`: compare ended in a traceback.

The store of shared features holds arrays alone; the laws had kept silent.
"""

import importlib

import pytest

from components.laws import BrokenLaw, hook_laws
from components.parts import stateless_stages
from components.scaffold import write_package
from components.speech.features.store import compute_features
from components.study.recipe import Recipe
from tests.fsdd import digits


@pytest.fixture
def package(request, tmp_path, monkeypatch):
    """The name of a module that `crossover new` wrote, with a stage and a recogniser that has it."""
    name = f"harbour-{request.node.name.split('_')[1]}"  # one module a test
    write_package("stage", name, tmp_path)
    monkeypatch.syspath_prepend(tmp_path / name)
    return name.replace("-", "_")


def test_features_are_computed_before_the_trials_of_what_was_written(package, recordings, tmp_path):
    clips, texts = digits(recordings, (5,))
    module = importlib.import_module(f"{package}.recipe")
    (made,) = [value for value in vars(module).values() if isinstance(value, Recipe)]
    recogniser = made.build()
    compute_features(stateless_stages(recogniser), clips, tmp_path / "features")
    assert set(recogniser.fit(clips, texts).predict(clips[:2])) <= set(texts)


def test_stages_that_cannot_be_shared_are_refused_by_law_and_store(package, recordings, tmp_path):
    kind = importlib.import_module(f"{package}.stage").HarbourStages
    kind.stateless = True
    clips, _ = digits(recordings, (5,))
    with pytest.raises(
        ValueError, match=r"^HarbourStages says stateless = True and was expected to give arr"
    ):
        compute_features([kind()], clips, tmp_path / "features")
    with pytest.raises(BrokenLaw, match="its output is arrays"):
        hook_laws.can_be_shared(kind)
