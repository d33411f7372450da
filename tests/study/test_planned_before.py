"""A plan is taken from its file only while all that it was made from is the same."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from components.study import planned_before
from components.study.plan import make_plan
from components.study.planned_before import find_plan
from components.subjects import check_study
from components.subjects.speech import SPEECH
from tests.study.test_splits import digits


@pytest.fixture
def dataset(tmp_path):
    """As much of a dataset as a plan looks at, in a folder of its own."""
    data = digits()
    return replace(data, facts={**data.facts, "language": "en-us"}, folder=tmp_path)


@pytest.fixture
def plans(monkeypatch):
    """Names of the studies that were planned anew, in order."""
    made = []

    def planning(subject, study, data):
        made.append(study.title)
        return make_plan(subject, study, data)

    monkeypatch.setattr(planned_before, "make_plan", planning)
    return made


def asked(**more):
    return check_study({"recognisers": ["mfcc-svm"], "sizes": [10], "device": "cpu", **more})


def test_the_same_study_is_planned_once(dataset, plans):
    first, second = (find_plan(SPEECH, asked(), dataset) for _ in range(2))
    assert first == second and first.fingerprint == second.fingerprint
    assert len(plans) == 1


@pytest.mark.parametrize("change", [{"sizes": [20]}, {"settings": {"mfcc-svm": {"deltas__width": 3}}}])
def test_another_study_is_planned_anew(dataset, plans, change):
    first, second = find_plan(SPEECH, asked(), dataset), find_plan(SPEECH, asked(**change), dataset)
    assert first.fingerprint != second.fingerprint
    assert len(plans) == 2


def test_other_sources_libraries_and_data_are_planned_anew(dataset, plans, monkeypatch):
    find_plan(SPEECH, asked(), dataset)
    find_plan(SPEECH, asked(), replace(dataset, fingerprint="beef"))
    monkeypatch.setattr(planned_before, "source_stamp", lambda: "changed")
    find_plan(SPEECH, asked(), dataset)
    monkeypatch.setattr(planned_before, "library_versions", lambda: {"torch": "3"})
    find_plan(SPEECH, asked(), dataset)
    assert len(plans) == 4


def test_where_a_gpu_may_be_nothing_is_taken_from_a_file(dataset, plans, monkeypatch):
    monkeypatch.setattr(planned_before, "has_gpu", lambda: True)
    for _ in range(2):
        find_plan(SPEECH, asked(device="auto"), dataset)
    assert len(plans) == 2


def test_a_file_that_cannot_be_read_is_planned_anew(dataset, plans):
    find_plan(SPEECH, asked(), dataset)
    (path,) = (dataset.folder / "plans").iterdir()
    path.write_text(json.dumps({"trials": [{"size": 3}]}))
    find_plan(SPEECH, asked(), dataset)
    assert len(plans) == 2


def test_checking_a_study_imports_neither_torch_nor_prefect_nor_mlflow():
    code = (
        "import sys; from components.subjects import check_study; check_study({'sizes': [20]});"
        "print({'torch', 'prefect', 'mlflow', 'sklearn', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
