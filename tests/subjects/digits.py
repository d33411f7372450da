"""Pictures of handwritten digits (scikit-learn's) as a subject: another study through the same flow."""

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.nouns import Nouns
from components.study.recipe import Recipe
from components.study.subject import Subject, catalogue

TRAINING = ("labelled images", "labelled image")
TESTED = ("image", "images", "digit", "digits", "digits wrong", "error rate", "errors", "error_rate")
OTHERS = ("writer", "writers", "classifier", "classifiers", "image set")


def projections(pixels):
    """Pictures (pictures, 64 pixels) -> their 16 sums over rows and columns: features made by hand."""
    pictures = np.reshape(pixels, (-1, 8, 8))
    return np.hstack([pictures.sum(axis=1), pictures.sum(axis=2)])


def projections_bayes():
    """Sums over rows and columns, then a normal distribution for each digit."""
    return make_pipeline(FunctionTransformer(projections), GaussianNB())


def pixels_mlp():
    """A network from pixels to digits."""
    return MLPClassifier((32,), max_iter=60)


def read(study, progress):
    pixels, labels = load_digits(return_X_y=True)
    ids, parts = zip(
        *[(f"image-{i:04}", "train" if i % 4 else "test") for i in range(len(labels))], strict=True
    )
    facts = {"name": "digits", "fingerprint": digest([pixels.tolist(), labels.tolist()])}
    groups = [""] * len(labels)
    return Dataset(
        list(pixels), labels.tolist(), ids, groups, parts, facts["fingerprint"], facts, closed=True
    )


def score(ids, groups, targets, predictions):
    errors = np.not_equal(targets, predictions).astype(int)
    return pd.DataFrame({"id": ids, "group": groups, "errors": errors, "total": 1, "target": targets})


RECIPES = {
    "projections-bayes": Recipe(projections_bayes, "modular"),
    "pixels-mlp": Recipe(pixels_mlp, "end-to-end"),
}
NOUNS = Nouns(*TRAINING, *TESTED, *OTHERS)
DIGITS = Subject("digits", NOUNS, read, catalogue(RECIPES, NOUNS.system), score)
