"""Every part and every recogniser, found and never listed."""

from __future__ import annotations

import atexit
import importlib
import inspect
import pkgutil
import shutil
import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

import components
from components.laws.examples import labelled
from components.neural import FineTuned, SourceNetwork, SslCtc
from components.recognisers import FROM_SOURCE, RECOGNISERS, build
from components.speech.acoustic.adapted import AdaptedGmmHmm
from components.speech.acoustic.learned_features import LearnedFeatureGmmHmm
from components.speech.features.embedding import SpeechEmbedding
from components.speech.source_alone import SourcePhones
from components.study.saving import FILE, save
from components.toolkits.recogniser import ToolkitRecogniser
from tests.neural.pretrained.tiny import save_hugging_face
from tests.speech.features.wheel import WHEEL

SCRIPT = "components.speech.served"  # the model that MLflow runs as a script
QUICK = {"steps": 48, "channels": 48, "copies": 1}  # where a part has such a number
QUICKEST = {**QUICK, "steps": 8}
HARDLY = {**QUICK, "steps": 2}
RECIPES = {ToolkitRecogniser: str(Path(__file__).parents[1] / "toolkits" / "crossings.toml")}
SOURCES = {
    FineTuned: "mel-ctc",
    AdaptedGmmHmm: "mfcc-phone-gmm-hmm",
    LearnedFeatureGmmHmm: "mfcc-phone-mlp-hmm",
    SourcePhones: "mfcc-phone-gmm-hmm",
    SourceNetwork: "mel-ctc",
}


def walk():
    """All modules of components/."""
    for module in pkgutil.walk_packages(components.__path__, "components."):
        if module.name != SCRIPT:
            yield importlib.import_module(module.name)


def parts():
    """Dotted name -> class, of every public estimator of ours, once."""
    found = {}
    for module in walk():
        for name, kind in inspect.getmembers(module, inspect.isclass):
            ours = kind.__module__ == module.__name__ and not name.startswith("_")
            if ours and hasattr(kind, "fit") and issubclass(kind, BaseEstimator):
                found[f"{kind.__module__}.{name}"] = kind
    return found


PARTS = parts()
WITH_FILES = (SpeechEmbedding,)  # nothing without files of others; see test_embedding.py
STAGES = {name: kind for name, kind in PARTS.items() if hasattr(kind, "transform") and kind not in WITH_FILES}
CLASSIFIERS = {
    name: kind
    for name, kind in PARTS.items()
    if hasattr(kind, "predict") and "vectors" in inspect.signature(kind.predict).parameters
}


def quick(recogniser, numbers=QUICK):
    """A recogniser -> the same, small enough to be trained in a second or two."""
    params = recogniser.get_params(deep=True)
    small = {
        setting: numbers[setting.split("__")[-1]]
        for setting, value in params.items()
        if setting.split("__")[-1] in numbers and (value is None or type(value) is int)
    }
    return recogniser.set_params(**small)


def size_of(name):
    """A recogniser's name -> the numbers that make it small."""
    return QUICKEST if name in VARIANTS else QUICK


def made(name):
    """A recogniser of the catalogue, or a variant of one, small enough to be trained in a second or two."""
    name_and_settings = VARIANTS.get(name, (name,))
    return quick(build(*name_and_settings, seed=1, device="cpu"), size_of(name))


def usable(kind, numbers=QUICK):
    """A class of parts -> one of it as the catalogue uses it, else one of no arguments; untrained, small."""
    part = quick(deepcopy(_of_the_catalogue().get(kind)) or kind(), numbers)
    if kind in RECIPES:
        return part.set_params(recipe=RECIPES[kind])
    if kind is SslCtc:
        part.set_params(weights=weights())
    return part.set_params(source=source_of(kind)) if kind in SOURCES else part


@cache
def weights():
    """The folder of a network that others trained."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return save_hugging_face(folder)


@cache
def source_of(kind):
    """A class of parts that start from a source -> the file of one that was trained on the examples."""
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are not at hand here
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    recogniser = build(SOURCES[kind])
    if isinstance(recogniser, Pipeline):
        recogniser.set_params(deltas__order=1)  # as the frames of the examples
    save(quick(recogniser, HARDLY).fit(*labelled()), folder)
    return str(folder / FILE)


@cache
def _of_the_catalogue():
    """Class -> the first part of it in a recogniser of the catalogue."""
    built = [build(name, seed=1, device="cpu") for name in (*RECOGNISERS, *FROM_SOURCE)]
    parts = [part for one in built for part in [one, *one.get_params(deep=True).values()]]
    return {type(part): part for part in reversed(parts)}


def _first(family):
    return next(name for name, recipe in RECOGNISERS.items() if recipe.family == family)


def _options(recogniser):
    """Setting -> the names it may have, by its annotation."""
    hints = get_type_hints(type(recogniser).__init__)
    options = {name: [hint, *get_args(hint)] for name, hint in hints.items()}  # itself, or what it may be
    named = {name: [one for one in some if get_origin(one) is Literal] for name, some in options.items()}
    return {name: get_args(some[0]) for name, some in named.items() if some}


def variants():
    """Name -> (recogniser, settings), for every named option that no recipe of the catalogue takes.

    So every encoder, head and way of decoding is tried, a new one as soon as its annotation names it.
    """
    built = {name: build(name) for name in RECOGNISERS}
    taken = {
        (type(recogniser), setting, value)
        for recogniser in built.values()
        for setting, value in recogniser.get_params(deep=False).items()
        if isinstance(value, str)
    }
    found = {}
    for name, recogniser in built.items():
        for setting, options in _options(recogniser).items():
            for option in options:
                if (type(recogniser), setting, option) not in taken:
                    taken.add((type(recogniser), setting, option))
                    found[f"{name} {setting}={option}"] = (name, {setting: option})
    return found


VARIANTS = variants() | {"ssl-ctc": ("ssl-ctc", {"weights": weights()})}
if WHEEL.exists():
    VARIANTS |= {
        "embedding-svm": ("embedding-svm", {"embedding__weights": str(WHEEL)}),
        "embedding-ctc": ("embedding-ctc", {"weights": str(WHEEL)}),
    }
NAMES = [*RECOGNISERS, f"{_first('modular')}:augmented", f"{_first('end-to-end')}:plain"]
