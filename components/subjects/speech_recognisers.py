"""A recogniser's name in a study of speech -> the untrained recogniser, with all that the study tells it.

The catalogue is imported where it is needed: a study that has nothing to train never needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from components.speech.study import SpeechStudy
from components.study.dataset import Dataset
from components.study.device import device
from components.study.kept_file import file_text
from components.study.recipe import configure
from components.study.subject import asked_settings
from components.subjects.source import trained_before
from components.subjects.source_language import source_language


def build(study: SpeechStudy, dataset: Dataset, name: str, init: int = 0) -> Any:
    """A recogniser's name -> the untrained recogniser with the study's settings."""
    from components.recognisers import build as build_recogniser
    from components.recognisers import recipe

    everywhere = _everywhere(study, dataset, name, init)
    if not uses_pronunciations(recipe(name).build().get_params(deep=True)):
        del everywhere["lexicon"]
    return build_recogniser(_in_the_catalogue(study, name), asked_settings(study, name), **everywhere)


def build_without_labels(study: SpeechStudy, dataset: Dataset, name: str) -> Any | None:
    """A recogniser's name -> the one that answers in its place where nothing is labelled; None without one.

    It is told the study's language, and no setting of a training.
    """
    from components.recognisers import recipe

    made = recipe(name).without_labels
    return made and configure(name, made(), {}, _everywhere(study, dataset, name))


def _everywhere(study: SpeechStudy, dataset: Dataset, name: str, init: int = 0) -> dict[str, Any]:
    """What is set wherever a part of a recogniser has a knob of that name."""
    from components.recognisers import recipe

    language = dataset.facts["language"]
    everywhere = {"seed": init, "language": language, "device": device(study)}
    everywhere |= _language_settings(study, language)
    if recipe(name).source:
        trained = trained_before(study, recipe(name).source)
        everywhere["source"] = str(trained)
        for knob, text in source_language(study, dataset, trained).items():
            everywhere[knob] = "\n".join(filter(None, (everywhere[knob], text)))
    return everywhere


def _in_the_catalogue(study: SpeechStudy, name: str) -> str:
    """A recogniser's name in a study -> the one to build: without a variant that the study has settings for,
    and without settings.

    mel-ctc:wide:plain -> mel-ctc:plain where there are settings of mel-ctc:wide; mel-ctc:bands=30 -> mel-ctc.
    """
    from components.speech.augmentation.policy import is_augmentation

    base, *variants = name.split(":")
    if variants and f"{base}:{variants[0]}" in study.settings and not is_augmentation(variants[0]):
        variants = variants[1:]
    return ":".join([base, *(variant for variant in variants if "=" not in variant)])


def uses_pronunciations(knobs: Mapping[str, Any]) -> bool:
    """Settings of a recogniser -> whether it has pronunciations: all with phones, networks of phonemes."""
    has_lexicon = any(knob.split("__")[-1] == "lexicon" for knob in knobs)
    return has_lexicon and knobs.get("units", "phonemes") == "phonemes"


def _language_settings(study: SpeechStudy, language: str) -> dict[str, Any]:
    """What a study gives its recognisers to know of the language."""
    from components.speech.corpus.letters import in_letters_of

    return {
        "grammar": in_letters_of(study.grammar, language),
        "lexicon": file_text(study.lexicon),
        "lm_text": _sentences(file_text(study.lm_text), language),
        "lm": in_letters_of(file_text(study.lm), language),
        "lm_vocabulary": study.lm_vocabulary,
    }


@lru_cache(maxsize=1)
def _sentences(text: str, language: str) -> str:
    """Sentences as written, one a line -> as transcripts of the language are written."""
    from components.speech.corpus.transcripts import write_alike

    return "\n".join(filter(None, write_alike(text.splitlines(), language).texts)) if text else ""
