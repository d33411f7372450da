"""The law of LearnsTasks, on every recogniser of the catalogue that offers it."""

import math

import pytest

from components.contract import LearnsTasks
from components.laws import recogniser_laws
from components.laws.examples import LONG, labelled
from components.recognisers import RECOGNISERS, build
from components.study.saving import load, save
from components.study.task import Task
from tests.laws.parts import HARDLY, made, quick

CLIPS, TEXTS = labelled()
TASKS = {
    "speaker": Task("speaker", "class", [clip.speaker for clip in CLIPS]),
    "letter": Task("letter", "class", [None if place % 3 else TEXTS[place][0] for place in range(24)]),
    "length": Task("length", "number", [None if place % 2 else float(place) for place in range(24)]),
    "symbols": Task("symbols", "text", [" ".join(text) for text in TEXTS]),
    "nothing": Task("nothing", "class", [None] * 24),
}
KINDS = {"class": str, "number": float, "text": str}
LEARNERS = [name for name in RECOGNISERS if isinstance(build(name), LearnsTasks)]


@pytest.fixture(scope="module", params=LEARNERS)
def trained(request):
    return made(request.param).fit(CLIPS, TEXTS, TASKS)


def test_the_catalogue_says_who_learns_tasks():
    assert {name for name, recipe in RECOGNISERS.items() if recipe.tasks} == set(LEARNERS) != set()


def test_a_variant_of_its_augmentation_learns_tasks_as_well():
    for name in LEARNERS:
        for variant in ("plain", "augmented"):
            assert isinstance(build(f"{name}:{variant}"), LearnsTasks)
    model = quick(build("mfcc-gmm-hmm-multitask:speed")).fit(CLIPS[:9], TEXTS[:9], some(TASKS, 9))
    assert model.augmented_passes > 0 and len(model.predict_tasks(CLIPS)["speaker"]) == 24


@pytest.mark.parametrize("name", LEARNERS)
def test_it_learns_the_tasks_and_the_share_of_labels_that_it_is_told(name):
    model = quick(build(name, {"learns": "speaker+letter", "missing": 0.5}, device="cpu"), HARDLY)
    model.fit(CLIPS, TEXTS, TASKS)
    assert model.labels_.keys() == model.predict_tasks(CLIPS[:2]).keys() == {"speaker", "letter"}
    assert model.labels_["speaker"] == 12


def some(tasks, count):
    return {name: task.at(range(count)) for name, task in tasks.items()}


def test_each_task_that_it_can_answer_has_one_answer_of_its_kind_a_clip(trained):
    answers = trained.predict_tasks(CLIPS)
    assert {"speaker", "letter", "length"} <= answers.keys() <= TASKS.keys() - {"nothing"}
    assert trained.labels_ == {name: len(TASKS[name].present) for name in answers}
    for name, given in answers.items():
        task = TASKS[name]
        assert len(given) == 24 and all(type(answer) is KINDS[task.kind] for answer in given)
        if task.kind == "class":
            assert set(given) <= set(task.present)
        if task.kind == "number":
            assert all(map(math.isfinite, given))
    assert trained.predict_tasks([]) == {name: [] for name in answers}


def test_an_answer_depends_on_no_other_clip(trained):
    together = trained.predict_tasks([*CLIPS[:4], LONG])
    for place, clip in enumerate(CLIPS[:4]):
        for name, (answer,) in trained.predict_tasks([clip]).items():
            beside = together[name][place]
            assert answer == (pytest.approx(beside, abs=1e-3) if isinstance(beside, float) else beside)


def test_saved_and_loaded_it_answers_the_same_and_answering_changes_nothing(trained, tmp_path):
    save(trained, tmp_path)
    assert load(tmp_path).predict_tasks(CLIPS) == trained.predict_tasks(CLIPS)
    recogniser_laws.changes_nothing_by_answering(trained, CLIPS)
