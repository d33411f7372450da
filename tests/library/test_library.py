"""The library as a notebook uses it: recognisers on real recordings, a study, answers as DataFrames."""

import ast
import subprocess
import sys
from html import unescape
from pathlib import Path

import crossover
import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, GroupKFold

from tests.commands import ROOT

SOURCE = ROOT / "components" / "library" / "crossover" / "__init__.py"


@pytest.fixture(scope="module")
def corpus(recordings):
    return crossover.read_corpus("fsdd", data=recordings)


def test_importing_it_imports_none_of_what_is_slow():
    slow = "{'numpy', 'pandas', 'torch', 'sklearn', 'pydantic', 'prefect', 'mlflow'}"
    program = f"import sys, crossover; print(sorted({slow} & sys.modules.keys()), dir(crossover)[0])"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=SOURCE.parents[1], capture_output=True, text=True
    )
    assert ran.stdout == "[] Clip\n", ran.stderr


def test_every_name_is_there_documented_and_known_to_type_checkers():
    tree = ast.parse(SOURCE.read_text())
    (guarded,) = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {alias.name for node in guarded.body for alias in node.names}
    assert typed == set(crossover.__all__) == {name for names in crossover.HOMES.values() for name in names}
    for name in typed - {"word_error_scorer"}:
        assert getattr(crossover, name).__doc__, name
    assert (SOURCE.parent / "py.typed").exists()
    with pytest.raises(AttributeError, match="module 'crossover' has no 'fit'; it has Clip, "):
        crossover.fit  # noqa: B018


def test_a_recogniser_is_fitted_asked_and_scored(corpus):
    clips, test_clips, texts, test_texts = crossover.train_test_split(corpus, size=100)
    assert len(clips) == len(texts) == 100 and len(test_clips) == len(test_texts) == 60
    recogniser = crossover.build_recogniser("mfcc-svm", statistics__segments=4)
    assert isinstance(recogniser, crossover.Recogniser)
    answers = recogniser.fit(clips, texts).predict(test_clips)
    counts = crossover.score(test_texts, answers)
    wrong = sum(answer != text for answer, text in zip(answers, test_texts, strict=True))
    assert counts.words == 60 and counts.errors == wrong < 20
    assert counts.rate == crossover.word_error_rate(test_texts, answers) == pytest.approx(wrong / 60)
    with pytest.raises(ValueError, match="shorter"):
        crossover.score(test_texts, answers[1:])


def test_a_corpus_shows_what_is_in_it(corpus):
    shown = "180 clips, 1.3 minutes at 8,000 Hz, 10 different texts in en-us, 6 speakers"
    assert repr(corpus) == f"<Corpus fsdd: {shown}>"
    assert repr(corpus.clips) == f"<Clips: 180 in {corpus.folder}>"


def test_subsets_nest_and_who_is_tested_is_not_trained_on(corpus):
    small, large = (crossover.train_test_split(corpus, size=size, draw=1)[0] for size in (20, 40))
    assert {clip.name for clip in small} < {clip.name for clip in large}
    clips, test_clips, *_ = crossover.train_test_split(corpus, split="leave-one-speaker-out", fold="theo")
    assert {clip.speaker for clip in test_clips} == {"theo"} and len(clips) == 150
    assert "theo" not in {clip.speaker for clip in clips}
    with pytest.raises(ValueError, match="unknown fold 'tho'; did you mean 'theo'"):
        crossover.train_test_split(corpus, split="leave-one-speaker-out", fold="tho")


def test_scikit_learns_grid_search_works_on_it_as_it_is(corpus):
    grid = {"statistics__segments": [1, 8]}
    search = GridSearchCV(
        crossover.build_recogniser("mfcc-svm"),
        grid,
        scoring=crossover.word_error_scorer,
        cv=GroupKFold(3),
        error_score="raise",
    )
    search.fit(corpus.clips, corpus.texts, groups=corpus.clips.speakers)
    worse, better = search.cv_results_["mean_test_score"]
    assert -1 <= worse < better <= 0 and search.best_params_ == {"statistics__segments": 8}
    assert search.predict(corpus.clips[:2]) == corpus.texts[:2]


@pytest.mark.slow
def test_a_study_is_run_and_read_again_as_tables(digits, store, capfd):
    asked = {"corpus": "fsdd", "data": str(digits), "recognisers": ["mfcc-svm", "mel-ctc"], "draws": 1}
    tiny = {"mel-ctc": {"steps": 8, "channels": 16}}
    study = crossover.compare(**asked, sizes=[10, 20], settings=tiny, tracking=store.address)
    assert study.sentence in repr(study)
    trials = study.trials.set_index(["recogniser", "size"])
    assert sorted(trials.index) == [("mel-ctc", 10), ("mel-ctc", 20), ("mfcc-svm", 10), ("mfcc-svm", 20)]
    assert set(trials["status"]) == {"finished"} and trials["wer"].between(0, 2).all()
    run, rate = trials.loc[("mfcc-svm", 20), ["run", "wer"]]
    points = study.points.set_index(["recogniser", "size"])
    assert points.loc[("mfcc-svm", 20), "wer"] == pytest.approx(rate)
    (pair,) = study.answer.to_dict("records")  # of one system of each family, none is the best of several
    assert pair["modular"] == "mfcc-svm" and np.isnan([pair["low"], pair["high"]]).all()
    assert pair["end_to_end"] == "mel-ctc" and pair["outcome"] == "never" and np.isnan(pair["estimate"])
    pd.testing.assert_frame_equal(crossover.read_study("fsdd", store.address).trials, study.trials)
    recogniser = crossover.load_recogniser(run, store.address)
    clips, texts = crossover.train_test_split(crossover.read_corpus("fsdd", data=digits))[1::2]
    assert crossover.score(texts, recogniser.predict(clips)).rate == pytest.approx(rate)
    with pytest.raises(ValueError, match="did you mean"):
        crossover.compare(corpus="fsdd", size=[10])


@pytest.fixture(scope="module")
def results():
    """Word errors of two systems, whose lead changes at 100 labelled utterances."""
    rows = [
        {"system": system, "size": size, "seed": seed, "speaker": who, "errors": errors + seed, "words": 400}
        for system, by_size in {"kaldi": (80, 70, 60), "whisper": (160, 70, 20)}.items()
        for size, errors in zip((10, 100, 1000), by_size, strict=True)
        for seed in range(3)
        for who in ("ann", "bob", "cyd")
    ]
    return pd.DataFrame(rows)


def test_a_data_frame_of_results_has_an_answer(results):
    study = crossover.answer(results, modular="kaldi", end_to_end="whisper")
    (best,) = study.answer.to_dict("records")
    assert best["outcome"] == "inside" and best["estimate"] == pytest.approx(100, rel=0.05)
    assert best["low"] < 100 < best["high"]
    assert len(study.trials) == 18 and study.points["wer"].min() == pytest.approx(21 / 400)
    indexed = results.set_index(["system", "size"]).astype({"errors": "Int64"})
    again = crossover.answer(indexed, modular=["kaldi"], end_to_end=["whisper"])
    pd.testing.assert_frame_equal(again.answer, study.answer)
    with pytest.raises(ValueError, match="kaldi"):
        crossover.answer(results)


def test_in_a_notebook_a_study_is_its_page(results):
    shown = crossover.answer(
        results, modular="kaldi", end_to_end="whisper", name="mine & yours"
    )._repr_html_()
    assert shown.startswith('<iframe title="mine &amp; yours"') and shown.count("<") == 2
    page = unescape(shown[shown.index('srcdoc="') + 8 : shown.rindex('"')])
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    assert "crossover.answer(results, modular=[&#39;kaldi&#39;]" in page.replace("'", "&#39;")
    assert "about <strong>" in page or "<strong>about 100 labelled utterances</strong>" in page


def test_a_wheel_has_it_under_its_own_name_and_typed():
    import tomllib

    from setuptools.config.expand import find_packages

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders: dict[str, str] = {}
    found = find_packages(root_dir=str(ROOT), fill_package_dir=folders, **settings["packages"]["find"])
    assert "crossover" in found and folders["crossover"] == "components/library/crossover"
    assert not [name for name in found if name.startswith(("components.library", "tests"))]
    assert settings["package-data"]["crossover"] == ["py.typed"]
    assert Path(ROOT, "components/library/crossover/py.typed").is_file()
