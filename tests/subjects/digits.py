"""Pictures of handwritten digits (scikit-learn's) as a subject: another study through the same flow."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_digits
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.nouns import Nouns
from components.study.recipe import Recipe
from components.study.subject import Subject, catalogue


class Projections(TransformerMixin, BaseEstimator):
    """Pictures of 64 pixels -> their 16 sums over rows and columns: features made by hand."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        pictures = np.reshape(X, (-1, 8, 8))
        return np.hstack([pictures.sum(axis=1), pictures.sum(axis=2)])


def projections_bayes():
    """Sums over rows and columns, then a normal distribution for each digit."""
    return make_pipeline(Projections(), GaussianNB())


def pixels_mlp():
    """A network from pixels to digits."""
    return MLPClassifier((32,), max_iter=60, early_stopping=False)


def read(study, progress):
    pixels, labels = load_digits(return_X_y=True)
    ids = [f"image-{i:04}" for i in range(len(labels))]
    parts = ["test" if i % 4 == 0 else "train" for i in range(len(labels))]
    fingerprint = digest([pixels.tolist(), labels.tolist()])
    facts = {"name": "digits", "fingerprint": fingerprint, "images": len(labels)}
    folder = Path(tempfile.gettempdir()) / "digits"
    no_groups = [""] * len(labels)
    return Dataset(
        list(pixels), labels.tolist(), ids, no_groups, parts, fingerprint, facts, folder, closed=True
    )


def score(ids, groups, targets, predictions):
    errors = [int(target != answer) for target, answer in zip(targets, predictions, strict=True)]
    return pd.DataFrame({"id": ids, "group": groups, "errors": errors, "total": 1, "target": targets})


RECIPES = {
    "projections-bayes": Recipe(projections_bayes, "modular"),
    "pixels-mlp": Recipe(pixels_mlp, "end-to-end"),
}
DIGITS = Subject(
    name="digits",
    nouns=Nouns(
        *("labelled images", "labelled image", "image", "images", "digit", "digits", "digits wrong"),
        *(
            "error rate",
            "errors",
            "error_rate",
            "writer",
            "writers",
            "classifier",
            "classifiers",
            "image set",
        ),
    ),
    read=read,
    recipes=catalogue(
        {
            "projections-bayes": Recipe(projections_bayes, "modular"),
            "pixels-mlp": Recipe(pixels_mlp, "end-to-end"),
        },
        "classifier",
    ),
    score=score,
)
