"""To find the sources of a part, libraries that it may import were imported: one left a file behind."""

import sys

from components.study.fingerprint import forget_sources, source_file

MODULE = "a_library_that_writes"


def test_to_look_for_a_module_of_a_library_runs_none_of_its_code(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / MODULE
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'written')!r}, 'w').close()\n")
    monkeypatch.syspath_prepend(str(package.parent))
    forget_sources()
    assert source_file(f"{MODULE}.Session") is None and source_file(MODULE) is None
    assert MODULE not in sys.modules and not (tmp_path / "written").exists()
