"""Crossover as a library: recognisers, studies and their answers, in a notebook or a script.

    import crossover

    corpus = crossover.read_corpus("fsdd")
    clips, test_clips, texts, test_texts = crossover.train_test_split(corpus, size=100)
    recogniser = crossover.build_recogniser("mfcc-gmm-hmm").fit(clips, texts)
    crossover.score(test_texts, recogniser.predict(test_clips)).rate

    study = crossover.compare(corpus="fsdd", sizes=[20, 100, 500])
    study.points       # a DataFrame; the study itself shows its page

What is named in `__all__` stays as it is; it is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from components.clip import Clip
    from components.contract import Recogniser, Stage
    from components.speech.corpus import Corpus, read_corpus
    from components.speech.scoring import Counts, word_error_rate
    from crossover.speech import (
        build_recogniser,
        load_recogniser,
        score,
        train_test_split,
        word_error_scorer,
    )
    from crossover.study import Study, answer, compare, read_study

__all__ = [
    "Clip",
    "Corpus",
    "Counts",
    "Recogniser",
    "Stage",
    "Study",
    "answer",
    "build_recogniser",
    "compare",
    "load_recogniser",
    "read_corpus",
    "read_study",
    "score",
    "train_test_split",
    "word_error_rate",
    "word_error_scorer",
]
HOMES = {
    "crossover.speech": (
        *("train_test_split", "build_recogniser", "load_recogniser", "score", "word_error_scorer"),
    ),
    "crossover.study": ("compare", "read_study", "answer", "Study"),
    "components.speech.corpus": ("read_corpus", "Corpus"),
    "components.speech.scoring": ("word_error_rate", "Counts"),
    "components.clip": ("Clip",),
    "components.contract": ("Recogniser", "Stage"),
}


def __getattr__(name: str) -> Any:
    """A name of `__all__` -> what it is, imported now: `import crossover` alone costs nothing."""
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'crossover' has no {name!r}; it has {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return __all__
