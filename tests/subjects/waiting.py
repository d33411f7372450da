"""A subject whose systems learn nothing: one answers at once, one fails, one waits to be ended,
one writes down that it learned."""

import os
import time
from pathlib import Path

from sklearn.base import BaseEstimator

from components.study.dataset import Dataset
from components.study.recipe import Recipe
from components.study.subject import Subject, catalogue
from tests.subjects.digits import NOUNS, score

BEGUN = "CROSSOVER_TEST_BEGUN"  # names the file that says that a trial waits
SECONDS = "CROSSOVER_TEST_SECONDS"  # for how long, if not two minutes
FAILS = "CROSSOVER_TEST_FAILS"  # names the file at whose sight a trial that waits fails
TRAINED = "CROSSOVER_TEST_TRAINED"  # names the file that has a line for every fit of `Counted`


class Constant(BaseEstimator):
    """Answers with the first target that it was shown."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, examples, targets):
        self.answer_ = int(targets[0])
        return self

    def predict(self, examples):
        return [self.answer_] * len(examples)


class Broken(Constant):
    """Cannot learn."""

    def fit(self, examples, targets):
        raise ValueError("out of paper")


class Waiting(Constant):
    """Learns for two minutes, or until it is to fail."""

    def fit(self, examples, targets):
        Path(os.environ[BEGUN]).write_text(str(os.getpid()))
        fails = Path(os.environ.get(FAILS, os.devnull))
        end = time.monotonic() + float(os.environ.get(SECONDS, 120))
        while (left := end - time.monotonic()) > 0:
            if fails.is_file():
                raise ValueError("out of ink")
            time.sleep(min(left, 0.1))
        return super().fit(examples, targets)


class Counted(Constant):
    """Learns for a moment, and writes down that it did."""

    def fit(self, examples, targets):
        with open(os.environ[TRAINED], "a") as file:
            file.write(f"{len(examples)} {self.seed}\n")
        time.sleep(0.5)
        return super().fit(examples, targets)


def read(study, progress):
    numbers = list(range(16))
    parts = ["train" if number % 2 else "test" for number in numbers]
    facts = {"name": "numbers", "fingerprint": f"numbers-{study.seed}"}
    ids, groups = [f"number-{number}" for number in numbers], [""] * len(numbers)
    targets = [number % 3 for number in numbers]
    return Dataset(numbers, targets, ids, groups, parts, facts["fingerprint"], facts, closed=True)


RECIPES = {
    "constant": Recipe(Constant, "modular"),
    "broken": Recipe(Broken, "end-to-end"),
    "waiting": Recipe(Waiting, "end-to-end"),
    "counted": Recipe(Counted, "end-to-end"),
}
NUMBERS = Subject("numbers", NOUNS, read, catalogue(RECIPES, NOUNS.system), score)
