"""A ceiling analysis took the first stage for the one that makes frames, and failed if it was another."""

from sklearn.pipeline import Pipeline

from components.laws.examples import labelled
from components.speech.features.trim import Trim
from components.speech.inspection.ceiling.analysis import ceiling_analysis
from components.speech.modular.recipes import mfcc_gmm_hmm


def test_a_stage_may_stand_before_the_one_that_makes_frames():
    clips, texts = labelled()
    trained = Pipeline([("trim", Trim()), *mfcc_gmm_hmm().steps]).fit(clips, texts)
    found = ceiling_analysis(trained, clips[:3], texts[:3])
    assert found.scores.boundaries == 6
    assert found.scores.boundary_ms % 10 == 0
