"""Which tests run, and in what order; what they are given is in tests/fixtures/."""

import pytest

pytest_plugins = [
    f"tests.fixtures.{name}" for name in ("surroundings", "recordings", "studies", "servers", "browser")
]
LONG = ("laws/test_recognisers.py", "neural/test_decoders.py", "modular/test_recipes.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Benchmarks are skipped; files with real processes, which take longest, begin, then other long ones.

    A worker runs whole files (--dist loadfile), so that what a file's tests share is made once.
    """
    for item in items:
        if "benchmark" in item.keywords and "benchmark" not in (item.config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="a benchmark: run it with -m benchmark"))
    slow = {item.path for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: (item.path not in slow, not item.path.as_posix().endswith(LONG)))
