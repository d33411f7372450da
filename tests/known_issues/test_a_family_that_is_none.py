"""A recipe whose family was misspelt could be trained, and was compared with nothing."""

import pytest

from components.recognisers import mfcc_svm
from components.study.recipe import Recipe


def test_a_misspelt_family_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"^unknown family of a recipe 'modlar'; did you mean 'modular'\?"):
        Recipe(mfcc_svm, "modlar")
