"""`mfcc-mlp-hmm:augmented` raised TypeError: its acoustic model was told how many clips were no copies.

What was passed on by looking at signatures is now a promise, `LearnsFromCopies`, that all acoustic models
keep.
"""

import pytest

from components.laws.examples import labelled
from components.recognisers import RECOGNISERS, build


@pytest.mark.parametrize("name", [name for name in RECOGNISERS if "hmm" in name])
def test_every_acoustic_model_learns_from_copies(name):
    clips, texts = labelled(12)
    recogniser = build(f"{name}:speed", {"copies": 1}, seed=1)
    assert recogniser.fit(clips, texts).predict(clips[:3]) == texts[:3]
