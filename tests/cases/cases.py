"""Users' recordings that once went wrong: made by each case's own script, read, looked at, learned from."""

from __future__ import annotations

import os
import runpy
import sys
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from components.speech.check import check_corpus
from components.speech.corpus import Corpus, read_corpus
from components.speech.dataset import speech_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score_utterances
from components.speech.study import SpeechStudy
from components.study.checks import DataCheck
from components.study.splits import make_folds, training_subset

VARIABLE = "CROSSOVER_CASES"
PEOPLE = {"george", "jackson", "lucas", "nicolas", "theo", "yweweler"}
THREE_WORDS = {"one": 30, "two": 30, "six": 30}
ALL_ASIDE = (
    "All {count} recordings of the corpus '{path}' had to be set aside: {why} ({count}); first {first!r}. "
)
MEND = "Mend these files or give other ones."
BESIDE_THE_PROJECT = Path(__file__).parents[3] / "shared" / "cases"


def cases_folder() -> Path:
    """The folder of the cases; whoever lacks it skips, and says so."""
    folder = Path(os.environ.get(VARIABLE, BESIDE_THE_PROJECT))
    if not (folder / "_common.py").is_file():
        pytest.skip(f"needs the cases that went wrong, not in {folder}: set {VARIABLE} to their folder")
    return folder


def make(case: str, folder: Path) -> Path:
    """A case and an empty folder -> the folder in which its make.py wrote the data."""
    script = cases_folder() / case / "make.py"
    made = folder / case
    if not made.exists():
        with patch.object(sys, "argv", [str(script), str(made)]), patch.object(sys, "path", [*sys.path]):
            runpy.run_path(str(script), run_name="__main__")
    return made


def read(path: Path, **settings: str) -> Corpus:
    """A path -> its corpus, prepared beside the case."""
    cache = path.parents[1] / "cache"
    return read_corpus(str(path), cache=cache, workers=1, **settings)


def refusal(path: Path) -> str:
    """The text with which a path is refused."""
    with pytest.raises(ValueError) as error:
        read(path)
    return str(error.value)


def look(corpus: Corpus) -> DataCheck:
    """A corpus -> the look at it."""
    return check_corpus(SpeechStudy(corpus=corpus.name), speech_dataset(corpus))


def verdicts(corpus: Corpus) -> dict[str, str]:
    """A corpus -> the verdict of every check that found something, but for those of few test utterances."""
    few = ("small-test", "one-speaker-train", "one-speaker-test")
    return {result.name: result.verdict for result in look(corpus).results if result.name not in few}


def message(corpus: Corpus, name: str) -> str:
    """What the check of a name says."""
    return next(str(result) for result in look(corpus).results if result.name == name)


def said(corpus: Corpus) -> dict[str, int]:
    """How often each text is said."""
    return dict(Counter(corpus.texts))


def speakers(corpus: Corpus) -> list[str]:
    """The speaker of each clip."""
    return [clip.speaker for clip in corpus.clips]


def reasons(corpus: Corpus) -> dict[str, str]:
    """Name of each recording that was set aside -> why."""
    return {item.name: item.reason for item in corpus.set_aside}


def is_whole(corpus) -> bool:
    """Whether a corpus has the 90 clips of three words by six people that most cases are made of."""
    return said(corpus) == THREE_WORDS and set(speakers(corpus)) == PEOPLE and not corpus.set_aside


def assert_alike(corpus: Corpus, twin: Corpus, rounded: int = 0) -> None:
    """The same samples, texts, speakers and parts, in the same order; ends `rounded` samples apart."""
    assert corpus.texts == twin.texts and corpus.parts == twin.parts and speakers(corpus) == speakers(twin)
    for clip, other in zip(corpus.clips, twin.clips, strict=True):
        both = min(len(clip.samples), len(other.samples))
        assert max(len(clip.samples), len(other.samples)) - both <= rounded, clip.name
        assert clip.rate == other.rate and np.array_equal(clip.samples[:both], other.samples[:both]), (
            clip.name
        )


def error_rate(corpus: Corpus, size: int = 60, name: str = "mfcc-svm") -> float:
    """The share of words that a recogniser gets wrong, trained on so many utterances."""
    from components.recognisers import build

    dataset = speech_dataset(corpus)
    fold = make_folds(dataset, SPEECH_NOUNS)[0]
    trained = training_subset(dataset, SPEECH_NOUNS, fold, min(size, len(fold.train)), draw=0)
    recogniser = build(name, language=corpus.language).fit(*dataset.labelled(trained))
    clips, texts = dataset.labelled(fold.test)
    names = [clip.name for clip in clips]
    scores = score_utterances(names, [clip.speaker for clip in clips], texts, recogniser.predict(clips))
    return float(scores["errors"].sum() / scores["total"].sum())
