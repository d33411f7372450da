"""Both families reached no error at the largest size, and the sentence said "so say 26 % of the studies"."""

from dataclasses import replace

from components.speech.nouns import SPEECH_NOUNS
from components.study.curves import crossovers, learning_curves
from components.study.curves.answer import _answer
from tests.report.fake_study import fake_study


def test_an_answer_that_few_resampled_studies_share_is_called_too_close():
    curves = learning_curves(fake_study(draws=2, utterances=24).finished, replications=50)
    tied = replace(crossovers(curves)[0], outcome="never", estimate=None, never=0.26, leads=())
    assert _answer(tied, curves, SPEECH_NOUNS).endswith(
        "utterances tried (too close to call: only 26 % of the resampled studies say the same)."
    )
