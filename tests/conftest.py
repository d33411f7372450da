"""Which tests run, in what order, on which worker; what they are given is in tests/fixtures/."""

import pytest

pytest_plugins = [
    f"tests.fixtures.{name}" for name in ("surroundings", "recordings", "studies", "servers", "browser")
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Benchmarks are skipped; a file is one worker's, but for what its marks give to groups of its own."""
    for item in items:
        if "benchmark" in item.keywords and "benchmark" not in (item.config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="a benchmark: run it with -m benchmark"))
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem}"))
