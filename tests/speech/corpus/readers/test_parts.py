"""What manifests call the parts of a corpus."""

import pytest

from components.speech.corpus.readers.parts import find_part, parse_part


@pytest.mark.parametrize(
    ("named", "part"),
    [("Training", "train"), (" val ", "dev"), ("validation", "dev"), ("EVAL", "test"), ("", ""), ("x", None)],
)
def test_names_of_parts(named, part):
    assert find_part(named) == part


def test_another_name_is_an_error_with_its_place():
    with pytest.raises(ValueError) as error:
        parse_part("extra", "m.csv, line 3")
    assert str(error.value) == (
        "m.csv, line 3: expected a part train, dev or test (or validation, eval ...), got 'extra'; rename it."
    )
