"""The tasks of a study of speech: what is asked besides the words, and where its labels are read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from components.contract import Clip
from components.errors import unknown
from components.speech.corpus import Corpus
from components.speech.lexicon_file import look_up
from components.study.task import CLASS, KINDS, NUMBER, TEXT, Label, Task

WORDS, SPEAKER, PHONES, AGE, AGE_GROUP = "words", "speaker", "phones", "age", "age_group"
GENDER, ACCENT = "gender", "accent"
USUAL_KIND = {SPEAKER: CLASS, GENDER: CLASS, ACCENT: CLASS, AGE: NUMBER, AGE_GROUP: CLASS, PHONES: TEXT}
UNITS = {AGE: "years", PHONES: "phones"}
PERMUTED = "permuted-"  # a control: labels without a meaning, as many of each as there are with one
MISSING = frozenset(("", "-", "?", "n/a", "na", "nan", "none", "null", "unk", "unknown"))
GENDERS = {"female": ("f", "female", "woman", "girl"), "male": ("m", "male", "man", "boy")}
ADULT = 16  # years, from which speechocean762's authors count adults
MOST_CLASSES = 0.2  # of the labels: where more differ it is no class


def parse_task(asked: str) -> tuple[str, str]:
    """A task as users type it, NAME or NAME:KIND -> its name and its kind, "" for the usual one.

    Raises ValueError for a kind that there is none of.
    """
    name, colon, kind = asked.partition(":")
    if not name or (colon and kind not in KINDS):
        raise ValueError(
            f"tasks expected NAME, or NAME:KIND with one of {', '.join(KINDS)}, got {asked!r}; for example "
            "gender, age or mood:class."
        )
    return name, kind


def read_tasks(corpus: Corpus, asked: Sequence[str], lexicon: str = "") -> dict[str, Task]:
    """A corpus and the tasks asked for -> these by name, words left out: they are what texts are for.

    lexicon: text of a pronunciation lexicon, for phones. Raises ValueError for a task that the corpus knows
    nothing of, or whose labels are not of its kind.
    """
    pairs = dict(map(parse_task, asked))
    pairs.pop(WORDS, None)
    return {name: _task(corpus, name, kind, lexicon) for name, kind in pairs.items()}


def _task(corpus: Corpus, name: str, kind: str, lexicon: str) -> Task:
    if name.startswith(PERMUTED):
        return _permuted(_task(corpus, name.removeprefix(PERMUTED), kind, lexicon))
    texts = _texts(corpus, name, lexicon)
    if not any(texts):
        raise unknown(f"task of {corpus.name}", name, [WORDS, *_known(corpus)])
    texts = [FORMS.get(name, str)(text) for text in texts]
    kind = kind or USUAL_KIND.get(name) or _kind_of([text for text in texts if text])
    labels = [_label(text, kind, name) for text in texts]
    return Task(name, kind, labels, UNITS.get(name, ""))


def _permuted(task: Task) -> Task:
    """A task -> its labels in another order, always the same one; who has none has none still."""
    shuffled = iter(np.random.default_rng(0).permutation(np.array(task.present, dtype=object)).tolist())
    labels = [None if label is None else next(shuffled) for label in task.labels]
    return replace(task, name=PERMUTED + task.name, labels=labels)


def _texts(corpus: Corpus, name: str, lexicon: str) -> list[str]:
    """What a corpus says of each clip under a name, "" for nothing."""
    if name == SPEAKER:
        return list(corpus.clips.speakers)
    if name == PHONES:
        return corpus.phonemes or _pronounced(corpus, lexicon)
    column = AGE if name == AGE_GROUP and not any(AGE_GROUP in row for row in corpus.labels) else name
    rows = zip(corpus.labels, corpus.clips.tags, strict=True)
    texts = [str(labels.get(column) or tags.get(column) or "").strip() for labels, tags in rows]
    return ["" if text.lower() in MISSING else text for text in texts]


def _pronounced(corpus: Corpus, lexicon: str) -> list[str]:
    """The phones of each text, each word in its first pronunciation; "" where a word has none."""
    words = {word for text in corpus.texts for word in text.split()}
    phones = {
        word: ways[0] for word, ways in look_up(sorted(words), corpus.language, lexicon).items() if ways
    }
    known = [all(word in phones for word in text.split()) for text in corpus.texts]
    return [
        " ".join(phone for word in text.split() for phone in phones[word]) if is_known else ""
        for text, is_known in zip(corpus.texts, known, strict=True)
    ]


def _known(corpus: Corpus) -> list[str]:
    """Names of the tasks that a corpus knows something of."""
    named = dict.fromkeys(name for row in (*corpus.labels, *corpus.clips.tags) for name in row)
    return [PHONES, *([SPEAKER] if any(corpus.clips.speakers) else []), *named]


def _kind_of(texts: Sequence[str]) -> str:
    """Labels -> the kind that they look like: numbers, few classes, else texts."""
    if all(_number(text) is not None for text in texts):
        return NUMBER
    return CLASS if len(set(texts)) <= max(2, MOST_CLASSES * len(texts)) else TEXT


def _label(text: str, kind: str, name: str) -> Label:
    if not text or kind != NUMBER:
        return " ".join(text.split()) or None
    if (number := _number(text)) is None:
        hint = f"; {AGE_GROUP} takes words" if name == AGE else f"; ask for {name}:class"
        raise ValueError(f"task {name!r} expected numbers, got {text!r}{hint}.")
    return number


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _gender(text: str) -> str:
    """Gender as a corpus writes it -> female, male, or as it is written: "F", "female_feminine" -> female."""
    first = text.lower().replace("-", "_").partition("_")[0]
    return next((gender for gender, ways in GENDERS.items() if first in ways), text.lower())


def _age_group(text: str) -> str:
    """Years -> child or adult; a group that a corpus names is taken as it is."""
    years = _number(text)
    if years is None:
        return text.lower()
    return "child" if years < ADULT else "adult"


FORMS: Mapping[str, Callable[[str], str]] = {GENDER: _gender, AGE_GROUP: _age_group, ACCENT: str.lower}


class WithoutLabels(Sequence[Clip]):
    """Clips -> the same without anything that could answer a task: no tags, and no speaker where that is one.

    clips: made when asked for, as of corpus.Clips.
    """

    def __init__(self, clips: Sequence[Clip], hides_speaker: bool) -> None:
        self.clips, self.hides_speaker = clips, hides_speaker

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        clip = self.clips[index]
        return replace(clip, tags={}, speaker="" if self.hides_speaker else clip.speaker)
