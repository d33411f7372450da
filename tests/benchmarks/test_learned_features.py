"""Words wrong on FSDD's official split, by what was learned on Speech Commands, phones and features.

    SOURCE_CLIPS=4000 DRAWS=2 SYSTEMS=mfcc-map-gmm-hmm,modular-from-source \
        python -m pytest -m benchmark -s tests/benchmarks/test_learned_features.py

Bar: with 20 labelled words the best that starts from the source errs less than mfcc-gmm-hmm without it.
"""

import os
import time

import numpy as np
import pytest

from components.recognisers import build, recipe
from components.speech.dataset import open_corpus, read_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score
from components.speech.study import SpeechStudy
from components.speech.transfer import PHONE_MLP
from components.study.choices import choices
from components.study.saving import FILE, save
from components.study.splits import make_folds, training_subset

SYSTEMS = "mfcc-gmm-hmm,mfcc-map-gmm-hmm,mfcc-bottleneck-gmm-hmm,mfcc-tandem-gmm-hmm,modular-from-source"
SOURCE_CLIPS, DRAWS = int(os.environ.get("SOURCE_CLIPS", 14_154)), int(os.environ.get("DRAWS", 1))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The file of a hybrid of phones, trained on clips of Speech Commands drawn at random."""
    folder = tmp_path_factory.mktemp("source")
    dataset, fold = opened("speech-commands", rate=8000)
    rows = np.random.default_rng(0).permutation(fold.train)[:SOURCE_CLIPS]
    started = time.process_time()
    save(build(PHONE_MLP).fit(*dataset.labelled(rows)), folder)
    print(f"\n{PHONE_MLP} on {len(rows):,} clips: {time.process_time() - started:.0f} s of a processor")
    return str(folder / FILE)


@pytest.mark.benchmark
def test_what_was_learned_on_a_source(source):
    dataset, fold = opened("fsdd")
    test = dataset.labelled(fold.test)
    for size in (20, 100):
        wrong = {}
        for name in os.environ.get("SYSTEMS", SYSTEMS).split(","):
            recogniser = build(name, source=source) if recipe(name).source else build(name)
            errors, seconds, chosen = [], 0.0, []
            for draw in range(DRAWS):
                rows = training_subset(dataset, SPEECH_NOUNS, fold, size, draw)
                started = time.process_time()
                recogniser.fit(*dataset.labelled(rows))
                seconds += time.process_time() - started
                chosen += [choice.chosen for choice in choices(recogniser)]
                errors.append(wrong_words(recogniser, *test))
            rate = 100 * np.mean(errors) / len(test[1])
            print(
                f"{name} {size}: {rate:.1f} % {errors}, {seconds / DRAWS:.1f} s to train {chosen}", flush=True
            )
            wrong[name] = np.mean(errors)
        if size == 20:
            assert min(wrong.values()) < wrong.get("mfcc-gmm-hmm", np.inf)


def opened(corpus, **settings):
    """A corpus by name -> its dataset and its first fold."""
    study = SpeechStudy(corpus=corpus, workers=1, **settings)
    dataset = read_dataset(study, open_corpus(study))
    return dataset, make_folds(dataset, SPEECH_NOUNS)[0]


def wrong_words(recogniser, clips, texts):
    return sum(score(*pair).errors for pair in zip(texts, recogniser.predict(clips), strict=True))
