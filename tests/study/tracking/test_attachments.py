"""Files kept with a study's run come out as they went in, and only as many as a page can carry."""

from components.study.tracking import find_study, log_attachments, open_study, read_attachments
from components.study.tracking.attachments import MOST_BYTES
from tests.study.tracking.small_study import STUDY


def test_a_kept_file_comes_out_as_it_went_in_under_any_name(store):
    files = {"a/b.wav": b"\0\1\2", "<b>": b"text"}
    log_attachments(store, open_study(store, STUDY), files)
    assert read_attachments(store, find_study(store).info.run_id) == files


def test_a_study_that_kept_none_has_none(store):
    assert read_attachments(store, open_study(store, STUDY)) == {}


def test_the_first_files_that_fit_are_kept_in_place_of_earlier_ones(store):
    run, half = open_study(store, STUDY), bytes(MOST_BYTES // 2)
    log_attachments(store, run, {"old": half[:9], "older": half[:9], "oldest": half[:9]})
    log_attachments(store, run, {"first": half, "too large": half + b"1", "small": half[:5]})
    kept = read_attachments(store, run)
    assert kept == {"first": half, "small": half[:5]}


def test_files_that_version_0_1_kept_as_sounds_are_read(store, tmp_path):
    run = open_study(store, STUDY)
    (tmp_path / "00.flac").write_bytes(b"fLaC")
    (tmp_path / "names.json").write_text('["a/b.wav"]')
    for path in tmp_path.glob("*.*"):
        store.client.log_artifact(run, str(path), "sounds")
    assert read_attachments(store, run) == {"a/b.wav": b"fLaC"}
