"""The doctor ended with a stack trace when a package whose version it checks was not installed at all."""

import importlib.metadata

from packaging.requirements import Requirement

from flows.doctor import _installed, _requirements


def test_a_package_that_is_not_installed_is_a_finding(monkeypatch):
    def version(name):
        raise importlib.metadata.PackageNotFoundError(name)

    wanted = [Requirement(one) for one in _requirements()]
    assert {"fastapi", "sqlalchemy", "torch"} <= {one.name for one in wanted}
    monkeypatch.setattr(importlib.metadata, "version", version)
    for one in wanted:
        finding = _installed(one)
        assert (finding.good, finding.what) == (False, one.name)
        assert finding.text == "not installed; run `make setup` in the project's folder"
