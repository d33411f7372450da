"""A source whose table names no speakers stopped every study that learns from it ("split 'speakers' expected
at least 2 speakers in source.csv, got 0"). Its own test decides nothing, so its utterances are split."""

import pytest

from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import source_fold
from components.subjects import check_study
from components.subjects.speech import SPEECH
from tests.fsdd import DIGITS, SPEAKERS, paths_of


@pytest.fixture
def study(recordings, tmp_path):
    """Two speakers' digits, and a source of all others' without names."""
    rows = {"own.csv": ["path,text,speaker"], "source.csv": ["path,text"]}
    for path in paths_of(recordings):
        word, who, _ = path.stem.split("_")
        own = who in SPEAKERS[:2]
        name = f",{who}" if own else ""
        rows["own.csv" if own else "source.csv"].append(f"{path},{DIGITS[int(word)]}{name}")
    for file, lines in rows.items():
        (tmp_path / file).write_text("\n".join(lines))
    files = [str(tmp_path / file) for file in rows]
    return check_study({"corpus": files[0], "source": [files[1]], "recognisers": ["mel-ctc-last-layer"]})


def test_it_is_trained_on_by_a_study_that_tests_some_of_its_utterances(study):
    assert SPEECH.pretraining(study, SPEECH.read(study)).split == SPEECH_NOUNS.items


def test_others_learn_from_four_fifths_of_it(study):
    source = SPEECH.source(study, SPEECH.read(study))
    fold = source_fold(source, SPEECH_NOUNS)
    assert len(fold.train) + len(fold.test) == len(source.examples)
    assert not set(fold.train.tolist()) & set(fold.test.tolist())
    assert len(fold.test) == pytest.approx(len(source.examples) / 5, abs=1)


def test_a_source_that_names_them_is_split_by_them(study):
    dataset = SPEECH.read(study)
    fold = source_fold(dataset, SPEECH_NOUNS)
    assert {dataset.groups[row] for row in fold.train} & {dataset.groups[row] for row in fold.test} == set()
