"""A setting by its old name goes on working for one version, with a word on the new one."""

import io

import pytest
from rich.console import Console

from components import recognisers
from components.recognisers import build
from flows.terminal import renamed_settings


@pytest.fixture(autouse=True)
def renamed(monkeypatch):
    monkeypatch.setattr(recognisers, "RENAMED_SETTINGS", {"breadth": "width", "acoustic": "mfcc"})


@pytest.mark.parametrize("name", ["mfcc-svm", "mfcc-svm:speed"])
def test_an_old_name_sets_the_new_knob_and_says_so_once(name):
    shown = io.StringIO()
    with renamed_settings(Console(file=shown, soft_wrap=True)):
        built = [build(name, {"deltas__breadth": 5}) for _ in range(2)]
    widths = {v for one in built for k, v in one.get_params().items() if k.endswith("deltas__width")}
    assert widths == {5}
    assert shown.getvalue() == (
        f"crossover: setting deltas__breadth of {name} is now called deltas__width; use that name.\n"
    )


def test_a_name_that_never_was_is_refused_as_ever():
    with pytest.raises(ValueError, match="unknown setting of mfcc-svm 'deltas__breath'"):
        build("mfcc-svm", {"deltas__breath": 5})
