"""Which tests run, in what order, on which worker; what they are given is in tests/fixtures/."""

import pytest

pytest_plugins = [
    f"tests.fixtures.{name}" for name in ("surroundings", "recordings", "studies", "servers", "browser")
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Benchmarks are skipped; groups are made; those with real processes, which take longest, begin."""
    for item in items:
        if "benchmark" in item.keywords and "benchmark" not in (item.config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="a benchmark: run it with -m benchmark"))
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem}"))
    slow = {group_of(item) for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: group_of(item) not in slow)


def group_of(item):
    """The group whose tests are run one after another by one worker: a file, unless its marks say other."""
    return item.get_closest_marker("xdist_group").args[0]
