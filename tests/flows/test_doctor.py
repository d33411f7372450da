"""What is installed, what is missing, what to do."""

import importlib.metadata

import pytest

from flows import doctor
from flows.doctor import findings


def found(what):
    return next(one for one in findings() if one.what == what)


@pytest.fixture(autouse=True)
def a_store(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
    return store


def test_everything_the_tests_need_is_there():
    assert [one for one in findings() if one.good is False] == []


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    def version(name):
        if name == "kaldifst":
            raise importlib.metadata.PackageNotFoundError(name)
        return "2.0.1" if name == "sqlalchemy" else "0.140.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    one = found("kaldifst")
    assert (one.good, one.text) == (False, "not installed; run `make setup` in the project's folder")


def test_a_library_out_of_its_known_range_is_bad(monkeypatch):
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda n: "0.160.1" if n == "fastapi" else real(n))
    one = found("fastapi")
    assert one.good is False
    assert one.text == "0.160.1; Prefect's server is known to work with 0.139 to below 0.151"


def test_a_pinned_library_that_is_not_there_does_not_stop_the_doctor(monkeypatch):
    real = importlib.metadata.version

    def version(name):
        if name == "fastapi":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert found("fastapi").good is False


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
