"""Passwords of addresses: masked wherever one is kept or shown, and found again in the environment."""

import pytest

from components.speech.study import SpeechStudy as Study
from components.study.address import with_password, without_passwords
from components.study.repeat import repeat_command
from components.study.tracking import Store

ADDRESSES = {
    "http://ann:s3cret@host:5000": "http://ann:***@host:5000",
    "https://s3cret@host/path?x=1": "https://***@host/path?x=1",
    "http://ann:p@s3cret@host": "http://ann:***@host",
    "http://ann:#s3cret@host": "http://ann:***@host",
    "postgresql+psycopg2://ann:s3cret@host/db": "postgresql+psycopg2://ann:***@host/db",
    "postgresql://host/db?user=ann&password=s3cret&ssl=on": "postgresql://host/db?user=ann&password=***&ssl=on",
    "https://host/?access_token=s3cret": "https://host/?access_token=***",
}
PLAIN = [
    "http://127.0.0.1:5000/#/experiments/1",
    "sqlite:////home/a@b/mlflow.db",
    "ann@host",
    "a text: b@c",
    "",
]


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch):
    for name in ("URI", "USERNAME", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)


@pytest.mark.parametrize(("address", "shown"), ADDRESSES.items())
def test_a_password_is_masked_and_nothing_else(address, shown):
    assert without_passwords(address) == without_passwords(shown) == shown
    text = "API request to {} failed with '{}'"
    assert without_passwords(text.format(address, address)) == text.format(shown, shown)


@pytest.mark.parametrize("address", PLAIN)
def test_what_holds_no_password_stays_as_it_is(address):
    assert without_passwords(address) == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_masked_address_is_the_whole_one_that_the_environment_names(address, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    assert Store(without_passwords(address)).address == address
    assert Store().shown == without_passwords(address)
    assert "s3cret" not in repr(Store(address))


def test_a_masked_address_goes_without_one_where_mlflow_has_the_password(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "s3cret")
    assert with_password("http://ann:***@host:5000") == "http://host:5000"


def test_a_masked_address_without_its_password_says_where_to_put_it():
    with pytest.raises(ValueError) as error:
        Store("http://ann:***@host").address  # noqa: B018
    assert str(error.value) == (
        "the MLflow store expected the password of http://ann:***@host in the environment, as it is kept "
        "nowhere, got none; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
        "MLFLOW_TRACKING_URI to the whole address."
    )


def test_whatever_is_kept_of_a_study_has_no_password():
    study = Study(corpus="fsdd", tracking="http://ann:s3cret@host", dask="tcp://ann:s3cret@host:8786")
    for kept in (study.recorded(), study.asked(), repeat_command(study), study.shown()):
        assert "s3cret" not in str(kept) and "http://ann:***@host" in str(kept)
    assert study.tracking == "http://ann:s3cret@host"
