"""The catalogue: one function a recipe, one dict that names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.base import BaseEstimator

from components.contract import WRAPPED
from components.errors import unknown
from components.neural import (
    mel_attention,
    mel_conformer_ctc,
    mel_ctc,
    mel_ctc_phonemes,
    mel_ctc_words,
    mel_transducer,
    wave_ctc,
)
from components.speech.augmentation.augmented import Augmented
from components.speech.augmentation.kinds import kinds_of, named
from components.speech.modular.recipes import (
    mfcc_dtw,
    mfcc_gmm_hmm,
    mfcc_gmm_hmm_chosen,
    mfcc_lda_gmm_hmm,
    mfcc_mlp_hmm,
    mfcc_svm,
    mfcc_tied_gmm_hmm,
    plp_gmm_hmm,
)
from components.study.results import Family


@dataclass(frozen=True)
class Recipe:
    """How to build a recogniser, and its family.

    isolated_only: it hears single words only. usual: it is compared where a study names no recognisers.
    """

    build: Callable[[], BaseEstimator]
    family: Family
    isolated_only: bool = False
    usual: bool = True

    @property
    def summary(self) -> str:
        """The first line of the recipe's docstring."""
        return (self.build.__doc__ or "").strip().splitlines()[0]


RECOGNISERS = {
    "mfcc-svm": Recipe(mfcc_svm, "modular", isolated_only=True),
    "mfcc-dtw": Recipe(mfcc_dtw, "modular", isolated_only=True, usual=False),
    "mfcc-gmm-hmm": Recipe(mfcc_gmm_hmm, "modular"),
    "plp-gmm-hmm": Recipe(plp_gmm_hmm, "modular", usual=False),
    "mfcc-lda-gmm-hmm": Recipe(mfcc_lda_gmm_hmm, "modular", usual=False),
    "mfcc-tied-gmm-hmm": Recipe(mfcc_tied_gmm_hmm, "modular", usual=False),
    "mfcc-gmm-hmm-chosen": Recipe(mfcc_gmm_hmm_chosen, "modular", usual=False),
    "mfcc-mlp-hmm": Recipe(mfcc_mlp_hmm, "modular", usual=False),
    "mel-ctc": Recipe(mel_ctc, "end-to-end"),
    "wave-ctc": Recipe(wave_ctc, "end-to-end"),
    "mel-ctc-phonemes": Recipe(mel_ctc_phonemes, "end-to-end", usual=False),
    "mel-ctc-words": Recipe(mel_ctc_words, "end-to-end", usual=False),
    "mel-conformer-ctc": Recipe(mel_conformer_ctc, "end-to-end", usual=False),
    "mel-transducer": Recipe(mel_transducer, "end-to-end", usual=False),
    "mel-attention": Recipe(mel_attention, "end-to-end", usual=False),
}


def recipe(name: str) -> Recipe:
    """Name, with or without a variant -> recipe; ValueError with the nearest name if there is none."""
    name, _ = named(name)
    if name not in RECOGNISERS:
        raise unknown("recogniser", name, RECOGNISERS)
    return RECOGNISERS[name]


def build(name: str, settings: Mapping[str, Any] | None = None, **everywhere: Any) -> BaseEstimator:
    """Name and settings -> an untrained recogniser.

    name: from the catalogue, perhaps with ":" and how it is augmented: see speech.augmentation.kinds.
    settings: `step__knob` -> value; those of a recogniser keep their names where it is taught altered copies.
    everywhere: knobs set wherever a part has one of that name, such as seed, language and device.
    Raises ValueError naming every knob that is not there.
    """
    recogniser = _augmented(recipe(name).build(), named(name)[1])
    known = recogniser.get_params(deep=True)
    settings = {f"{WRAPPED}{k}" if f"{WRAPPED}{k}" in known else k: v for k, v in (settings or {}).items()}
    wrong = [str(unknown(f"setting of {name}", knob, known)) for knob in settings if knob not in known]
    if wrong:
        raise ValueError("\n".join(wrong))
    shared = {knob: everywhere[last] for knob in known if (last := knob.split("__")[-1]) in everywhere}
    return recogniser.set_params(**{**shared, **settings})


def _augmented(recogniser: BaseEstimator, variant: str) -> BaseEstimator:
    """A recogniser and a variant of its augmentation -> the recogniser so augmented; "" for as it is."""
    if not variant:
        return recogniser
    kinds = kinds_of(variant)
    if "augmentation" in recogniser.get_params(deep=False):
        return recogniser.set_params(augmentation=kinds)
    return Augmented(recogniser, kinds) if kinds else recogniser


def has_seed(name: str) -> bool:
    """Whether a second init seed could change the recogniser at all."""
    return any(knob.split("__")[-1] == "seed" for knob in build(name).get_params(deep=True))
