"""Texts and pronunciations of a source, which recognisers that start from it may learn language from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from components.speech.nouns import SPEECH_NOUNS
from components.speech.study import SpeechStudy
from components.study.dataset import Dataset

# what may be taken, and the settings that say the same in another way
BESIDES = {"source_text": ("grammar", "lm"), "source_pronunciations": ("lexicon",)}


def check_source_language(study: SpeechStudy) -> None:
    """Raises ValueError for language of a source that there is not, or besides another in its place."""
    for what, besides in BESIDES.items():
        others = [name for name in besides if getattr(study, name)]
        if getattr(study, what) and not study.source:
            raise ValueError(f"{what} expected a corpus to take it from, got none; add --source CORPUS.")
        if getattr(study, what) and others:
            raise ValueError(f"{what} expected no {' and no '.join(others)} besides; leave one of them out.")


def source_language(study: SpeechStudy, dataset: Dataset, trained: Path) -> dict[str, str]:
    """Study, its dataset, file of what was trained on its source -> {knob: text} of what it may take.

    lm_text: the source's training texts, one a line. lexicon: words of the dataset, pronounced as what was
    trained does where it knows them.
    """
    taken = {}
    if study.source_text:
        where = (tuple(study.source), study.source_data, dataset.facts["rate"], study.max_seconds)
        taken["lm_text"] = _training_texts(*where)
    if study.source_pronunciations:
        taken["lexicon"] = _lexicon(dataset, trained)
    return taken


def taken_from_source(study: SpeechStudy, system: Any) -> dict[str, float]:
    """Study and trained recogniser -> how much language it took from the source; {} where it took none.

    source_sentences and source_vocabulary: its training texts and their different words.
    source_pronunciations: words pronounced as there.
    """
    from components.parts import unwrapped

    knobs = {name.split("__")[-1]: value for name, value in system.get_params(deep=True).items()}
    if not study.source or not knobs.get("source"):
        return {}
    taken = {}
    if study.source_text and "lm_text" in knobs:
        sentences = knobs["lm_text"].splitlines()
        taken = {"source_sentences": len(sentences), "source_vocabulary": len(_words(sentences))}
    if study.source_pronunciations and knobs.get("lexicon"):
        own = getattr(_last_part(unwrapped(system)), "lexicon_", {})
        taken["source_pronunciations"] = len(own.keys() & _trained_lexicon(Path(knobs["source"])).keys())
    return {name: float(number) for name, number in taken.items()}


@lru_cache(maxsize=1)
def _training_texts(source: tuple[str, ...], data: str, rate: int, max_seconds: float) -> str:
    from components.speech.check.source import read_source
    from components.speech.dataset import speech_dataset
    from components.study.splits import source_fold

    study = SpeechStudy(source=list(source), source_data=data, max_seconds=max_seconds)
    dataset = speech_dataset(read_source(study, rate))
    return "\n".join(dataset.targets[row] for row in source_fold(dataset, SPEECH_NOUNS).train)


def _lexicon(dataset: Dataset, trained: Path) -> str:
    """Dataset and file of what was trained on a source -> a lexicon of its words as text; "" without any."""
    from components.speech.lexicon import pronounce
    from components.speech.lexicon_file import lexicon_text

    parts = zip(dataset.targets, dataset.parts, strict=True)
    words = sorted(_words(text for text, part in parts if part != "test"))
    before = _trained_lexicon(trained)
    known = {word: before[word] for word in words if word in before}
    return lexicon_text(pronounce(words, dataset.facts["language"]) | known) if known else ""


@lru_cache(maxsize=2)
def _trained_lexicon(file: Path) -> dict[str, Any]:
    """File of a trained recogniser -> its pronunciations; {} where it has none."""
    from components.parts import unwrapped
    from components.study.saving import load

    return getattr(_last_part(unwrapped(load(file.parent))), "lexicon_", {})


def _last_part(recogniser: Any) -> Any:
    from components.parts import pipeline_steps

    return (pipeline_steps(recogniser) or [("", recogniser)])[-1][1]


def _words(texts: Any) -> set[str]:
    return {word for text in texts for word in text.split()}
