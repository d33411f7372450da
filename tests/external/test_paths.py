"""Columns in the paths of files."""

import pytest

from components.external.paths import matching


def test_what_stands_in_a_path_is_a_column(tmp_path):
    for name in ("tri3b_100h", "tri3b_960h", "conformer_v2_100h", "other"):
        (tmp_path / "exp" / name).mkdir(parents=True)
        (tmp_path / "exp" / name / "text").write_text("a b")
    found = matching(f"{tmp_path}/exp/{{system}}_{{hours}}h/text")
    assert [values for _, values in found] == [
        {"system": "conformer_v2", "hours": "100"},
        {"system": "tri3b", "hours": "100"},
        {"system": "tri3b", "hours": "960"},
    ]
    assert all(path.is_file() for path, _ in found)


def test_a_column_that_stands_twice_has_one_value(tmp_path):
    for name in ("a/a.trn", "a/b.trn"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path, _ in matching(f"{tmp_path}/{{system}}/{{system}}.trn")] == ["a.trn"]


def test_a_path_that_nothing_fits_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected files or folders whose paths look so"):
        matching(f"{tmp_path}/{{system}}/text")
