"""Recipes in a study: planned, run and recorded as every other recogniser."""

from pathlib import Path

import pytest

from components.study.repeat import repeat_command
from components.study.tracking import load_system, read_study
from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial
from tests.commands import trial_runs

RECIPE = Path(__file__).parents[1] / "toolkits" / "crossings.toml"


def study_of(digits, store, recipe):
    asked = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "data": str(digits)}
    return check_study({**asked, "recipe": [str(recipe)], "tracking": store.address})


def test_a_recipe_is_trained_recorded_and_loaded_again(digits, store):
    study = study_of(digits, store, RECIPE)
    prepared = prepare(study)
    assert [trial.recogniser for trial in prepared.plan.trials] == ["mfcc-svm", "crossings"]
    run_trial(study, prepared.plan.trials[1], prepared.run_id, store)
    (run,) = trial_runs(store)
    assert run.data.params["recipe"].startswith("file crossings.toml ")
    assert run.data.metrics["train_processor_seconds"] > 0.01  # those of its program
    assert "parameters" not in run.data.metrics
    with store.artifacts(f"{run.info.artifact_uri}/output.txt") as file:
        assert file.read_text() == "learned from 10 clips\n"
    clips = [prepared.dataset.examples[place] for place in range(2)]
    assert len(load_system(store, run.info.run_id)[0].predict(clips)) == 2
    assert prepare(study).known == 1
    assert f"--recipe {RECIPE}" in repeat_command(study)
    assert read_study(store).finished[0].recogniser == "crossings"


def test_a_bad_recipe_fails_before_the_first_fit(digits, store, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(RECIPE.read_text().replace("transcribe =", "transcript ="))
    with pytest.raises(ValueError, match=r"unknown key of the recipe .* did you mean 'transcribe'\?"):
        prepare(study_of(digits, store, path))
    with pytest.raises(ValueError, match=r"recipe: expected a TOML file, got .*, which is not there"):
        study_of(digits, store, tmp_path / "gone.toml")


def test_check_shows_the_commands(digits, typed):
    status, said, complained = typed("check", "fsdd", "--data", str(digits), "--recipe", str(RECIPE))
    assert (status, complained) == (0, "")
    assert "python crossings.py train TRAIN MODEL" in said.replace("python3", "python")
    assert "crossings.py transcribe TEST MODEL HYPOTHESES" in said
    assert "its results are of these files: crossings.toml, crossings.py" in said
