"""What is installed, what is missing, what to do."""

import importlib.metadata

import pytest

from components.subjects import check_study
from flows import doctor
from flows.doctor import findings
from flows.server import free_port


def found(what, study=None):
    return next(one for one in findings(study) if one.what == what)


def asked(**settings):
    return check_study({"corpus": "fsdd", **settings})


@pytest.fixture(autouse=True)
def a_store(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
    return store


def test_everything_the_tests_need_is_there():
    assert [one for one in findings() if one.good is False] == []


def releases(monkeypatch, **instead):
    """Some packages have another release, or None."""
    real = importlib.metadata.version

    def version(name):
        if name in instead and instead[name] is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return instead.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    releases(monkeypatch, kaldifst=None, fastapi=None)
    one, other = found("kaldifst"), found("fastapi")
    assert (one.good, one.text) == (False, "not installed; run `make setup` in the project's folder")
    assert other.good is False


def test_a_library_out_of_its_known_range_is_bad(monkeypatch):
    releases(monkeypatch, fastapi="0.160.1")
    one = found("fastapi")
    assert one.good is False
    assert one.text == "0.160.1; known to work with <0.151,>=0.139: run `make setup`"


def test_a_tracking_server_that_is_gone_is_bad(monkeypatch):
    monkeypatch.setattr("components.study.tracking.answer.PATIENCE_S", 0.0)
    address = f"http://ann:s3cret@127.0.0.1:{free_port()}"
    one = found("MLflow store", asked(tracking=address))
    assert one.good is False and "got no answer; start it" in one.text and "s3cret" not in one.text


def test_a_prefect_server_that_is_gone_is_bad_and_one_that_answers_is_not(monkeypatch, server):
    monkeypatch.setenv("PREFECT_API_URL", server)
    assert found("Prefect server").good is True
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    one = found("Prefect server")
    assert one.good is False and one.text.endswith("unset PREFECT_API_URL and one is started for you")


def test_a_disk_that_is_nearly_full_or_cannot_be_written_to_is_bad(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "ROOM_GB", 1e9)
    assert found("store's disk").good is found("cache").good is found("temporary files").good is False
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "cannot be written to (No such file or directory)" in found("temporary files").text


def test_a_corpus_that_is_gone_is_bad(tmp_path, digits):
    one = found("corpus", asked(corpus=str(tmp_path / "gone.csv")))
    assert one.good is False and "gone.csv" in one.text
    assert found("corpus", asked(data=str(digits))).text == "fsdd, 60 utterances"
    assert not [one for one in findings() if one.what == "corpus"]


def test_a_gpu_that_is_asked_for_and_is_not_there_is_bad(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert found("GPU").good is None
    assert found("GPU", asked(device="cuda")).good is False


def test_a_machine_whose_zone_has_no_name_is_bad(monkeypatch):
    monkeypatch.setattr(doctor, "zone_of", lambda: "Asia/Tokyo")
    assert found("time zone").text == "Asia/Tokyo, in which --cron counts hours"

    def unnamed():
        raise ValueError("name it")

    monkeypatch.setattr(doctor, "zone_of", unnamed)
    assert found("time zone").good is False


def test_results_that_wait_for_their_store_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr("components.study.tracking.undelivered.cache_folder", lambda: tmp_path)
    assert not [one for one in findings() if one.what == "results"]
    kept = tmp_path / "undelivered" / "store" / "f00d"
    kept.mkdir(parents=True)
    (kept / "result.json").write_text("{}")
    one = found("results")
    assert one.good is None
    assert one.text == f"1 that a store did not take, in {kept.parent}; the same compare delivers them"


def test_the_store_is_counted(a_store):
    one = found("MLflow store")
    assert (one.good, one.text) == (True, f"{a_store.address}, 0 studies")


def test_a_folder_of_recordings_that_is_not_there_is_bad(monkeypatch, tmp_path):
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path / "none"))
    one = found("recordings")
    assert (one.good, one.text) == (False, f"CROSSOVER_DATA is {tmp_path / 'none'}, which is not a folder")


def test_a_silent_speech_synthesiser_is_bad_with_what_to_do(monkeypatch):
    def broken(text):
        raise OSError("no voices")

    monkeypatch.setattr("components.speech.espeak.synthesise", broken)
    assert doctor._espeak().text == "no voices; run `make setup`; the built-in corpus needs it"


def test_checkpoints_of_trainings_that_were_killed_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path))
    assert not [one for one in findings() if one.what == "trainings"]
    left = tmp_path / "prepared" / "fsdd-1" / "training" / "f00d"
    left.mkdir(parents=True)
    (left / "a.pt").write_bytes(bytes(1_200_000))
    one = found("trainings")
    assert one.good is None
    assert one.text == (
        "1 (1.2 MB) under way or killed, from which the same study goes on; delete what no study needs: "
        f"{left}"
    )
