"""The catalogue: one function a recipe, one dict that names them."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sklearn.base import BaseEstimator

from components.contract import WRAPPED, LearnsTasks
from components.neural import (
    SourceNetwork,
    embedding_ctc,
    end_to_end,
    end_to_end_from_source,
    mel_attention,
    mel_conformer_ctc,
    mel_ctc,
    mel_ctc_all_layers,
    mel_ctc_apart,
    mel_ctc_apart_large,
    mel_ctc_coral,
    mel_ctc_first_layers,
    mel_ctc_last_layer,
    mel_ctc_last_then_all,
    mel_ctc_mixed,
    mel_ctc_multitask,
    mel_ctc_old_head,
    mel_ctc_phonemes,
    mel_ctc_reversal,
    mel_ctc_self_taught,
    mel_ctc_soft_sharing,
    mel_ctc_soft_sharing_large,
    mel_ctc_two_heads,
    mel_ctc_words,
    mel_transducer,
    ssl_ctc,
    wave_ctc,
)
from components.speech.augmentation.augmented import Augmented
from components.speech.augmentation.policy import parse_variant
from components.speech.modular.recipes import (
    embedding_svm,
    mel_sparse_svm,
    mfcc_bottleneck_gmm_hmm,
    mfcc_dtw,
    mfcc_gmm_hmm,
    mfcc_gmm_hmm_multitask,
    mfcc_lda_gmm_hmm,
    mfcc_map_gmm_hmm,
    mfcc_mlp_hmm,
    mfcc_phone_gmm_hmm,
    mfcc_phone_mlp_hmm,
    mfcc_svm,
    mfcc_tandem_gmm_hmm,
    mfcc_tied_gmm_hmm,
    mfcc_ubm_gmm_hmm,
    modular,
    modular_from_source,
    plp_gmm_hmm,
)
from components.speech.several_tasks import APART, APART_LARGE, MODULAR_TASKS, SOFT, SOFT_LARGE, TOGETHER
from components.speech.source_alone import SourcePhones
from components.speech.transfer import (
    ALL_LAYERS,
    BOTTLENECK,
    CORAL,
    END_TO_END,
    FIRST_LAYERS,
    LAST_LAYER,
    LAST_THEN_ALL,
    MAP,
    MIXED,
    MODULAR,
    OLD_HEAD,
    PHONE_MLP,
    REVERSAL,
    STARTS,
    TANDEM,
    TWO_HEADS,
)
from components.study.plugins import RECOGNISERS as plugin_group
from components.study.plugins import load_plugin, package_of, plugins
from components.study.recipe import Recipe, RenamedSetting, base_name, configure, find_recipe

# knob of version 0.1 -> its name now; the old one goes on working for one version
RENAMED_SETTINGS = {"pairs": "concat_pairs", "taps": "kernel_size"}

RENAMED_RECOGNISERS = {"mfcc-gmm-hmm-chosen": "modular"}

RECOGNISERS = {
    "modular": Recipe(modular, "modular"),
    "end-to-end": Recipe(end_to_end, "end-to-end"),
    "mfcc-svm": Recipe(mfcc_svm, "modular", closed_only=True, usual=False),
    "mel-sparse-svm": Recipe(mel_sparse_svm, "modular", closed_only=True, usual=False),
    "mfcc-dtw": Recipe(mfcc_dtw, "modular", closed_only=True, usual=False),
    "mfcc-gmm-hmm": Recipe(mfcc_gmm_hmm, "modular", usual=False),
    "mfcc-phone-gmm-hmm": Recipe(mfcc_phone_gmm_hmm, "modular", usual=False),
    "plp-gmm-hmm": Recipe(plp_gmm_hmm, "modular", usual=False),
    "mfcc-lda-gmm-hmm": Recipe(mfcc_lda_gmm_hmm, "modular", usual=False),
    "mfcc-tied-gmm-hmm": Recipe(mfcc_tied_gmm_hmm, "modular", usual=False),
    "mfcc-mlp-hmm": Recipe(mfcc_mlp_hmm, "modular", usual=False),
    "mfcc-ubm-gmm-hmm": Recipe(mfcc_ubm_gmm_hmm, "modular", usual=False),
    PHONE_MLP: Recipe(mfcc_phone_mlp_hmm, "modular", usual=False),
    "mel-ctc": Recipe(mel_ctc, "end-to-end", usual=False),
    "wave-ctc": Recipe(wave_ctc, "end-to-end", usual=False),
    "mel-ctc-phonemes": Recipe(mel_ctc_phonemes, "end-to-end", usual=False),
    "mel-ctc-words": Recipe(mel_ctc_words, "end-to-end", usual=False),
    "mel-ctc-self-taught": Recipe(mel_ctc_self_taught, "end-to-end", usual=False),
    "mel-conformer-ctc": Recipe(mel_conformer_ctc, "end-to-end", usual=False),
    "mel-transducer": Recipe(mel_transducer, "end-to-end", usual=False),
    "mel-attention": Recipe(mel_attention, "end-to-end", usual=False),
    APART: Recipe(mel_ctc_apart, "end-to-end", usual=False, tasks=True),
    APART_LARGE: Recipe(mel_ctc_apart_large, "end-to-end", usual=False, tasks=True),
    SOFT: Recipe(mel_ctc_soft_sharing, "end-to-end", usual=False, tasks=True),
    SOFT_LARGE: Recipe(mel_ctc_soft_sharing_large, "end-to-end", usual=False, tasks=True),
    TOGETHER: Recipe(mel_ctc_multitask, "end-to-end", usual=False, tasks=True),
    MODULAR_TASKS: Recipe(mfcc_gmm_hmm_multitask, "modular", usual=False, tasks=True),
}

# compared where a study has a source; usual: where it names no recognisers besides
STARTING = {
    MAP: Recipe(mfcc_map_gmm_hmm, "modular", without_labels=SourcePhones),
    BOTTLENECK: Recipe(mfcc_bottleneck_gmm_hmm, "modular", usual=False),
    TANDEM: Recipe(mfcc_tandem_gmm_hmm, "modular", usual=False),
    MODULAR: Recipe(
        modular_from_source,
        "modular",
        usual=False,
        without_labels=SourcePhones,
    ),
    END_TO_END: Recipe(
        end_to_end_from_source,
        "end-to-end",
        without_labels=SourceNetwork,
    ),
    LAST_LAYER: Recipe(mel_ctc_last_layer, "end-to-end"),
    LAST_THEN_ALL: Recipe(mel_ctc_last_then_all, "end-to-end"),
    ALL_LAYERS: Recipe(mel_ctc_all_layers, "end-to-end", usual=False),
    OLD_HEAD: Recipe(
        mel_ctc_old_head,
        "end-to-end",
        usual=False,
        without_labels=SourceNetwork,
    ),
    FIRST_LAYERS: Recipe(mel_ctc_first_layers, "end-to-end", usual=False),
    MIXED: Recipe(mel_ctc_mixed, "end-to-end", usual=False),
    REVERSAL: Recipe(mel_ctc_reversal, "end-to-end", usual=False),
    CORAL: Recipe(mel_ctc_coral, "end-to-end", usual=False),
    TWO_HEADS: Recipe(mel_ctc_two_heads, "end-to-end", usual=False),
}
FROM_SOURCE = {name: replace(recipe, source=STARTS[name].source) for name, recipe in STARTING.items()}
# compared where a study names them and the weights that they start from
PRETRAINED = {
    "embedding-svm": Recipe(embedding_svm, "modular", closed_only=True, usual=False),
    "embedding-ctc": Recipe(embedding_ctc, "end-to-end", usual=False),
    "ssl-ctc": Recipe(ssl_ctc, "end-to-end", usual=False),
}


def built_in() -> dict[str, Recipe]:
    """Every recogniser of this project by its name."""
    return RECOGNISERS | FROM_SOURCE | PRETRAINED


# what those from a source are compared with where a study has a source and names no recognisers
WITHOUT_SOURCE = tuple(dict.fromkeys(STARTS[name].scratch for name, one in FROM_SOURCE.items() if one.usual))


def recipe(name: str) -> Recipe:
    """Name, with or without a variant -> recipe; ValueError with the nearest name if there is none.

    Those of packages and files are compared where they are named. A name of an earlier version goes on
    working, with a warning.
    """
    if base_name(name) in RENAMED_RECOGNISERS:
        new = RENAMED_RECOGNISERS[base_name(name)]
        warnings.warn(RenamedSetting(f"{base_name(name)} is now called {new}; use that name."), stacklevel=2)
        name = new
    others = plugins(plugin_group)
    own = built_in()
    if base_name(name) in own and base_name(name) in others:
        raise ValueError(
            f"{package_of(others[base_name(name)])} expected a name that no other recogniser has, got "
            f"{base_name(name)}; rename it."
        )
    if base_name(name) in others:
        return replace(load_plugin(plugin_group, base_name(name), Recipe), usual=False)
    return find_recipe(own | dict.fromkeys(others), name, "recogniser")


def catalogue() -> dict[str, Recipe]:
    """Every recogniser by its name, those of packages last; ValueError for one that cannot be imported."""
    own = built_in()
    return own | {name: recipe(name) for name in plugins(plugin_group)}


def build(name: str, settings: Mapping[str, Any] | None = None, **everywhere: Any) -> BaseEstimator:
    """Name and settings -> an untrained recogniser.

    name: from the catalogue, perhaps with ":" and how it is augmented: see speech.augmentation.policy.
    settings: `step__knob` -> value; those of a recogniser keep their names inside its Augmented, and the
    names of version 0.1 go on working, with a warning. everywhere: knobs set wherever a part has one of that
    name, such as seed, language and device. Raises ValueError naming every knob that is not there.
    """
    recogniser = _augmented(recipe(name).build(), name.partition(":")[2])
    known = recogniser.get_params(deep=True)
    settings = {_current(name, knob, known): value for knob, value in (settings or {}).items()}
    return configure(name, recogniser, settings, everywhere)


def _current(name: str, knob: str, known: Collection[str]) -> str:
    """A setting as a user types it -> the name of the knob: inside an Augmented, and by today's name."""
    steps, _, last = knob.rpartition("__")
    new = "__".join(filter(None, (steps, RENAMED_SETTINGS.get(last, last))))
    if new != knob and new in _reachable(known) and knob not in _reachable(known):
        warnings.warn(
            RenamedSetting(f"setting {knob} of {name} is now called {new}; use that name."), stacklevel=2
        )
        knob = new
    return f"{WRAPPED}{knob}" if f"{WRAPPED}{knob}" in known else knob


def _reachable(known: Collection[str]) -> set[str]:
    """Names of knobs -> the same and those inside an Augmented without its prefix: all that may be typed."""
    return {*known, *(name.removeprefix(WRAPPED) for name in known)}


def _augmented(recogniser: BaseEstimator, variant: str) -> BaseEstimator:
    """A recogniser and a variant of its augmentation -> the recogniser so augmented; "" for as it is."""
    if not variant:
        return recogniser
    kinds = parse_variant(variant)
    for knob in ("augmentation", f"{WRAPPED}augmentation"):
        if knob in recogniser.get_params(deep=True):
            return recogniser.set_params(**{knob: kinds})
    if not kinds:
        return recogniser
    if isinstance(recogniser, LearnsTasks):  # its models of other tasks learn from the clips as they are
        return recogniser.set_params(recogniser=Augmented(recogniser.recogniser, kinds))
    return Augmented(recogniser, kinds)


def has_seed(name: str) -> bool:
    """Whether a second init seed could change the recogniser at all."""
    return any(knob.split("__")[-1] == "seed" for knob in build(name).get_params(deep=True))
