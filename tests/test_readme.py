"""What README and book show works: their stage is taken from the page and put to work."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.modular.recipes import mfcc_svm
from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import make_folds, training_subset
from components.subjects import check_study

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDING = (ROOT / "docs" / "how-to" / "add-a-part.md").read_text(encoding="utf-8")
RECORDINGS = (ROOT / "docs" / "how-to" / "recordings.md").read_text(encoding="utf-8")


def block(page: str, after: str, language: str) -> str:
    """The first code block of a language after a phrase."""
    return re.search(rf"```{language}\n(.*?)```", page[page.index(after) :], re.S).group(1)


@pytest.fixture
def loudness(tmp_path, monkeypatch):
    path = tmp_path / "loudness_of_the_book.py"
    path.write_text(block(ADDING, "## In this project", "python"))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    return module.Loudness


def test_the_stage_of_the_book_is_one_line_in_a_recipe(loudness, recordings, tmp_path):
    assert (
        block(ADDING, "and its two lines", "python").strip()
        == "from components.speech.features.loudness import Loudness"
    )
    line = block(ADDING, "and in `mfcc_svm`", "python").strip().rstrip(",")
    recogniser = mfcc_svm()
    if "loudness" not in recogniser.named_steps:  # as it is for whoever has followed the page
        recogniser.steps.insert(
            list(recogniser.named_steps).index("mfcc"), eval(line, {"Loudness": loudness})
        )
    recogniser.set_params(loudness__level_db=-30)
    corpus = read_corpus("fsdd", data=recordings, cache=tmp_path)
    fold = make_folds(speech_dataset(corpus), SPEECH_NOUNS)[0]
    train, test = training_subset(speech_dataset(corpus), SPEECH_NOUNS, fold, 120, 0), fold.test
    clips, texts = [corpus.clips[i] for i in train], [corpus.texts[i] for i in train]
    answers = clone(recogniser).fit(clips, texts).predict([corpus.clips[i] for i in test])
    assert np.mean([answer == corpus.texts[i] for answer, i in zip(answers, test, strict=True)]) > 0.7


def test_the_stage_of_the_book_evens_out_loudness(loudness):
    from components.clip import Attested, Clip

    samples = np.tile([0.01, -0.01], 50).astype(np.float32)
    soft = Clip("a", "ann", samples, 8000, attested=Attested("d", samples))
    (louder,) = loudness(level_db=-20).fit([]).transform([soft])
    assert np.abs(louder.samples).max() == pytest.approx(0.1)
    assert soft.digest == "d" != louder.digest  # no longer what the corpus knows by that key
    silent = Clip("b", "ann", np.zeros(10, np.float32), 8000)
    assert not loudness().transform([silent])[0].samples.any()


def test_the_study_file_of_the_book_is_a_study():
    import tomllib

    assert check_study(tomllib.loads(block(RECORDINGS, "## A study in a file", "toml"))).corpus == "fsdd"


def test_every_file_that_the_readme_names_is_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
