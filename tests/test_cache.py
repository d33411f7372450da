"""One folder for everything that may be deleted."""

from pathlib import Path

import pooch

from components.cache import cache_folder


def test_the_environment_says_where_it_is_else_the_system_does(monkeypatch, tmp_path):
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    for unset in (
        lambda: monkeypatch.setenv("CROSSOVER_CACHE", ""),
        lambda: monkeypatch.delenv("CROSSOVER_CACHE"),
    ):
        unset()
        assert cache_folder() == Path(pooch.os_cache("crossover"))
