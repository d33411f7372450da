"""A '?' in the path of a store's folder put its database elsewhere, where other folders found it."""

import pytest

from components.study.tracking import Store


def test_a_folder_with_a_question_mark_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(ValueError) as failure:
        Store(str(tmp_path / "what?" / "mlruns")).client.search_experiments()
    assert "expected a folder without '?'" in str(failure.value) and "--tracking" in str(failure.value)
    assert list(tmp_path.iterdir()) == []
