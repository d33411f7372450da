"""A study file whose JSON was a list ended with a TypeError and its stack trace."""

import pytest

from components.study.study import read_study_file


def test_a_study_file_that_holds_no_settings_by_name_is_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[1, 2]")
    with pytest.raises(ValueError) as error:
        read_study_file(path)
    assert str(error.value) == f"study file {path} expected settings by name, got a list."
