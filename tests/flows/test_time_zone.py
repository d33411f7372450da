"""The time zone of a schedule: the one named, else the machine's, and never a wrong one in silence."""

import time

import pytest

from flows.time_zone import zone_of


@pytest.fixture
def on_a_machine(monkeypatch):
    """A TZ -> the machine's zone."""

    def zone(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()
        return zone_of()

    yield zone
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", ["Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "UTC"])
def test_the_machines_zone_is_known_by_its_name(on_a_machine, name):
    assert on_a_machine(name) == name


@pytest.mark.parametrize("name", ["JST-9", "<+0530>-5:30"])
def test_a_zone_without_a_name_is_asked_for(on_a_machine, name):
    with pytest.raises(ValueError) as error:
        on_a_machine(name)
    assert str(error.value) == (
        "a schedule expected this machine's time zone by name, got one without; name it with --timezone, for "
        "example Asia/Tokyo."
    )


def test_a_zone_that_is_misspelt_gets_the_nearest():
    with pytest.raises(ValueError) as error:
        zone_of("Asia/Tokio")
    assert str(error.value) == (
        "--timezone expected the name of a time zone, got 'Asia/Tokio'; did you mean 'Asia/Tokyo'?"
    )
    assert zone_of("Asia/Tokyo") == "Asia/Tokyo"


def test_a_zone_without_a_cron_line_is_refused(typed):
    status, _, complained = typed("serve", "--every", "5", "--timezone", "UTC")
    assert status == 1
    assert complained == (
        "crossover: --timezone expected a --cron line, whose hours it is of, got none with 'UTC'.\n"
    )
