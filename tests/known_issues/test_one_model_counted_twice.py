"""A model of phones in context held its mixtures under two names, and its report said twice the numbers."""

import pytest

from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.study.saving import learned_numbers
from tests.speech.acoustic.correlated import LEXICON, make_clips


@pytest.mark.parametrize("kind", [TriphoneGmmHmm, LdaMlltGmmHmm])
def test_what_a_model_learned_is_counted_once(kind):
    taught = kind().fit(*make_clips(6), LEXICON)
    projection = getattr(taught, "weights_", None)
    more = 0 if projection is None else projection.size
    assert learned_numbers(taught) == learned_numbers(taught.model_) + more
