"""Claims on several tasks: labels that are missing, a task without any meaning, gender together or apart.

CROSSOVER_DATA=... python -m pytest -m benchmark -s tests/benchmarks/test_tasks.py
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from components.neural import CtcRecogniser, MultiTask
from components.neural.tasks.task_network import TaskNetwork
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.features.deltas import Deltas
from components.speech.features.mfcc import Mfcc
from components.speech.modular.task_models import clip_statistics, fit_model
from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import score
from components.speech.tasks import read_tasks
from components.study.splits import make_folds, training_subset
from components.study.task import Task

DRAWS = (0, 1)
STAGES = (Mfcc(), Deltas())
SHARES = (0.0, 0.5, 0.9, 0.95, 1.0)
EVERY = 5  # of the test utterances of speechocean762: all of its speakers


class Side:
    """Clips, texts and one task of a part of a dataset."""

    def __init__(self, dataset, positions, name):
        self.clips, self.texts = dataset.labelled(positions)
        self.task = dataset.tasks_at(positions)[name]


def sides(dataset, size, draw, name, every=1):
    """A dataset -> what is trained on, what is tested."""
    fold = make_folds(dataset, SPEECH_NOUNS)[0]
    chosen = training_subset(dataset, SPEECH_NOUNS, fold, size, draw)
    return Side(dataset, chosen, name), Side(dataset, fold.test[::every], name)


@pytest.fixture(scope="module")
def digits(all_recordings, tmp_path_factory):
    corpus = read_corpus("fsdd", data=all_recordings, cache=tmp_path_factory.mktemp("cache"), workers=1)
    return speech_dataset(corpus, read_tasks(corpus, ["speaker"]))


@pytest.fixture(scope="module")
def sentences(all_recordings, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    corpus = read_corpus("speechocean762", data=all_recordings / "speechocean762", cache=cache, workers=1)
    return speech_dataset(corpus, read_tasks(corpus, ["gender"]))


def wrong_words(texts: Sequence[str], given: Sequence[str]) -> float:
    counts = [score(*pair) for pair in zip(texts, given, strict=True)]
    return sum(one.errors for one in counts) / sum(one.words for one in counts)


def wrong(task: Task, answers: Sequence[str]) -> float:
    return float(np.mean([label != answer for label, answer in zip(task.labels, answers, strict=True)]))


def with_missing(task: Task, share: float, rng: np.random.Generator) -> Task:
    """A task -> the same without a share of its labels, drawn at random."""
    lost = set(rng.permutation(len(task.labels))[: round(share * len(task.labels))].tolist())
    return replace(task, labels=[None if i in lost else label for i, label in enumerate(task.labels)])


def permuted(task: Task, rng: np.random.Generator) -> Task:
    """A task -> the same with its labels in another order: it has nothing to do with the clips."""
    return replace(task, labels=[task.labels[i] for i in rng.permutation(len(task.labels))])


def errors_of_digits(digits, change, size=100) -> tuple[float, float]:
    """What is done to the training labels of the speakers -> wrong words and wrong speakers, of all draws."""
    words, speakers = [], []
    for draw in DRAWS:
        train, test = sides(digits, size, draw, "speaker")
        task = change(train.task, np.random.default_rng(draw))
        model = MultiTask(CtcRecogniser(seed=draw)).fit(train.clips, train.texts, {"speaker": task})
        words.append(wrong_words(test.texts, model.predict(test.clips)))
        answers = model.predict_tasks(test.clips).get("speaker", [None] * len(test.clips))
        speakers.append(wrong(test.task, answers))
    return float(np.mean(words)), float(np.mean(speakers))


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
def test_labels_of_the_second_task_missing_at_random(digits):
    rows = {
        share: errors_of_digits(digits, lambda t, rng, s=share: with_missing(t, s, rng)) for share in SHARES
    }
    for share, (words, speakers) in rows.items():
        print(f"\n| {100 * share:.0f} % missing | {100 * words:.1f} | {100 * speakers:.1f} |")
    assert rows[0.9][0] <= rows[0.0][0] + 0.02  # the first task loses nothing that could be measured


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
def test_a_second_task_whose_labels_are_permuted(digits):
    words, speakers = errors_of_digits(digits, permuted)
    print(f"\n| permuted | {100 * words:.1f} | {100 * speakers:.1f} |")
    assert speakers > 0.7  # of six speakers, 83 % by chance


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("size", [10, 30, 100, 300])
def test_gender_of_unseen_speakers(sentences, size):
    """Modular, a network of its own, and beside the words; those of the test are not decoded."""
    found = {}
    for draw in DRAWS:
        train, test = sides(sentences, size, draw, "gender", EVERY)
        tasks, network = {"gender": train.task}, CtcRecogniser(decoding="greedy", seed=draw)
        svm = fit_model(train.task, clip_statistics(STAGES, train.clips), draw)
        alone = TaskNetwork(network).fit(train.clips, train.task)
        together = MultiTask(network).fit(train.clips, train.texts, tasks)
        answers = {
            "statistics of MFCC, SVM": svm.predict(clip_statistics(STAGES, test.clips)),
            "a network of its own": alone.predict(test.clips),
            "beside the words": together.predict_tasks(test.clips)["gender"],
        }
        for name, given in answers.items():
            found.setdefault(name, []).append(wrong(test.task, given))
    for name, rates in found.items():
        print(f"\n| {name} | {size} | {', '.join(f'{100 * rate:.1f}' for rate in rates)} |")
