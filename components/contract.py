"""What every part promises: stage, recogniser, and the hooks that a part may offer besides.

Each hook is a Protocol whose docstring states its law. tests/laws holds every part that offers a hook to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from components.clip import Clip

WRAPPED = "recogniser__"  # what the settings of a recogniser begin with in its wrapper


@runtime_checkable
class Stage(Protocol):
    """Turns each item into one item, in order: clips, frames or vectors (dims,), as its parameter is called.

    Law: neither its inputs nor the stage itself change by transform; frames and vectors come out as float32;
    an item's output depends on no other item.
    """

    def fit(self, X: Sequence[Any], y: Sequence[Any] | None = None) -> Stage: ...

    def transform(self, X: Sequence[Any]) -> list[Any]: ...


@runtime_checkable
class Recogniser(Protocol):
    """Turns each clip into one transcript, in order.

    Law: neither the clips nor the recogniser change by predict; a transcript depends on no other clip; the
    same seed gives the same answers; a second fit forgets the first; saved and loaded it answers the same.
    """

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> Recogniser: ...

    def predict(self, clips: Sequence[Clip]) -> list[str]: ...


@runtime_checkable
class LearnsTasks(Protocol):
    """A recogniser that answers further questions about a clip, the tasks of a study.

    Law: fit takes `tasks`, name -> study.tasks.Task of the training clips, as well; a clip without a label of
    one task is trained on for the others. predict_tasks gives one answer a clip, in order, under the name of
    each task that it can answer: of a class one of its training labels, of a number a finite float, of a text
    a text; an answer depends on no other clip. labels_ says how many labels each was learned from. No clip
    carries a label: neither tags nor, where speakers are a task, its speaker.
    """

    def predict_tasks(self, clips: Sequence[Clip]) -> dict[str, list[Any]]: ...


@runtime_checkable
class LearnsFromBackground(Protocol):
    """A system that learns from more than its training examples: from what has nothing of their kind in it.

    Law: where the class says `learns_from_background = True`, fit takes `background`, the items of
    Dataset.background, as well; no item of a test is among them.
    """

    learns_from_background: bool

    def fit(self, X: Sequence[Any], y: Sequence[Any], background: Sequence[Any]) -> LearnsFromBackground: ...


@runtime_checkable
class LearnsFromSource(Protocol):
    """A system that learns from the labelled examples of a source, another dataset, at the same time.

    Law: where the class says `learns_from_source = True`, fit takes `source`, its examples and targets, too,
    and learns something else without.
    """

    learns_from_source: bool


@runtime_checkable
class LearnsFromUnlabelled(Protocol):
    """A part that learns from more items of the same kind, whose texts nobody gives.

    Law: where the class says `learns_from_unlabelled = True`, fit takes `unlabelled` as well: what is left of
    the training side, and the source's, read when asked for. None is of a test; none has its text, name,
    speaker or tags.
    """

    learns_from_unlabelled: bool

    def fit(
        self, X: Sequence[Any], y: Sequence[Any], unlabelled: Sequence[Any] = ()
    ) -> LearnsFromUnlabelled: ...


@runtime_checkable
class StatelessStage(Protocol):
    """A stage of clips that learns nothing, so that its output can be computed once and shared by trials.

    Law: where the class says `stateless = True`, transform depends on the settings and the clip alone, and
    gives the same to the last bit whatever fit has seen.
    """

    stateless: bool

    def transform(self, X: Sequence[Clip]) -> list[np.ndarray]: ...


@runtime_checkable
class SharesStages(Protocol):
    """A recogniser that is no Pipeline and names its stateless stages.

    Law: `stateless_stages` is a method, needs no fit, and gives StatelessStages.
    """

    def stateless_stages(self) -> Sequence[StatelessStage]: ...


@runtime_checkable
class Wrapper(Protocol):
    """A recogniser that trains another one, `recogniser_`, from the one it is given, `recogniser`.

    Law: once trained, it predicts as `recogniser_` does.
    """

    recogniser_: Any


@runtime_checkable
class LearnsFromCopies(Protocol):
    """A part whose fit is told how many of its items, the first ones, are no altered copies (None: all).

    Law: where the class says `learns_from_copies = True`, fit takes `n_originals`; with the number of all
    items it learns what it learns without. What is chosen or counted by text is so by the originals alone.
    """

    learns_from_copies: bool

    def fit(self, X: Sequence[Any], y: Sequence[Any], n_originals: int | None = None) -> LearnsFromCopies: ...


@runtime_checkable
class Inspectable(Protocol):
    """A recogniser that shows what it made of one clip; `Pipeline`s need no such method.

    Law: the first of the at most n transcripts is the one that predict gives.
    """

    def inspect(self, clip: Clip, n: int = 10) -> Any: ...


@runtime_checkable
class LmAblation(Protocol):
    """A recogniser that also answers with less lexicon and language model than it has.

    X: what predict takes. hypotheses: what predict gave for it. Law: one text for each item under each name;
    at least one name has the hypotheses themselves.
    """

    def predict_ablated(self, X: Sequence[Any], hypotheses: Sequence[str]) -> dict[str, list[str]]: ...


@runtime_checkable
class CountsAugmentation(Protocol):
    """A trained recogniser that counts how often it took each training clip altered, on average.

    Law: `augmented_passes` is a finite number, 0 or more; 0 without augmentation.
    """

    @property
    def augmented_passes(self) -> float: ...


@runtime_checkable
class HasHistory(Protocol):
    """A trained recogniser that noted how its training went.

    Law: `history_` lists dicts by name, of plain numbers and names; with "step" a point of a curve, in order.
    """

    history_: list[dict[str, Any]]


@runtime_checkable
class KeepsOutput(Protocol):
    """A trained recogniser that keeps what the programs printed that trained it.

    Law: `output_` is a text; it stands beside the trial's results, whoever reads them.
    """

    output_: str


@runtime_checkable
class RecordsChoices(Protocol):
    """A trained part that says what it chose inside its training examples, and against what.

    Law: `choices_` is a list of study.choices.Choice; what was chosen is among what it was compared with, if
    anything was compared.
    """

    choices_: Sequence[Any]


@runtime_checkable
class KeepsSource(Protocol):
    """A trained recogniser that started from another one, whose last layer was kept aside.

    Law: `source_before_and_after` gives it as it was and with today's layers, or [] where it took nothing.
    """

    def source_before_and_after(self) -> Sequence[Recogniser]: ...


@runtime_checkable
class Framed(Protocol):
    """A stage that makes frames: one every `hop_ms` milliseconds.

    Law: a clip of t ms becomes about t / hop_ms frames, two more or fewer for the edges' frames.
    """

    hop_ms: float


@runtime_checkable
class GivesLogProbabilities(Protocol):
    """A trained recogniser that gives log-probabilities of its tokens.

    Law: float32 (rows, tokens) for each clip, within 1e-4 of what the clip gives alone, whichever clips it is
    together with, be they much longer.
    """

    def log_probabilities(self, clips: Sequence[Clip]) -> list[np.ndarray]: ...


@runtime_checkable
class ChecksSettings(Protocol):
    """A part that refuses settings out of range, before it is trained.

    Law: ValueError (errors.BadSettings names each setting) for any value of the annotated type with which
    fit could not end; the usual settings pass. It changes nothing and reads no data.
    """

    def check_settings(self) -> None: ...


@runtime_checkable
class DependsOnFiles(Protocol):
    """A part that reads data files, such as a lexicon or another model's weights.

    Law: all files that can change what it does, known from its settings before fit. Their content is in the
    fingerprint of every trial and in the key of shared features.
    """

    def depends_on(self) -> Sequence[Path]: ...


def is_learned(attribute: str) -> bool:
    """The name of an attribute -> whether fit learned it: `name_`, as scikit-learn writes it."""
    return attribute.endswith("_") and not attribute.startswith("_")
