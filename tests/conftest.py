"""Which tests run, and in what order; what they are given is in tests/fixtures/."""

import pytest

FIXTURES = ("surroundings", "recordings", "wake_words", "studies", "servers", "machines", "postgresql")
FIXTURES += ("browser",)
pytest_plugins = [f"tests.fixtures.{name}" for name in FIXTURES]
BY_HAND = {"benchmark": "a benchmark", "soak": "it takes an hour"}
LONG = ("laws/test_recognisers.py", "neural/test_decoders.py", "modular/test_recipes.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What is run by hand is skipped; files with real processes, which take longest, begin, then long ones.

    A worker runs whole files (--dist loadfile), so that what a file's tests share is made once.
    """
    for item in items:
        for mark, why in BY_HAND.items():
            if mark in item.keywords and mark not in (item.config.option.markexpr or ""):
                item.add_marker(pytest.mark.skip(reason=f"{why}: run it with -m {mark}"))
    slow = {item.path for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: (item.path not in slow, not item.path.as_posix().endswith(LONG)))
