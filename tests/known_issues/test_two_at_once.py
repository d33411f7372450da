"""Two equal studies begun, or two reports written, at the same moment left all their runs in MLflow twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

from components.study.tracking import Store, log_report, open_study, read_study
from components.study.tracking.store import CURVES
from tests.study.tracking.small_study import STUDY, TRIALS, finish


def together(*jobs):
    start = Barrier(len(jobs))

    def begin(job):
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(begin, jobs))


def test_a_plan_opened_twice_at_once_is_one_study(store):
    stores = Store(store.address), Store(store.address)
    for turn in range(5):
        entry = replace(STUDY, name=f"turn-{turn}", fingerprint=f"f{turn}")
        first, second = together(*(partial(open_study, one, entry) for one in stores))
        assert first == second
        assert len(store.search(f"tags.kind = 'study' and tags.study = 'turn-{turn}'")) == 1


def test_a_report_written_twice_at_once_draws_its_curves_once(store, tmp_path):
    study = open_study(store, STUDY)
    for one in TRIALS:
        finish(store, study, one)
    record = read_study(store)
    page = tmp_path / "page"
    page.mkdir()
    stores = Store(store.address), Store(store.address)
    together(*(partial(log_report, one, record, page, "one sentence") for one in stores))
    assert len(store.search(f"tags.study_run = '{study}'", CURVES)) == 1
