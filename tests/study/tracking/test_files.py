"""Whatever is logged in a local store shows in its files."""

from components.study.tracking import Store
from components.study.tracking.files import files_behind
from tests.recorded import made_up


def test_a_tag_on_a_run_changes_a_file_of_the_store(store):
    run = store.client.create_run(store.experiment())
    before = sizes_and_times(store)
    assert sizes_and_times(store) == before
    store.client.set_tag(run.info.run_id, "colour", "blue")
    assert sizes_and_times(store) != before


def sizes_and_times(store):
    states = (path.stat() for path in files_behind(store, []) if path.exists())
    return [(state.st_size, state.st_mtime_ns) for state in states if state.st_size]


def test_scores_of_trials_are_among_them_and_a_server_has_none(store):
    trial = made_up(sizes=(20,), draws=1).trials[0]
    database, log, folder, scores = files_behind(store, [trial])
    assert (database.name, log.name) == ("mlflow.db", "mlflow.db-wal")
    assert scores == folder / "scores.json" and folder.parent.name == trial.run_id
    assert files_behind(Store("http://127.0.0.1:9"), [trial]) == []
