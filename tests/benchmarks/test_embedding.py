"""Words wrong on FSDD's official split, by features that others learned and by hand-made ones.

Bar: with the same classifier on top, what others learned errs less than what is made by hand.
"""

import numpy as np
import pytest

from components.recognisers import build
from components.speech.dataset import open_corpus, read_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score
from components.speech.study import SpeechStudy
from components.study.splits import make_folds, training_subset
from tests.speech.features.wheel import WHEEL

SYSTEMS = {"embedding-svm": {"embedding__weights": str(WHEEL)}, "mfcc-svm": {}, "mfcc-gmm-hmm": {}}


@pytest.mark.benchmark
def test_embedding_beside_mfcc():
    study = SpeechStudy(corpus="fsdd")
    dataset = read_dataset(study, open_corpus(study))
    fold = make_folds(dataset, SPEECH_NOUNS)[0]
    clips, texts = dataset.labelled(fold.test)
    for size in (20, 100):
        wrong = {}
        for name, settings in SYSTEMS.items():
            errors = [_errors(build(name, settings), dataset, fold, size, d, clips, texts) for d in (0, 1)]
            print(f"{name} {size}: {100 * np.mean(errors) / len(texts):.1f} % ({errors} of {len(texts)})")
            wrong[name] = sum(errors)
        assert wrong["embedding-svm"] < wrong["mfcc-svm"]


def _errors(recogniser, dataset, fold, size, draw, clips, texts):
    rows = training_subset(dataset, SPEECH_NOUNS, fold, size, draw)
    answers = recogniser.fit(*dataset.labelled(rows)).predict(clips)
    return sum(score(*pair).errors for pair in zip(texts, answers, strict=True))
