"""Clips without texts reach who asks for them: the rest of the training side, the source's, and no more."""

import numpy as np
import pytest

from components.contract import Clip
from components.neural.self_taught.pretraining import MaskedPrediction
from components.study.splits import make_folds, training_subset
from components.study.tracking import read_study
from components.study.tracking.studies import find_study
from components.subjects import check_study
from components.subjects.speech import SPEECH
from flows.prepare import prepare
from flows.pretrain import pretrained
from flows.trial import run_trial
from tests.flows.test_source import manifest
from tests.fsdd import SPEAKERS

NAMES = ["mel-ctc-self-taught", "mfcc-ubm-gmm-hmm", "mel-sparse-svm"]
STEPS = {"mel-ctc-self-taught": {"recogniser__steps": 20, "pretraining__steps": 10}}


@pytest.fixture(scope="module")
def study(recordings, store_in, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    own = manifest(folder, recordings, SPEAKERS[:2], "own.csv")
    lines = own.read_text().splitlines()
    tagged = [f"{lines[0]},accent", *(f"{line},says {line.split(',')[1]}" for line in lines[1:])]
    own.write_text("\n".join(tagged))  # a column that tells what is said
    asked = {"corpus": str(own), "sizes": [10, 20], "draws": 1, "device": "cpu", "settings": STEPS}
    asked["source"] = [str(manifest(folder, recordings, SPEAKERS[2:3], "source.csv"))]
    store = store_in(tmp_path_factory.mktemp("study"))
    return check_study({**asked, "recognisers": NAMES, "tracking": store.address}), store


def handed(study):
    """Study -> its dataset, its fold, the labelled positions of a trial, and what is handed out beside."""
    dataset = SPEECH.read(study)
    (fold,) = make_folds(dataset, SPEECH.nouns)
    labelled = training_subset(dataset, SPEECH.nouns, fold, 10, 0)
    return dataset, fold, labelled, SPEECH.unlabelled(study, dataset, fold, labelled)


def digests(dataset, positions):
    return {dataset.examples[int(position)].digest for position in positions}


def test_it_is_the_rest_of_the_training_side_and_that_of_the_source_and_nothing_of_a_test(study):
    study, _ = study
    dataset, fold, labelled, unlabelled = handed(study)
    source = SPEECH.source(study, dataset)
    (other,) = make_folds(source, SPEECH.nouns)
    got = {clip.digest for clip in unlabelled}
    rest = np.setdiff1d(fold.train, labelled)
    assert len(unlabelled) == len(rest) + len(other.train)
    assert got == digests(dataset, rest) | digests(source, other.train)
    forbidden = digests(dataset, fold.test) | digests(dataset, labelled) | digests(source, other.test)
    assert not got & forbidden


def reachable(item, seen):
    """Every text that can be reached from an object by its attributes and items."""
    if id(item) in seen or isinstance(item, np.ndarray):
        return
    seen[id(item)] = item
    if isinstance(item, str):
        yield item
    inner = list(item) if isinstance(item, list | tuple | set | dict) else []
    inner += list(item.values()) if isinstance(item, dict) else list(getattr(item, "__dict__", {}).values())
    for one in inner:
        yield from reachable(one, seen)


def test_no_text_name_speaker_or_tag_of_such_a_clip_can_be_reached(study):
    dataset, fold, _, unlabelled = handed(study[0])
    assert dataset.examples[int(fold.train[0])].tags, "a tag tells what is said"
    words = set(dataset.targets)
    for clip in unlabelled[:20]:
        assert isinstance(clip, Clip) and (clip.name, clip.speaker, dict(clip.tags)) == ("", "", {})
        assert not [text for text in reachable(clip, {}) if words & set(text.split())]


def test_it_is_read_when_it_is_asked_for_and_not_before(study, monkeypatch):
    dataset, fold, labelled, _ = handed(study[0])
    read = []
    monkeypatch.setattr(type(dataset.examples), "__getitem__", lambda self, place: read.append(place))
    unlabelled = SPEECH.unlabelled(study[0].model_copy(update={"source": []}), dataset, fold, labelled)
    unlabelled[2:5]
    assert len(unlabelled) == len(fold.train) - 10 and read == []


def test_a_study_learns_from_them_once_and_knows_another_source_for_another_trial(study, monkeypatch):
    study, store = study
    trained = []
    own = MaskedPrediction._trained
    monkeypatch.setattr(MaskedPrediction, "_trained", lambda *args: trained.append(args) or own(*args))
    assert pretrained(study, SPEECH.read(study), lambda before: pytest.fail("nothing to train")) == study
    prepared = prepare(study)
    outcomes = [run_trial(study, trial, prepared.run_id, prepared.store) for trial in prepared.missing]
    assert [outcome.error for outcome in outcomes] == [""] * 6 and len(trained) == 1
    record = read_study(store, find_study(store, study.title).info.run_id)
    assert {trial.recogniser for trial in record.finished} == set(NAMES)
    alone = prepare(study.model_copy(update={"source": []}))
    assert len(alone.missing) == 6
