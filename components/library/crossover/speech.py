"""Recognisers outside a study: built by their names, trained on a corpus, scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.metrics import make_scorer

from components.contract import Clip
from components.recognisers import build
from components.speech.corpus import Corpus
from components.speech.dataset import speech_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import Counts, score_texts, word_error_rate
from components.study.splits import fold_named, make_folds, training_subset

word_error_scorer = make_scorer(word_error_rate, greater_is_better=False)
"""Word error rate for scikit-learn's model selection, negative as higher is better there."""


def train_test_split(
    corpus: Corpus, size: int | None = None, draw: int = 0, split: str = "auto", fold: str = "", seed: int = 0
) -> tuple[list[Clip], list[Clip], list[str], list[str]]:
    """A corpus -> training clips, test clips, training texts, test texts, as a study divides them.

    Raises ValueError for a split or size that cannot be.

    Parameters
    ----------
    corpus
        As `read_corpus` gives it.
    size, draw
        So many training clips, of this draw; subsets of one draw nest. None: all of them.
    split
        Who is tested: auto, declared, speakers, leave-one-speaker-out, clips.
    fold
        Of a split with several, such as a speaker's name; empty: the first.
    seed
        Of a split that is drawn.
    """
    dataset = speech_dataset(corpus)
    folds = make_folds(dataset, SPEECH_NOUNS, split, seed)
    chosen = fold_named(folds, fold) if fold else folds[0]
    train = chosen.train if size is None else training_subset(dataset, SPEECH_NOUNS, chosen, size, draw)
    sides = train, chosen.test
    clips, test_clips = ([corpus.clips[place] for place in side] for side in sides)
    texts, test_texts = ([corpus.texts[place] for place in side] for side in sides)
    return clips, test_clips, texts, test_texts


def build_recogniser(name: str, language: str = "", seed: int = 0, **settings: Any) -> BaseEstimator:
    """Name of a recogniser -> the untrained recogniser: `fit(clips, texts)`, then `predict(clips)`.

    Raises ValueError naming every knob that is not there.

    Parameters
    ----------
    name
        As `crossover recognisers` lists them, perhaps with a variant: "mel-ctc:plain".
    language
        Of the texts, such as `corpus.language`; empty: the recogniser's own, English.
    seed
        From which weights a network starts.
    settings
        Its knobs, those of a part with the part's name before them: `channels=96`, `mfcc__bands=30`.
    """
    everywhere = {"seed": seed} | ({"language": language} if language else {})
    return build(name, settings, **everywhere)


def load_recogniser(run: str, tracking: str = "", trusted: Sequence[str] = ()) -> BaseEstimator:
    """Id of a trial's run, as `Study.trials` has it -> its trained recogniser.

    Raises ValueError where there is no such run, or it kept no recogniser.

    Parameters
    ----------
    run
        Of a trial that has finished.
    tracking
        The store: an MLflow address, or a folder; empty: MLFLOW_TRACKING_URI, else ./mlruns.
    trusted
        Names of classes from outside this project and its plugins that it may hold.
    """
    from components.study.tracking import open_store
    from components.subjects import speech

    return speech.load_recogniser(open_store(tracking), run, tuple(trusted))[0]


def score(references: Sequence[str], hypotheses: Sequence[str]) -> Counts:
    """References and hypotheses, in the same order -> counts of errors over all of them, and their rates.

    Words count as they are written; `rate` and `character_rate` are shares: 0.05 is 5 %.
    """
    return score_texts(references, hypotheses)
