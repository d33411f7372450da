"""What `modular` chooses, beside single recipes that it chooses among.

    CROSSOVER_DATA=../shared/data python -m pytest -m benchmark -s tests/benchmarks/test_modular_choices.py

Words wrong, mean of DRAWS draws, and processor seconds of a fit. Bar: on every corpus and size `modular` errs
more than the best single recipe, which is known only from the test, by at most two standard errors over test
clips.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from components.recognisers import build
from components.speech.dataset import open_corpus, read_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score
from components.speech.study import SpeechStudy
from components.study.choices import choices
from components.study.splits import make_folds, training_subset

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
DRAWS, MOST_TEST_CLIPS = int(os.environ.get("DRAWS", 3)), 500
STUDIES = [
    ("fsdd", 20),
    ("fsdd", 100),
    ("speech-commands:zero,one,two,three,four,five", 300),
    ("spoken-commands", 100),
    ("spoken-commands", 300),
]
COPIES = "speed+vtlp+noise"
RECIPES = [
    "mfcc-phone-gmm-hmm",
    f"mfcc-phone-gmm-hmm:{COPIES}",
    "plp-gmm-hmm:plain",
    "plp-gmm-hmm",
    "modular",
]


@pytest.mark.parametrize(("corpus", "size"), STUDIES)
def test_modular_is_as_good_as_the_best_recipe(corpus, size, all_recordings):
    study = SpeechStudy(corpus=corpus, data=str(all_recordings), workers=1)
    dataset = read_dataset(study, open_corpus(study))
    fold = make_folds(dataset, SPEECH_NOUNS)[0]
    clips, texts = dataset.labelled(fold.test[:: -(-len(fold.test) // MOST_TEST_CLIPS)])
    words, errors = sum(len(text.split()) for text in texts), {}
    print(f"\n{corpus}, {size} labelled, {len(clips)} tested, {DRAWS} draws")
    for name in RECIPES:
        own, seconds, chosen = np.zeros((DRAWS, len(clips))), 0.0, []
        for draw in range(DRAWS):
            train = dataset.labelled(training_subset(dataset, SPEECH_NOUNS, fold, size, draw))
            began = time.process_time()
            recogniser = build(name, language=dataset.facts["language"]).fit(*train)
            seconds += (time.process_time() - began) / DRAWS
            answers = recogniser.predict(clips)
            own[draw] = [score(*pair).errors for pair in zip(texts, answers, strict=True)]
            chosen.append("/".join(choice.chosen for choice in choices(recogniser)))
        errors[name] = own.mean(axis=0)
        print(f"{name:40s} {100 * own.mean(axis=0).sum() / words:5.1f} %  fit {seconds:5.1f} s", *chosen)
    best = min((own for name, own in errors.items() if name != "modular"), key=np.sum)
    harm = errors["modular"] - best
    assert harm.sum() <= 2 * np.sqrt(len(harm)) * harm.std()
