"""The doctor ended with a stack trace when a package whose version it checks was not installed at all."""

import importlib.metadata

from flows.doctor import TESTED, _in_range


def test_a_package_that_is_not_installed_is_a_finding(monkeypatch):
    def version(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    for name, (low, high) in TESTED.items():
        finding = _in_range(name, low, high)
        assert (finding.good, finding.what) == (False, name)
        assert finding.text == "not installed; run `make setup` in the project's folder"
